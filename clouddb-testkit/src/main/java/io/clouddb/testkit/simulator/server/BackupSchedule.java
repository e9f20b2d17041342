/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import java.time.Duration;
import java.time.LocalTime;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * When an instance is backed up by itself, once a day, and for how long that is kept. A skin makes
 * one of its cloud's words for it.
 */
public final class BackupSchedule {
  private static final BackupSchedule OFF = new BackupSchedule(new Builder(null));

  private final @Nullable LocalTime start;
  private final @Nullable Duration keep;
  private final int keepCount;
  private final @Nullable Duration log;
  private final boolean atOnce;

  private BackupSchedule(Builder builder) {
    this.start = builder.start;
    this.keep = builder.keep;
    this.keepCount = builder.keepCount;
    this.log = builder.log;
    this.atOnce = builder.atOnce;
  }

  /**
   * No backups by itself, and no moments to go back to. What there is of them is deleted when an
   * instance gets this one.
   *
   * @return the schedule
   */
  public static BackupSchedule off() {
    return OFF;
  }

  /**
   * A backup each day.
   *
   * @param start when, in UTC
   * @return a builder
   */
  public static Builder daily(LocalTime start) {
    return new Builder(Objects.requireNonNull(start, "start"));
  }

  /**
   * A backup each day, of which no new one is made for now: what is there stays as long as the
   * schedule says, and there are no moments to go back to. Cloud SQL turns backups off that way.
   *
   * @return a builder
   */
  public static Builder paused() {
    return new Builder(null);
  }

  /**
   * When the day's backup begins.
   *
   * @return in UTC; empty when there is none
   */
  public Optional<LocalTime> start() {
    return Optional.ofNullable(start);
  }

  /**
   * How old a backup becomes.
   *
   * @return empty for no limit
   */
  public Optional<Duration> keep() {
    return Optional.ofNullable(keep);
  }

  /**
   * How many backups there are at most; the oldest go.
   *
   * @return empty for no limit
   */
  public OptionalInt keepCount() {
    return keepCount == 0 ? OptionalInt.empty() : OptionalInt.of(keepCount);
  }

  /**
   * How far back the moments go to which the instance can be restored.
   *
   * @return empty when it can be restored to its backups only
   */
  public Optional<Duration> pointInTime() {
    return Optional.ofNullable(log);
  }

  /** Whether a first backup is made as soon as this holds, not only at the next start. */
  boolean isAtOnce() {
    return atOnce;
  }

  /** Whether all that there is of automated backups goes. */
  boolean isOff() {
    return this == OFF;
  }

  /** Describes a schedule. */
  public static final class Builder {
    private final @Nullable LocalTime start;
    private @Nullable Duration keep;
    private int keepCount;
    private @Nullable Duration log;
    private boolean atOnce;

    private Builder(@Nullable LocalTime start) {
      this.start = start;
    }

    /**
     * Says how old a backup becomes; without limit by default.
     *
     * @param age the age, from its start
     * @return this builder
     */
    public Builder keep(Duration age) {
      this.keep = Objects.requireNonNull(age, "keep");
      return this;
    }

    /**
     * Says how many backups there are at most; without limit by default.
     *
     * @param count one at least
     * @return this builder
     */
    public Builder keepCount(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("At least one backup is kept, not " + count);
      }
      this.keepCount = count;
      return this;
    }

    /**
     * Has the log kept, so that the instance can be restored to a moment; without it only to its
     * backups.
     *
     * @param age how far back, at most; the oldest backup is where it begins in any case
     * @return this builder
     */
    public Builder pointInTime(Duration age) {
      this.log = Objects.requireNonNull(age, "pointInTime");
      return this;
    }

    /**
     * Has a first backup made at once: when the instance is there, or, of one that is, when it gets
     * this schedule and had none before. Without it the first one is made at the next start.
     *
     * @return this builder
     */
    public Builder atOnce() {
      this.atOnce = true;
      return this;
    }

    /**
     * Finishes the schedule.
     *
     * @return the schedule
     */
    public BackupSchedule build() {
      return new BackupSchedule(this);
    }
  }
}
