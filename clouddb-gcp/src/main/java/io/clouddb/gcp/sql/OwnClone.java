/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Operation;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.PermissionException;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells whether a clone is the one that an operation has asked for. Its request has no place for
 * the operation's id, and nothing tells of which moment a clone is. So the service's list of
 * operations has to have one clone of that name since this operation began, and no other. The list
 * is held against what it had before by the service's own times, so that no two clocks are
 * compared.
 */
final class OwnClone {
  private static final List<String> TYPES = List.of("CLONE", "CREATE_CLONE");

  /** Value: when the newest clone of that name was asked for before; none where none was. */
  private static final String BEFORE = "cloned-before";

  private final SqlAdminCalls calls;

  OwnClone(SqlAdminCalls calls) {
    this.calls = calls;
  }

  /** The types of the service's operations that make one. */
  static List<String> types() {
    return TYPES;
  }

  /** The state that knows which clones of that name there have been, before anything is sent. */
  OperationState noted(StepContext context) {
    Optional<Instant> newest;
    try {
      newest = clones(context.name()).map(OwnClone::time).max(Comparator.naturalOrder());
    } catch (NotFoundException | PermissionException e) {
      // The name is nobody's: the service may answer so for what never was.
      newest = Optional.empty();
    }
    return newest
        .map(time -> context.state().with(BEFORE, time.toString()))
        .orElse(context.state());
  }

  /** Whether nobody but this operation can have made the clone that is there. */
  boolean isOwn(StepContext context) {
    List<Operation> all = since(context);
    Optional<String> handle = context.handle();
    if (handle.isEmpty()) {
      return all.size() == 1;
    }
    Instant own =
        all.stream()
            .filter(operation -> handle.get().equals(operation.getName()))
            .map(OwnClone::time)
            .findFirst()
            .orElse(Instant.MIN);
    return all.stream()
        .allMatch(
            operation -> handle.get().equals(operation.getName()) || time(operation).isBefore(own));
  }

  /** Whether the service may still list the operation that made it. */
  boolean mayShow(StepContext context) {
    return since(context).isEmpty()
        && Stream.concat(context.state().since().stream(), context.state().asked().stream())
            // A request may have waited long for its turn.
            .max(Comparator.naturalOrder())
            .filter(last -> context.isWithin(OwnOperation.UNSEEN_LIMIT, last))
            .isPresent();
  }

  private List<Operation> since(StepContext context) {
    Instant before = context.value(BEFORE).map(Instant::parse).orElse(Instant.MIN);
    return clones(context.name()).filter(operation -> time(operation).isAfter(before)).toList();
  }

  private Stream<Operation> clones(String name) {
    return calls.operations(name).stream()
        .filter(operation -> TYPES.contains(operation.getOperationType()));
  }

  /** One whose time nobody can read is later than all, so that it is never left out. */
  private static Instant time(Operation operation) {
    return Objects.requireNonNullElse(BackupReader.time(operation.getInsertTime()), Instant.MAX);
  }

  /** The refusal of a clone that may be this operation's own, and may be another one's. */
  CloudDbException doubtful(StepContext context) {
    String source = context.specification(RestoreSpec.class).source().name();
    int clones = since(context).size();
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "There is a clone "
                + context.name()
                + " of "
                + source
                + ", and whether it is of "
                + context.value(CloneRequest.MOMENT).orElse("the moment that was asked for")
                + " cannot be told: nothing tells the moment of a clone, and Cloud SQL lists "
                + (clones == 0 ? "no clone" : clones + " clones")
                + " of that name since this operation began, where one would be its own")
        .resource(context.resource().toString())
        .leftBehind(
            "the instance "
                + context.name()
                + ", which is another one's, or costs money until it is deleted")
        .nextStep(
            "Ask who else has cloned "
                + source
                + ", and look at its data. Then restore to another name; or delete "
                + context.name()
                + " where it is nobody's, and restore again.")
        .toException();
  }
}
