/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import java.time.Duration;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When backups are taken and how long they are kept. Immutable. */
public final class BackupPolicy {
  private final boolean enabled;
  private final @Nullable LocalTime start;
  private final @Nullable Duration length;
  private final @Nullable Integer retentionDays;
  private final boolean pointInTime;

  private BackupPolicy(
      boolean enabled,
      @Nullable LocalTime start,
      @Nullable Duration length,
      @Nullable Integer retentionDays,
      boolean pointInTime) {
    this.enabled = enabled;
    this.start = start;
    this.length = length;
    this.retentionDays = retentionDays;
    this.pointInTime = pointInTime;
  }

  /**
   * A backup every day, at a time.
   *
   * @param startUtc when it begins, in UTC
   * @return the policy
   */
  public static BackupPolicy daily(LocalTime startUtc) {
    return new BackupPolicy(true, startUtc, null, null, false);
  }

  /**
   * A backup every day, at a time that the cloud chooses.
   *
   * @return the policy
   */
  public static BackupPolicy daily() {
    return new BackupPolicy(true, null, null, null, false);
  }

  /**
   * No backups. Refused where the cloud always takes them.
   *
   * @return the policy
   */
  public static BackupPolicy none() {
    return new BackupPolicy(false, null, null, null, false);
  }

  /**
   * With a window of this length, which needs a start.
   *
   * @param window how long after the start a backup may begin
   * @return a new value
   */
  public BackupPolicy lasting(Duration window) {
    return new BackupPolicy(enabled, start, window, retentionDays, pointInTime);
  }

  /**
   * Keeps backups for a number of days.
   *
   * @param days how many
   * @return a new value
   */
  public BackupPolicy retainDays(int days) {
    return new BackupPolicy(enabled, start, length, days, pointInTime);
  }

  /**
   * Lets the instance be restored to any moment of the retention.
   *
   * @return a new value
   */
  public BackupPolicy withPointInTime() {
    return new BackupPolicy(enabled, start, length, retentionDays, true);
  }

  /**
   * Whether backups are taken.
   *
   * @return false when they are off
   */
  public boolean enabled() {
    return enabled;
  }

  /**
   * When the daily backup may begin, in UTC.
   *
   * @return the time; empty when the cloud may choose
   */
  public Optional<LocalTime> start() {
    return Optional.ofNullable(start);
  }

  /**
   * How long the window is in which the daily backup may begin.
   *
   * @return the length; empty for the service's own
   */
  public Optional<Duration> length() {
    return Optional.ofNullable(length);
  }

  /**
   * How many days backups are kept.
   *
   * @return the days; empty for the cloud's default
   */
  public Optional<Integer> retentionDays() {
    return Optional.ofNullable(retentionDays);
  }

  /**
   * Whether the instance can be restored to any moment of the retention.
   *
   * @return true when it can
   */
  public boolean pointInTime() {
    return pointInTime;
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {enabled, start, length, retentionDays, pointInTime};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BackupPolicy that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "BackupPolicy" + Arrays.toString(parts());
  }
}
