/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A change of a resource that takes simulated time, from its request to its end. Azure and Google
 * show it to their callers; AWS mostly shows the resource's state only.
 */
public final class SimulatedOperation {
  private final String id;
  private final Verb verb;
  private final ResourceKey target;
  private final Instant requested;
  private final CompletableFuture<SimulatedOperation> completion = new CompletableFuture<>();
  private volatile @Nullable Outcome outcome;

  private record Outcome(Instant at, @Nullable SimulatorException failure) {}

  SimulatedOperation(String id, Verb verb, ResourceKey target, Instant requested) {
    this.id = id;
    this.verb = verb;
    this.target = target;
    this.requested = requested;
  }

  /**
   * Ends it.
   *
   * @param at when, in simulated time
   * @param failure why it failed; null when it did not
   */
  public void end(Instant at, @Nullable SimulatorException failure) {
    outcome = new Outcome(at, failure);
    completion.complete(this);
  }

  /**
   * The operation's id, unique in its cloud.
   *
   * @return the id
   */
  public String id() {
    return id;
  }

  /**
   * What it does.
   *
   * @return the verb
   */
  public Verb verb() {
    return verb;
  }

  /**
   * The resource that it changes.
   *
   * @return its key
   */
  public ResourceKey target() {
    return target;
  }

  /**
   * When it was asked for.
   *
   * @return simulated time
   */
  public Instant requested() {
    return requested;
  }

  /**
   * When it ended, well or not.
   *
   * @return simulated time, empty while it goes on
   */
  public Optional<Instant> ended() {
    return Optional.ofNullable(outcome).map(Outcome::at);
  }

  /**
   * Why it failed.
   *
   * @return empty while it goes on and when it succeeded
   */
  public Optional<SimulatorException> failure() {
    return Optional.ofNullable(outcome).flatMap(end -> Optional.ofNullable(end.failure()));
  }

  /**
   * Tells whether it goes on.
   *
   * @return false when it has ended, well or not
   */
  public boolean isRunning() {
    return outcome == null;
  }

  /**
   * Ends when the operation ends, well or not. For tests with a clock that runs by itself.
   *
   * @return a future of this operation, which never fails
   */
  public CompletableFuture<SimulatedOperation> completion() {
    return completion.copy();
  }

  @Override
  public String toString() {
    return verb + " " + target + " (" + id + (isRunning() ? ", running)" : ", ended)");
  }
}
