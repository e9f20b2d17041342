/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.ResourceId;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.operation.Operation;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.OnDrift;
import io.clouddb.plan.Specification;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Takes the resource of a spec's name, makes it at most once, or makes of it what the spec says.
 *
 * @param <S> the spec
 * @param <T> the resource as it is found
 */
public abstract class Ensured<S extends Specification, T> {
  private final S spec;
  private final OnDrift onDrift;

  /**
   * Begins.
   *
   * @param spec what it has to be; its plan has been looked at
   * @param onDrift what is done with one that is there and differs
   */
  protected Ensured(S spec, OnDrift onDrift) {
    this.spec = spec;
    this.onDrift = onDrift;
  }

  /**
   * Looks for it.
   *
   * @return what is there
   */
  protected abstract Optional<T> find();

  /**
   * Begins to make it.
   *
   * @param otherwise what is done when there is one after all
   * @return the operation
   */
  protected abstract Operation<T> create(Function<AlreadyExistsException, Operation<T>> otherwise);

  /**
   * Refuses one that is another one than the spec means.
   *
   * @param found what is there
   */
  protected abstract void requireSame(T found);

  /**
   * Compares it with the spec.
   *
   * @return what differs
   */
  protected abstract Drift drift();

  /**
   * Begins to wait until it can be used.
   *
   * @param found what is there
   * @return the operation
   */
  protected abstract Operation<T> await(T found);

  /**
   * Whether a field of it can be changed to what the spec says.
   *
   * @param found what is there
   * @param field the field
   * @return true when it can
   */
  protected abstract boolean canChange(T found, Field field);

  /**
   * Begins to change it.
   *
   * @param found what is there
   * @param drift what differs, all of which can be changed
   * @return the operation
   */
  protected abstract Operation<T> change(T found, Drift drift);

  /**
   * Names it.
   *
   * @param found what is there
   * @return its id
   */
  protected abstract ResourceId id(T found);

  /**
   * Does it.
   *
   * @return the operation, which ends when it can be used
   */
  public Operation<T> begin() {
    Optional<T> existing = find();
    if (existing.isPresent()) {
      return take(existing.get());
    }
    try {
      return create(this::taken);
    } catch (AlreadyExistsException e) {
      return taken(e);
    }
  }

  /** Somebody was faster, or the cloud did not show it yet (RDS needs some seconds). */
  private Operation<T> taken(AlreadyExistsException e) {
    return take(find().orElseThrow(() -> e));
  }

  private Operation<T> take(T found) {
    requireSame(found);
    Drift drift = onDrift == OnDrift.KEEP ? new Drift(spec.toString(), List.of()) : drift();
    if (drift.isEmpty()) {
      return await(found);
    }
    if (onDrift == OnDrift.FAIL) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED, "It is there, and not as its spec says: " + drift)
          .resource(id(found).toString())
          .nextStep(
              "Correct the spec, change it by ensure(spec, OnDrift.APPLY), or take it as it is by"
                  + " OnDrift.KEEP.")
          .toException();
    }
    requireChangeable(found, drift);
    return change(found, drift);
  }

  private void requireChangeable(T found, Drift drift) {
    List<Drift.Difference> fixed =
        drift.differences().stream().filter(each -> !canChange(found, each.field())).toList();
    if (!fixed.isEmpty()) {
      ResourceId id = id(found);
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE,
              "What differs of "
                  + id.name()
                  + " and cannot be changed: "
                  + fixed.stream()
                      .map(Drift.Difference::toString)
                      .collect(Collectors.joining("; ")))
          .resource(id.toString())
          .nextStep("Correct the spec, or make a new " + id.kind() + " and move the data.")
          .toException();
    }
  }

  /**
   * The fields that differ.
   *
   * @param drift what differs
   * @return in its order
   */
  protected static List<Field> fields(Drift drift) {
    return drift.differences().stream().map(Drift.Difference::field).toList();
  }
}
