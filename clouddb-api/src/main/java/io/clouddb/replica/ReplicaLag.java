/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.replica;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a replica is behind, as the replica itself knows it. It knows what it has received, and
 * nothing of what its source has written since: a replica that was cut off has replayed all that it
 * received, too. That nothing is missing is known only when writing was stopped and the source's
 * position compared. Immutable.
 */
public final class ReplicaLag {
  private final Instant measured;
  private final @Nullable Instant lastReplayed;
  private final boolean replayedAll;

  /**
   * What was measured.
   *
   * @param measured when, by the replica's clock
   * @param lastReplayed when the last transaction that it has replayed was committed at its source,
   *     null when it has replayed none since it started
   * @param replayedAll whether it has replayed all that it has received
   */
  public ReplicaLag(Instant measured, @Nullable Instant lastReplayed, boolean replayedAll) {
    this.measured = Objects.requireNonNull(measured, "measured");
    this.lastReplayed = lastReplayed;
    this.replayedAll = replayedAll;
  }

  /**
   * When it was measured, by the replica's clock.
   *
   * @return a time
   */
  public Instant measured() {
    return measured;
  }

  /**
   * When the last transaction that it has replayed was committed at its source.
   *
   * @return a time; empty when it has replayed none since it started
   */
  public Optional<Instant> lastReplayed() {
    return Optional.ofNullable(lastReplayed);
  }

  /**
   * Whether it has replayed all that it has received.
   *
   * @return true when it has
   */
  public boolean replayedAll() {
    return replayedAll;
  }

  /**
   * How old the newest transaction is that it has. Grows while the source is idle, too.
   *
   * @return the age; empty when it has replayed none since it started
   */
  public Optional<Duration> age() {
    return lastReplayed().map(time -> Duration.between(time, measured));
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {measured, lastReplayed, replayedAll};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ReplicaLag that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "ReplicaLag" + Arrays.toString(parts());
  }
}
