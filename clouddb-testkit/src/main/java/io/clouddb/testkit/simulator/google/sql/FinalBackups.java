/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import static io.clouddb.testkit.simulator.google.sql.InstanceRules.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.google.GoogleCall;
import java.util.List;

/**
 * {@code settings.finalBackupConfig}, by which an instance is backed up when it is deleted, of <a
 * href="https://docs.cloud.google.com/sql/docs/postgres/backup-recovery/manage-standard-backups">the
 * page on standard backups</a>. The setting is kept and checked; such a backup is not simulated.
 */
final class FinalBackups {
  private static final String CONFIG = "finalBackupConfig";
  private static final String ENABLED = "enabled";
  private static final String DAYS = "retentionDays";

  /** "enter a number between 1 and 365". */
  private static final int MOST_DAYS = 365;

  private FinalBackups() {}

  /** Refuses what the service refuses. */
  static void check(JsonNode settings) {
    JsonNode config = settings.path(CONFIG);
    int days = config.path(DAYS).asInt();
    // As callers have met it: hashicorp/terraform-provider-google, issue 25918.
    require(
        days == 0 || config.path(ENABLED).asBoolean(),
        "Final backup retention days cannot be set when final backup is disabled.");
    require(InstanceRules.between(days, 0, MOST_DAYS), "final backup retention days " + days);
  }

  /** What turns them off says {@code enabled} alone on that page, and leaves no days. */
  static void turnOff(ObjectNode after, ObjectNode body) {
    JsonNode asked = body.path("settings").path(CONFIG);
    if (asked.path(ENABLED).isBoolean() && !asked.path(ENABLED).asBoolean() && !asked.has(DAYS)) {
      after.withObject("/settings/" + CONFIG).remove(DAYS);
    }
  }

  /** What becomes of one that is taken, and how long the deletion takes then, nobody publishes. */
  static void requireNone(GoogleCall route, JsonNode instance) {
    for (String parameter :
        List.of(
            "enableFinalBackup",
            "finalBackupDescription",
            "finalBackupExpiryTime",
            "finalBackupTtlDays")) {
      if (route.request().query(parameter).isPresent()) {
        throw new NotSimulatedException("the parameter " + parameter + " of a deletion");
      }
    }
    if (instance.path("settings").path(CONFIG).path(ENABLED).asBoolean()) {
      throw new NotSimulatedException("a final backup");
    }
  }
}
