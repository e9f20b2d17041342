/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.Objects;

/**
 * The hour of the week in which the cloud may restart the instance for maintenance.
 *
 * @param day the day, in UTC
 * @param start when the hour begins, in UTC
 */
public record MaintenanceWindow(DayOfWeek day, LocalTime start) {
  /** Refuses what is missing. */
  public MaintenanceWindow {
    Objects.requireNonNull(day, "day");
    Objects.requireNonNull(start, "start");
  }

  /**
   * One hour a week.
   *
   * @param day the day, in UTC
   * @param start when the hour begins, in UTC
   * @return the window
   */
  public static MaintenanceWindow weekly(DayOfWeek day, LocalTime start) {
    return new MaintenanceWindow(day, start);
  }
}
