/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import java.time.LocalTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When backups are taken and how long they are kept.
 *
 * @param enabled false when no backups are taken
 * @param start when the daily backup begins, in UTC; null when the cloud may choose
 * @param retentionDays how many days backups are kept; null for the cloud's default
 * @param pointInTime whether the instance can be restored to any moment of the retention
 */
public record BackupPolicy(
    boolean enabled,
    @Nullable LocalTime start,
    @Nullable Integer retentionDays,
    boolean pointInTime) {
  /**
   * A backup every day, at a time.
   *
   * @param startUtc when it begins, in UTC
   * @return the policy
   */
  public static BackupPolicy daily(LocalTime startUtc) {
    return new BackupPolicy(true, startUtc, null, false);
  }

  /**
   * A backup every day, at a time that the cloud chooses.
   *
   * @return the policy
   */
  public static BackupPolicy daily() {
    return new BackupPolicy(true, null, null, false);
  }

  /**
   * No backups. Refused where the cloud always takes them.
   *
   * @return the policy
   */
  public static BackupPolicy none() {
    return new BackupPolicy(false, null, null, false);
  }

  /**
   * Keeps backups for a number of days.
   *
   * @param days how many
   * @return a new value
   */
  public BackupPolicy retainDays(int days) {
    return new BackupPolicy(enabled, start, days, pointInTime);
  }

  /**
   * Lets the instance be restored to any moment of the retention.
   *
   * @return a new value
   */
  public BackupPolicy withPointInTime() {
    return new BackupPolicy(enabled, start, retentionDays, true);
  }

  /**
   * When the daily backup begins, in UTC.
   *
   * @return the time; empty when the cloud may choose
   */
  public Optional<LocalTime> startUtc() {
    return Optional.ofNullable(start);
  }

  /**
   * How many days backups are kept.
   *
   * @return the days; empty for the cloud's default
   */
  public Optional<Integer> retention() {
    return Optional.ofNullable(retentionDays);
  }
}
