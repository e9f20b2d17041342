/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import static io.clouddb.testkit.simulator.google.sql.InstanceRules.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.google.GoogleCall;
import io.clouddb.testkit.simulator.google.GoogleJson;
import io.clouddb.testkit.simulator.google.GoogleRefusal;
import io.clouddb.testkit.simulator.google.GoogleRoutes;
import io.clouddb.testkit.simulator.server.InstanceBackups;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.RestoreRequest;
import io.clouddb.testkit.simulator.server.SimulatedBackup;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The methods that restore: a backup into an instance that is there, or a moment as a new one. */
final class RestoreMethods {
  /** "PITR typically offers a recovery point objective (RPO) of five minutes or less." */
  private static final Duration BEHIND = Duration.ofMinutes(1);

  private static final String CLONE = "cloneContext";
  private static final Set<String> OF_CLONE =
      Set.of(
          "kind",
          "destinationInstanceName",
          "pointInTime",
          "sourceInstanceDeletionTime",
          "preferredZone");

  private final SqlAdminService service;
  private final ManagedServers managed;
  private final OperationLog operations;
  private final StoredBackups backups;

  RestoreMethods(
      SqlAdminService service,
      ManagedServers managed,
      OperationLog operations,
      StoredBackups backups) {
    this.service = service;
    this.managed = managed;
    this.operations = operations;
    this.backups = backups;
  }

  void register(GoogleRoutes.Under table, String one) {
    table
        .add(
            "instances.restoreBackup",
            Verb.MODIFY,
            Call.INSTANCE,
            "POST",
            one + "/restoreBackup",
            this::restore)
        .add(
            "instances.clone",
            Verb.CREATE,
            Call.INSTANCE,
            "POST",
            one + "/clone",
            SqlAdminAims::clone,
            this::clone)
        .add(
            "projects.instances.getLatestRecoveryTime",
            Verb.READ,
            Call.BACKUP,
            "GET",
            one + "/getLatestRecoveryTime",
            this::window);
  }

  private ObjectNode restore(GoogleCall route) {
    ObjectNode body = GoogleJson.read(route.request());
    SimulatedInstance target = service.get(route);
    SimulatedBackup backup = backup(route, body);
    if (target.source().isPresent()) {
      throw SqlRefusals.invalidOperation();
    }
    if (!managed.replicasOf(target).isEmpty()) {
      throw SqlRefusals.hasReplicas();
    }
    require(backup.state() == SimulatedBackup.State.AVAILABLE, "the backup is not successful");
    ObjectNode its = StoredBackups.instance(backup);
    ObjectNode document = InstanceDocument.stored(target);
    // "The target instance must have the same database version", of the page on restores.
    require(
        its.path("databaseVersion").equals(document.path("databaseVersion")),
        "the database version of the backup is " + its.path("databaseVersion").asText());
    InsideInstances.requireRunning(target.state());
    // "Cloud SQL always sets the storage capacity of the target instance to the maximum value".
    ObjectNode settings = (ObjectNode) document.get("settings");
    long size =
        Math.max(
            settings.path("dataDiskSizeGb").asLong(),
            its.path("settings").path("dataDiskSizeGb").asLong());
    settings.put("dataDiskSizeGb", String.valueOf(size));
    // "the target instance's backup configuration is set to the default values", of that page.
    InstanceRules.usualBackups(settings);
    RestoreRequest request =
        RestoreRequest.of(target.key(), backup)
            .replacing()
            .tlsOnly(InstanceRules.tlsOnly(document))
            .attribute(InstanceDocument.ATTRIBUTE, document)
            .build();
    return service.change(
        route,
        "RESTORE_VOLUME",
        () -> {
          SimulatedOperation restored = managed.backups(route.call()).restore(request);
          BackupSchedules.apply(managed, target.key(), document);
          return restored;
        });
  }

  private SimulatedBackup backup(GoogleCall route, ObjectNode body) {
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      if (!Set.of("backup", "restoreBackupContext").contains(field.getKey())) {
        throw new NotSimulatedException("the field " + field.getKey() + " of a restore");
      }
    }
    // "Only one of restore_backup_context, backup, backupdr_backup can be passed to the input."
    require(body.size() == 1, "exactly one backup is restored");
    String prefix = "projects/" + route.project() + "/backups/";
    JsonNode context = body.path("restoreBackupContext");
    Optional<SimulatedBackup> found;
    if (context.isObject()) {
      ResourceKey source =
          new ResourceKey(
              context.path("project").asText(route.project()),
              context.path("instanceId").asText(route.part("instance")));
      found =
          managed
              .find(source)
              .flatMap(instance -> backups.find(instance, context.path("backupRunId").asText()));
    } else {
      String name = body.path("backup").asText();
      require(name.startsWith(prefix), "backup " + name);
      found = backups.find(route.project(), name.substring(prefix.length()));
    }
    return found.orElseThrow(RestoreMethods::noBackup);
  }

  /** As callers have met it: hashicorp/terraform-provider-google, issue 14305. */
  private static GoogleRefusal noBackup() {
    return new GoogleRefusal(
        400,
        "errorBackupNotFound",
        "A successful backup that's required for carrying out the CLONE operation can't be found,"
            + " or a backup that was created before the restored timestamp can't be found. Modify"
            + " the ID or timestamp for the backup.");
  }

  /** What a moment is restored of: an instance, or one that was deleted at a time. */
  private InstanceBackups history(GoogleCall route, String deleted) {
    ResourceKey key = new ResourceKey(route.project(), route.part("instance"));
    if (!deleted.isEmpty()) {
      return backups.deleted(key, time(deleted)).orElseThrow(SqlRefusals::noInstance);
    }
    SimulatedInstance source = service.get(route);
    if (source.source().isPresent()) {
      // "Can you clone a replica? No.", of the page on clones.
      throw SqlRefusals.invalidOperation();
    }
    return managed.backups().of(source.key());
  }

  private Optional<InstanceBackups.Window> window(InstanceBackups history) {
    Instant newest = managed.engine().clock().instant().minus(BEHIND);
    return history
        .window()
        .map(
            window ->
                new InstanceBackups.Window(
                    window.earliest(), newest.isBefore(window.latest()) ? newest : window.latest()))
        .filter(window -> !window.latest().isBefore(window.earliest()));
  }

  private ObjectNode window(GoogleCall route) {
    InstanceBackups history =
        history(route, route.request().query("sourceInstanceDeletionTime").orElse(""));
    if (history.schedule().pointInTime().isEmpty()) {
      throw new NotSimulatedException(
          "the recovery time of an instance without point-in-time recovery");
    }
    ObjectNode answer = GoogleJson.object().put("kind", "sql#getLatestRecoveryTime");
    window(history)
        .ifPresent(
            window ->
                answer
                    .put("earliestRecoveryTime", window.earliest().toString())
                    .put("latestRecoveryTime", window.latest().toString()));
    return answer;
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw GoogleRefusal.invalid("the time " + text);
    }
  }

  private ObjectNode clone(GoogleCall route) {
    ObjectNode body = GoogleJson.read(route.request());
    JsonNode context = body.path(CLONE);
    require(context.isObject() && body.size() == 1, CLONE);
    for (Map.Entry<String, JsonNode> field : context.properties()) {
      if (!OF_CLONE.contains(field.getKey())) {
        throw new NotSimulatedException("the field " + field.getKey() + " of a clone");
      }
    }
    if (!context.has("pointInTime")) {
      throw new NotSimulatedException("a clone of the present");
    }
    String deleted = context.path("sourceInstanceDeletionTime").asText();
    InstanceBackups history = history(route, deleted);
    Instant moment = time(context.path("pointInTime").asText());
    InstanceBackups.Window window = window(history).orElseThrow(RestoreMethods::noBackup);
    if (moment.isBefore(window.earliest())) {
      throw noBackup();
    }
    require(!moment.isAfter(window.latest()), "the point in time is after the latest one");
    ObjectNode document = clone(history.instance(), context);
    if (!deleted.isEmpty() || history.instance().state() == InstanceState.FAILED) {
      forgetSettings((ObjectNode) document.get("settings"));
    }
    InstanceRules.check(document);
    ResourceKey key = new ResourceKey(route.project(), document.path("name").asText());
    service.requireNameFree(key);
    if (deleted.isEmpty()) {
      service.requireIdle(history.instance());
    }
    RestoreRequest request =
        RestoreRequest.of(key, history, moment)
            .parameters(InstanceRules.flags(document))
            .tlsOnly(InstanceRules.tlsOnly(document))
            .attribute(InstanceDocument.ATTRIBUTE, document)
            .build();
    SimulatedOperation work = managed.backups(route.call()).restore(request);
    BackupSchedules.apply(managed, key, document);
    return operations.add(route, "CLONE", key.name(), work);
  }

  /**
   * The clone of an instance, as the recorded one has all of its source's settings and labels, but
   * for its maintenance: "You need to configure the maintenance settings for the clone instance."
   */
  private static ObjectNode clone(SimulatedInstance source, JsonNode context) {
    ObjectNode document = InstanceDocument.stored(source);
    document.put("name", context.path("destinationInstanceName").asText());
    document.remove(List.of(DisasterRecovery.CLUSTER, ReplicaRules.MASTER));
    ObjectNode settings = (ObjectNode) document.get("settings");
    settings.remove("maintenanceWindow");
    settings.put("settingsVersion", "1").put("activationPolicy", "ALWAYS");
    String zone = context.path("preferredZone").asText();
    if (!zone.isEmpty()) {
      ((ObjectNode) settings.get("locationPreference")).put("zone", zone);
    }
    return document;
  }

  /**
   * "For the new instance to inherit these settings, the instance's state must be RUNNABLE", of the
   * page on restores. What it has instead is not said there: here the service's defaults, but for
   * the machine, the disk and the network, which are asked of nobody.
   */
  private static void forgetSettings(ObjectNode settings) {
    settings.remove(
        List.of(
            "databaseFlags",
            "deletionProtectionEnabled",
            "finalBackupConfig",
            "insightsConfig",
            "retainBackupsOnDelete"));
    settings.put("availabilityType", "ZONAL").putObject("userLabels");
    InstanceRules.usualBackups(settings);
  }
}
