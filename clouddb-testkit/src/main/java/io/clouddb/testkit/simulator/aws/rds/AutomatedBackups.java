/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.server.BackupSchedule;
import io.clouddb.testkit.simulator.server.InstanceBackups;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What RDS backs up by itself, by the members {@code BackupRetentionPeriod} and {@code
 * PreferredBackupWindow} of an instance.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html">
 *     Introduction to backups</a>
 */
final class AutomatedBackups {
  /** "RDS uploads transaction logs for DB instances to Amazon S3 every five minutes." */
  private static final Duration UPLOAD = Duration.ofMinutes(5);

  /** {@code Map<String, String>}: the tags of an instance's automated backups. */
  static final String TAGS = "automated-backup-tags";

  private AutomatedBackups() {}

  /** Has an instance be backed up as its members say now. */
  static void schedule(RdsState state, SimulatedInstance instance) {
    state.servers().backups().schedule(instance.key(), schedule(instance));
  }

  /** Has them be kept in another region, too, for days of its own. */
  static InstanceBackups replicate(RdsState state, SimulatedInstance instance, int days) {
    return state
        .servers()
        .backups()
        .replicate(instance.key(), daily(instance, days), Duration.ofDays(days));
  }

  private static BackupSchedule schedule(SimulatedInstance instance) {
    int days = retention(instance);
    return days == 0 || instance.source().isPresent()
        ? BackupSchedule.off()
        : daily(instance, days);
  }

  private static BackupSchedule daily(SimulatedInstance instance, int days) {
    String window = instance.attribute(Members.BACKUP_WINDOW, String.class).orElseThrow();
    Duration kept = Duration.ofDays(days);
    return BackupSchedule.daily(LocalTime.ofSecondOfDay(TimeWindow.backup(window).start() * 60L))
        .keep(kept)
        .pointInTime(kept)
        .atOnce()
        .build();
  }

  static int retention(SimulatedInstance instance) {
    return instance.attribute(Members.RETENTION, Integer.class).orElse(0);
  }

  /**
   * The moments that RDS tells, and takes: in milliseconds, within those that there are.
   *
   * @return empty until the first automated snapshot is there
   */
  static Optional<InstanceBackups.Window> window(InstanceBackups backups, Instant now) {
    return backups
        .window()
        .filter(window -> !notBefore(window.earliest()).isAfter(window.latest()))
        .map(
            window -> {
              Instant earliest = notBefore(window.earliest());
              Instant uploaded = notAfter(now.minus(UPLOAD));
              boolean late = backups.deleted().isEmpty() && uploaded.isBefore(window.latest());
              Instant latest =
                  late && uploaded.isAfter(earliest)
                      ? uploaded
                      : late ? earliest : notAfter(window.latest());
              return new InstanceBackups.Window(earliest, latest);
            });
  }

  /** The last whole millisecond. */
  static Instant notAfter(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS);
  }

  /** The next one. */
  static Instant notBefore(Instant time) {
    return notAfter(time.plus(Duration.ofMillis(1).minusNanos(1)));
  }
}
