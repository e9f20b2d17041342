/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Specification;
import io.clouddb.spi.OperationState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a driver does one kind of operation: what it checks first, its steps in their order, and what
 * comes of them.
 *
 * @param <T> what comes of it
 */
public final class Workflow<T> {
  private final OperationKind<T> kind;
  private final @Nullable Class<? extends Specification> specification;
  private final Set<Class<?>> customizable;
  private final Function<StepContext, OperationState> prepare;
  private final List<StepAction> steps;
  private final Function<StepContext, T> result;
  private final boolean creates;
  private final boolean undoes;

  private Workflow(Builder<T> builder, Function<StepContext, T> result) {
    this.kind = builder.kind;
    this.specification = builder.specification;
    this.customizable = Set.copyOf(builder.customizable);
    this.prepare = builder.prepare;
    this.steps = List.copyOf(builder.steps);
    this.result = result;
    this.creates = builder.creates;
    this.undoes = builder.undoes;
  }

  /**
   * Starts a workflow.
   *
   * @param kind what it does
   * @param <T> what comes of it
   * @return a builder
   */
  public static <T> Builder<T> of(OperationKind<T> kind) {
    return new Builder<>(kind);
  }

  /**
   * What it does.
   *
   * @return the kind
   */
  public OperationKind<T> kind() {
    return kind;
  }

  /**
   * The class of what is asked for.
   *
   * @return the class; empty where the kind needs nothing more than the resource
   */
  public Optional<Class<? extends Specification>> specification() {
    return Optional.ofNullable(specification);
  }

  /**
   * The vendor's requests that the caller can customize here.
   *
   * @return the classes
   */
  public Set<Class<?>> customizable() {
    return customizable;
  }

  /**
   * Whether it makes something new, whose parts are removed or named when it fails.
   *
   * @return true when it does
   */
  public boolean creates() {
    return creates;
  }

  /**
   * Whether what its steps made is removed or named when it fails.
   *
   * @return true for what creates, and for other kinds that say so
   */
  public boolean undoes() {
    return undoes;
  }

  /**
   * What it does, one after the other. A token says by a step's name where its operation is: what
   * is before that name is done, so that a step which moves gets another one.
   *
   * @return the steps in their order
   */
  public List<StepAction> steps() {
    return steps;
  }

  /**
   * Checks what only a look can tell, and changes nothing.
   *
   * @param context the operation, before its first step
   * @return the state to begin with, with what was noted; without literal secrets where no step
   *     needs them
   * @throws io.clouddb.error.CloudDbException when it cannot be done
   */
  public OperationState prepare(StepContext context) {
    return withoutNeedless(steps, context.with(prepare.apply(context)));
  }

  /** Literal secrets are dropped once no step to come needs them, so that there is a token. */
  static OperationState withoutNeedless(List<StepAction> toCome, StepContext context) {
    OperationState state = context.state();
    return toCome.stream().anyMatch(step -> step.applies(context) && step.needsSecret(context))
        ? state
        : state.specification().map(asked -> state.asking(asked.withoutSecrets())).orElse(state);
  }

  T result(StepContext context) {
    return result.apply(context);
  }

  /**
   * Builds a {@link Workflow}.
   *
   * @param <T> what comes of it
   */
  public static final class Builder<T> {
    private final OperationKind<T> kind;
    private @Nullable Class<? extends Specification> specification;
    private final Set<Class<?>> customizable = new HashSet<>();
    private Function<StepContext, OperationState> prepare = StepContext::state;
    private final List<StepAction> steps = new ArrayList<>();
    private boolean creates;
    private boolean undoes;

    private Builder(OperationKind<T> kind) {
      this.kind = Objects.requireNonNull(kind, "kind");
    }

    /**
     * Sets the class of what is asked for.
     *
     * @param type a value that can be written as JSON
     * @return this builder
     */
    public Builder<T> specification(Class<? extends Specification> type) {
      this.specification = type;
      return this;
    }

    /**
     * Sets which of the vendor's requests the caller can customize.
     *
     * @param types the classes
     * @return this builder
     */
    public Builder<T> customizable(Collection<Class<?>> types) {
      customizable.addAll(types);
      return this;
    }

    /**
     * Sets what is checked before the first step.
     *
     * @param check looks, changes nothing, and gives the state to begin with
     * @return this builder
     */
    public Builder<T> prepare(Function<StepContext, OperationState> check) {
      this.prepare = check;
      return this;
    }

    /**
     * Says that it makes something new: when it fails, what its steps made is removed, or named.
     *
     * @return this builder
     */
    public Builder<T> creates() {
      this.creates = true;
      this.undoes = true;
      return this;
    }

    /**
     * Says that it makes nothing new itself, and yet removes or names what its steps made when it
     * fails: a change that needs a resource beside the one that it changes, for example.
     *
     * @return this builder
     */
    public Builder<T> undoes() {
      this.undoes = true;
      return this;
    }

    /**
     * Adds a step.
     *
     * @param step comes after those that were added before
     * @return this builder
     * @throws IllegalArgumentException when another step has its name, or the name has a slash,
     *     behind which the state holds a step's item
     */
    public Builder<T> step(StepAction step) {
      if (step.name().isEmpty() || step.name().contains("/")) {
        throw new IllegalArgumentException(
            kind + " has a step whose name is empty or has a '/': '" + step.name() + "'");
      }
      if (steps.stream().anyMatch(other -> other.name().equals(step.name()))) {
        throw new IllegalArgumentException(kind + " has two steps named " + step.name());
      }
      steps.add(step);
      return this;
    }

    /**
     * Finishes the workflow.
     *
     * @param result reads what came of it, after the last step
     * @return the workflow
     */
    public Workflow<T> result(Function<StepContext, T> result) {
      return new Workflow<>(this, result);
    }
  }
}
