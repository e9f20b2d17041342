/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.ResourceId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** To which moments an instance or a table can be restored, as its cloud says now. Immutable. */
public final class RestorableWindow {
  private final ResourceId instance;
  private final @Nullable Instant earliest;
  private final @Nullable Instant latest;
  private final boolean instanceDeleted;

  /**
   * A window. Called by providers.
   *
   * @param instance the instance, or the table
   * @param earliest the first moment; null when there is none yet, or the cloud does not tell
   * @param latest the last moment; null when there is none yet, or the cloud does not tell
   * @param instanceDeleted whether the instance is gone, and only what it left can be restored
   */
  public RestorableWindow(
      ResourceId instance,
      @Nullable Instant earliest,
      @Nullable Instant latest,
      boolean instanceDeleted) {
    this.instance = Objects.requireNonNull(instance, "instance");
    this.earliest = earliest;
    this.latest = latest;
    this.instanceDeleted = instanceDeleted;
  }

  /**
   * Whose moments they are.
   *
   * @return the id of the instance, or of the table
   */
  public ResourceId instance() {
    return instance;
  }

  /**
   * The first moment.
   *
   * @return the time; empty when there is none yet, or the cloud does not tell
   */
  public Optional<Instant> earliest() {
    return Optional.ofNullable(earliest);
  }

  /**
   * The last moment, which is some minutes ago on most clouds; on Azure, which tells none, the time
   * of this machine's clock.
   *
   * @return the time; empty when there is none yet, or the cloud does not tell
   */
  public Optional<Instant> latest() {
    return Optional.ofNullable(latest);
  }

  /**
   * Whether the instance is gone, and only what it left can be restored.
   *
   * @return true when it is
   */
  public boolean instanceDeleted() {
    return instanceDeleted;
  }

  /**
   * Tells whether a moment is in the window, as far as the cloud tells its ends.
   *
   * @param moment the moment
   * @return false when it is before the first or after the last, or neither is known: there may be
   *     none at all
   */
  public boolean contains(Instant moment) {
    return (earliest != null || latest != null)
        && (earliest == null || !moment.isBefore(earliest))
        && (latest == null || !moment.isAfter(latest));
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {instance, earliest, latest, instanceDeleted};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RestorableWindow that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "RestorableWindow of "
        + instance.name()
        + " from "
        + earliest().map(Instant::toString).orElse("unknown")
        + " to "
        + latest().map(Instant::toString).orElse("unknown")
        + (instanceDeleted ? ", which was deleted" : "");
  }
}
