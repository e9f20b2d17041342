/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import java.time.Duration;

/**
 * How much simulated time the changes of an instance take, at least: starting a real database takes
 * a fraction of a real second more.
 *
 * @param create from the request to a running database
 * @param firstBackup how long the instance is {@link InstanceState#BACKING_UP} after that, as on
 *     RDS; zero for not at all
 * @param modify from the request to its effect
 * @param reboot the time until it is available again
 * @param stop the time until it is stopped
 * @param start the time until it is available
 * @param delete the time until it is gone
 * @param promote from the request to a replica that has taken over
 * @param backup from the request to a backup, or a copy of one, that is there
 * @param restore from the request to an instance that runs with what was restored
 */
public record Timings(
    Duration create,
    Duration firstBackup,
    Duration modify,
    Duration reboot,
    Duration stop,
    Duration start,
    Duration delete,
    Duration promote,
    Duration backup,
    Duration restore) {
  /** About as long as the real clouds take. */
  public static final Timings USUAL =
      new Timings(
          Duration.ofMinutes(5),
          Duration.ZERO,
          Duration.ofMinutes(2),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(2),
          Duration.ofMinutes(2),
          Duration.ofMinutes(2),
          Duration.ofMinutes(3),
          Duration.ofMinutes(10));

  /** All at once, but for the real databases. */
  public static final Timings NONE =
      new Timings(
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO);

  /**
   * The same, with a first backup after each creation.
   *
   * @param duration how long it takes
   * @return new timings
   */
  public Timings withFirstBackup(Duration duration) {
    return new Timings(
        create, duration, modify, reboot, stop, start, delete, promote, backup, restore);
  }
}
