/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The part of the week in which the cloud may restart the instance for maintenance. Immutable. */
public final class MaintenanceWindow {
  private final DayOfWeek day;
  private final LocalTime start;
  private final @Nullable Duration length;

  private MaintenanceWindow(DayOfWeek day, LocalTime start, @Nullable Duration length) {
    this.day = Objects.requireNonNull(day, "day");
    this.start = Objects.requireNonNull(start, "start");
    this.length = length;
  }

  /**
   * A window every week, as long as the service's own.
   *
   * @param day the day, in UTC
   * @param start when it begins, in UTC
   * @return the window
   */
  public static MaintenanceWindow weekly(DayOfWeek day, LocalTime start) {
    return new MaintenanceWindow(day, start, null);
  }

  /**
   * With this length.
   *
   * @param window how long it is
   * @return a new value
   */
  public MaintenanceWindow lasting(Duration window) {
    return new MaintenanceWindow(day, start, window);
  }

  /**
   * The day on which it begins, in UTC.
   *
   * @return the day
   */
  public DayOfWeek day() {
    return day;
  }

  /**
   * When it begins, in UTC.
   *
   * @return the time
   */
  public LocalTime start() {
    return start;
  }

  /**
   * How long it is.
   *
   * @return the length; empty for the service's own
   */
  public Optional<Duration> length() {
    return Optional.ofNullable(length);
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {day, start, length};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MaintenanceWindow that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "MaintenanceWindow" + Arrays.toString(parts());
  }
}
