/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.internal.json.Part;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** When backups are taken, how long they are kept, and where. Immutable. */
public final class BackupPolicy {
  private final boolean enabled;
  private final @Nullable LocalTime start;
  private final @Nullable Duration length;
  private final @Nullable Integer retentionDays;
  private final boolean pointInTime;
  private final @Nullable Integer logRetentionDays;
  private final @Nullable String location;
  private final @Nullable Boolean geoRedundant;
  private final boolean discarding;

  private BackupPolicy(
      @Part("enabled") boolean enabled,
      @Part("start") @Nullable LocalTime start,
      @Part("length") @Nullable Duration length,
      @Part("retentionDays") @Nullable Integer retentionDays,
      @Part("pointInTime") boolean pointInTime,
      @Part("logRetentionDays") @Nullable Integer logRetentionDays,
      @Part("location") @Nullable String location,
      @Part("geoRedundant") @Nullable Boolean geoRedundant,
      @Part("discarding") @Nullable Boolean discarding) {
    this.enabled = enabled;
    this.start = start;
    this.length = length;
    this.retentionDays = retentionDays;
    this.pointInTime = pointInTime;
    this.logRetentionDays = logRetentionDays;
    this.location = location;
    this.geoRedundant = geoRedundant;
    this.discarding = Boolean.TRUE.equals(discarding);
  }

  /** The parts of a policy, while another one is made of it. */
  private static final class Parts {
    private @Nullable Duration length;
    private @Nullable Integer retentionDays;
    private boolean pointInTime;
    private @Nullable Integer logRetentionDays;
    private @Nullable String location;
    private @Nullable Boolean geoRedundant;
    private boolean discarding;
  }

  private BackupPolicy with(Consumer<Parts> change) {
    Parts parts = new Parts();
    parts.length = length;
    parts.retentionDays = retentionDays;
    parts.pointInTime = pointInTime;
    parts.logRetentionDays = logRetentionDays;
    parts.location = location;
    parts.geoRedundant = geoRedundant;
    parts.discarding = discarding;
    change.accept(parts);
    return new BackupPolicy(
        enabled,
        start,
        parts.length,
        parts.retentionDays,
        parts.pointInTime,
        parts.logRetentionDays,
        parts.location,
        parts.geoRedundant,
        parts.discarding);
  }

  private static BackupPolicy policy(boolean enabled, @Nullable LocalTime start) {
    return new BackupPolicy(enabled, start, null, null, false, null, null, null, false);
  }

  /**
   * A backup every day, at a time.
   *
   * @param startUtc when it begins, in UTC
   * @return the policy
   */
  public static BackupPolicy daily(LocalTime startUtc) {
    return policy(true, startUtc);
  }

  /**
   * A backup every day, at a time that the cloud chooses.
   *
   * @return the policy
   */
  public static BackupPolicy daily() {
    return policy(true, null);
  }

  /**
   * No backups. Refused where the cloud always takes them.
   *
   * @return the policy
   */
  public static BackupPolicy none() {
    return policy(false, null);
  }

  /**
   * With a window of this length, which needs a start.
   *
   * @param window how long after the start a backup may begin
   * @return a new value
   */
  public BackupPolicy lasting(Duration window) {
    return with(parts -> parts.length = window);
  }

  /**
   * Keeps backups for a number of days.
   *
   * @param days how many
   * @return a new value
   */
  public BackupPolicy retainDays(int days) {
    return with(parts -> parts.retentionDays = days);
  }

  /**
   * Lets the instance be restored to any moment of the retention.
   *
   * @return a new value
   */
  public BackupPolicy withPointInTime() {
    return with(parts -> parts.pointInTime = true);
  }

  /**
   * Keeps the log, by which an instance is restored to any moment, for a number of days, where that
   * is another number than that of the backups.
   *
   * @param days how many
   * @return a new value
   */
  public BackupPolicy retainLogDays(int days) {
    return with(parts -> parts.logRetentionDays = days);
  }

  /**
   * Stores backups in a place.
   *
   * @param place the vendor's name of a region or of a group of regions
   * @return a new value
   */
  public BackupPolicy storedIn(String place) {
    return with(parts -> parts.location = Objects.requireNonNull(place, "place"));
  }

  /**
   * Stores backups in the cloud's paired region, too, or only in the instance's.
   *
   * @param value true for both
   * @return a new value
   */
  public BackupPolicy geoRedundant(boolean value) {
    return with(parts -> parts.geoRedundant = value);
  }

  /**
   * Consents to a change by which the cloud deletes backups that there are, or moments to which the
   * instance can be restored. Without it such a change is refused, and nothing has happened then.
   *
   * @return a new value
   */
  public BackupPolicy discarding() {
    return with(parts -> parts.discarding = true);
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

  /**
   * How many days the log is kept, by which an instance is restored to any moment.
   *
   * @return the days; empty for the cloud's default
   */
  public Optional<Integer> logRetentionDays() {
    return Optional.ofNullable(logRetentionDays);
  }

  /**
   * Where backups are stored.
   *
   * @return the vendor's name of the place; empty for the cloud's default
   */
  public Optional<String> location() {
    return Optional.ofNullable(location);
  }

  /**
   * Whether backups are stored in the cloud's paired region, too.
   *
   * @return empty for the cloud's default
   */
  public Optional<Boolean> geoRedundant() {
    return Optional.ofNullable(geoRedundant);
  }

  /**
   * Whether a change may delete backups that there are.
   *
   * @return true when the caller consents
   */
  public boolean isDiscarding() {
    return discarding;
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {
      enabled,
      start,
      length,
      retentionDays,
      pointInTime,
      logRetentionDays,
      location,
      geoRedundant,
      discarding
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BackupPolicy that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  /** What is set, by its name. */
  @Override
  public String toString() {
    Map<String, @Nullable Object> set = new LinkedHashMap<>();
    set.put("start", start);
    set.put("length", length);
    set.put("retentionDays", retentionDays);
    set.put("pointInTime", pointInTime ? true : null);
    set.put("logRetentionDays", logRetentionDays);
    set.put("location", location);
    set.put("geoRedundant", geoRedundant);
    set.put("discarding", discarding ? true : null);
    set.values().removeIf(Objects::isNull);
    return "BackupPolicy " + (enabled ? "daily" : "none") + (set.isEmpty() ? "" : " " + set);
  }
}
