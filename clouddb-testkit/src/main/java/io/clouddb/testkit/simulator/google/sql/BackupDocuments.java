/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.google.GoogleCall;
import io.clouddb.testkit.simulator.google.GoogleJson;
import io.clouddb.testkit.simulator.server.SimulatedBackup;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Writes backups as the service does: as the run of an instance, and as a backup of the project.
 */
final class BackupDocuments {
  /** "the multi-region that is geographically closest", of the page on backup options. */
  private static final Map<String, String> CLOSEST =
      Map.of(
          "us", "us",
          "northamerica", "us",
          "southamerica", "us",
          "europe", "eu",
          "asia", "asia",
          "australia", "asia");

  private final StoredBackups backups;

  BackupDocuments(StoredBackups backups) {
    this.backups = backups;
  }

  private static ObjectNode requested(SimulatedBackup backup) {
    return backup
        .attribute(StoredBackups.REQUESTED, ObjectNode.class)
        .orElseGet(GoogleJson::object);
  }

  private static String location(SimulatedBackup backup) {
    String asked = requested(backup).path("location").asText();
    if (!asked.isEmpty()) {
      return asked;
    }
    JsonNode instance = StoredBackups.instance(backup);
    String set = instance.path("settings").path("backupConfiguration").path("location").asText();
    return set.isEmpty() ? closest(instance.path("region").asText()) : set;
  }

  private static String closest(String region) {
    return CLOSEST.getOrDefault(region.substring(0, region.indexOf('-')), region);
  }

  private static String state(SimulatedBackup backup, String deleting) {
    return switch (backup.state()) {
      case CREATING -> "RUNNING";
      case AVAILABLE -> "SUCCESSFUL";
      case DELETING -> deleting;
      case FAILED -> "FAILED";
    };
  }

  private static String type(SimulatedBackup backup) {
    return backup.origin() == SimulatedBackup.Origin.AUTOMATED ? "AUTOMATED" : "ON_DEMAND";
  }

  private static String runs(String project, SimulatedBackup backup) {
    return "projects/"
        + project
        + "/instances/"
        + backup.instance().name()
        + "/backupRuns/"
        + StoredBackups.run(backup);
  }

  /** As the run of its instance. */
  ObjectNode run(GoogleCall route, SimulatedBackup backup) {
    String started = backup.started().toString();
    ObjectNode run = GoogleJson.object();
    run.put("kind", "sql#backupRun")
        .put("status", state(backup, "DELETION_PENDING"))
        .put("enqueuedTime", started)
        .put("id", String.valueOf(StoredBackups.run(backup)))
        .put("startTime", started)
        .put("type", type(backup))
        .put("windowStartTime", started)
        .put("instance", backup.instance().name())
        .put(
            "selfLink",
            SqlAdminService.link(
                route,
                "instances",
                backup.instance().name() + "/backupRuns/" + StoredBackups.run(backup)))
        .put("location", location(backup))
        .put("databaseVersion", StoredBackups.instance(backup).path("databaseVersion").asText())
        .put("backupKind", "SNAPSHOT");
    backup.completed().ifPresent(end -> run.put("endTime", end.toString()));
    description(backup).ifPresent(text -> run.put("description", text));
    error(backup, run);
    return run;
  }

  /** As a backup of the project. */
  ObjectNode backup(GoogleCall route, SimulatedBackup backup) {
    ObjectNode instance = StoredBackups.instance(backup);
    ObjectNode document = GoogleJson.object();
    document
        .put("kind", "sql#backup")
        .put("name", name(route.project(), backup))
        .put("selfLink", SqlAdminService.link(route, "backups", backup.uid()))
        .put("state", state(backup, "DELETING"))
        .put("type", type(backup))
        .put("instance", backup.instance().name())
        .put("location", location(backup))
        .put("databaseVersion", instance.path("databaseVersion").asText())
        .put("backupKind", "SNAPSHOT")
        .put("backupRun", runs(route.project(), backup))
        .put("satisfiesPzi", true)
        .put("satisfiesPzs", false);
    ObjectNode interval = document.putObject("backupInterval");
    interval.put("startTime", backup.taken().toString());
    backup.completed().ifPresent(end -> interval.put("endTime", end.toString()));
    description(backup).ifPresent(text -> document.put("description", text));
    backup.expires().ifPresent(end -> document.put("expiryTime", end.toString()));
    backups.deleted(backup).ifPresent(gone -> document.put("instanceDeletionTime", text(gone)));
    JsonNode key = instance.path("diskEncryptionConfiguration").path("kmsKeyName");
    if (key.isTextual()) {
      document.set("kmsKey", key);
    }
    document.set("instanceSettings", instance);
    error(backup, document);
    return document;
  }

  private static String text(Instant time) {
    return time.toString();
  }

  /** The name of a backup of the project. */
  static String name(String project, SimulatedBackup backup) {
    return "projects/" + project + "/backups/" + backup.uid();
  }

  private static Optional<String> description(SimulatedBackup backup) {
    return Optional.of(requested(backup).path("description").asText())
        .filter(text -> !text.isEmpty());
  }

  private static void error(SimulatedBackup backup, ObjectNode document) {
    backup
        .failure()
        .ifPresent(
            failure ->
                document
                    .putObject("error")
                    .put("kind", "sql#operationError")
                    .put("code", "INTERNAL_ERROR")
                    .put("message", failure.sentence()));
  }
}
