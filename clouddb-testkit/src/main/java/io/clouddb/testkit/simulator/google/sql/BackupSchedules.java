/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.server.BackupSchedule;
import io.clouddb.testkit.simulator.server.ManagedServers;
import java.time.Duration;
import java.time.LocalTime;

/** What {@code settings.backupConfiguration} means for the backups that are taken by themselves. */
final class BackupSchedules {
  private BackupSchedules() {}

  /** Has an instance back itself up as its settings say from now on. */
  static void apply(ManagedServers managed, ResourceKey key, ObjectNode instance) {
    managed.backups().schedule(key, of(instance));
  }

  private static BackupSchedule of(ObjectNode instance) {
    JsonNode backups = configuration(instance);
    if (ReplicaRules.isReplica(instance)) {
      // "Backups aren't available for replica instances", of the page on backups.
      return BackupSchedule.off();
    }
    boolean enabled = backups.path("enabled").asBoolean();
    BackupSchedule.Builder schedule =
        enabled
            ? BackupSchedule.daily(LocalTime.parse(backups.path("startTime").asText())).atOnce()
            : BackupSchedule.paused();
    schedule.keepCount(retained(instance));
    if (enabled && backups.path("pointInTimeRecoveryEnabled").asBoolean()) {
      schedule.pointInTime(Duration.ofDays(backups.path("transactionLogRetentionDays").asLong()));
    }
    return schedule.build();
  }

  private static JsonNode configuration(ObjectNode instance) {
    return instance.path("settings").path("backupConfiguration");
  }

  private static int retained(ObjectNode instance) {
    return configuration(instance).path("backupRetentionSettings").path("retainedBackups").asInt();
  }

  /** Whether backups stay when the instance is deleted. */
  static boolean isRetaining(ObjectNode instance) {
    return instance.path("settings").path("retainBackupsOnDelete").asBoolean();
  }

  /**
   * Says whether the backups by themselves stay after a deletion: they "are deleted on a rolling
   * basis, one backup per day", of the page on backups, and there are no new ones.
   */
  static void retain(ManagedServers managed, ResourceKey key, boolean retaining) {
    managed.backups().keepOneFewerEachDay(key, retaining);
  }
}
