/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A change of an instance that takes simulated time, from its request to its end. Azure and Google
 * show it to their callers; RDS shows the instance's state only.
 */
public final class SimulatedOperation {
  /** What an operation does. */
  public enum Kind {
    /** Makes an instance. */
    CREATE,
    /** Changes one. */
    MODIFY,
    /** Restarts its database. */
    REBOOT,
    /** Stops its database. */
    STOP,
    /** Starts its database. */
    START,
    /** Deletes it. */
    DELETE
  }

  private final String id;
  private final Kind kind;
  private final ResourceKey target;
  private final Instant requested;
  private final CompletableFuture<SimulatedOperation> completion = new CompletableFuture<>();
  private volatile @Nullable Outcome outcome;

  private record Outcome(Instant at, @Nullable SimulatorException failure) {}

  SimulatedOperation(String id, Kind kind, ResourceKey target, Instant requested) {
    this.id = id;
    this.kind = kind;
    this.target = target;
    this.requested = requested;
  }

  void end(Instant at, @Nullable SimulatorException failure) {
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
   * @return its kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The instance that it changes.
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
    return kind + " " + target + " (" + id + (isRunning() ? ", running)" : ", ended)");
  }
}
