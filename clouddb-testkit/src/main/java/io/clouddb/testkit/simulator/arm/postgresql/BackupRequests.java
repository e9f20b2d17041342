/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmJson;
import io.clouddb.testkit.simulator.arm.ArmPages;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.arm.ArmRoutes;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import io.clouddb.testkit.simulator.server.BackupRequest;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.SimulatedBackup;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Requests about the backups of a server. The moment of one by hand is its snapshot's, as recorded
 * seconds after the request, although the operation goes on for minutes; it is shown when that is
 * over.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/how-to-perform-backups">Perform
 *     on-demand backups</a>
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore">On-demand
 *     backups; Limitations</a>
 */
final class BackupRequests {
  private static final Pattern NAME = Pattern.compile("[-\\w._]{1,128}");
  private static final int MOST = 7;
  private static final long TICKS_OF_SECOND = 10_000_000;
  private static final int NANOS_OF_TICK = 100;

  /** Ticks from the year 1 to 1970, by which Azure names the backups that it takes itself. */
  private static final long EPOCH = 621_355_968_000_000_000L;

  private final ManagedServers managed;
  private final AutomatedBackups automated;
  private final ArmChanges changes;
  private final int pageSize;

  BackupRequests(
      ManagedServers managed, AutomatedBackups automated, ArmChanges changes, int pageSize) {
    this.managed = managed;
    this.automated = automated;
    this.changes = changes;
    this.pageSize = pageSize;
  }

  void register(ArmRoutes.Under table, FlexibleServers servers) {
    String one = "{server}/backups/{backup}";
    table
        .add(
            "BackupsAutomaticAndOnDemand_ListByServer",
            Verb.LIST,
            Call.BACKUP,
            "GET",
            "{server}/backups",
            route -> list(route, servers.existing(route)))
        .add(
            "BackupsAutomaticAndOnDemand_Get",
            Verb.READ,
            Call.BACKUP,
            "GET",
            one,
            route -> get(route, servers.existing(route)))
        .add(
            "BackupsAutomaticAndOnDemand_Create",
            Verb.CREATE,
            Call.BACKUP,
            "PUT",
            one,
            route -> take(route, servers.existing(route)))
        .add(
            "BackupsAutomaticAndOnDemand_Delete",
            Verb.DELETE,
            Call.BACKUP,
            "DELETE",
            one,
            route -> delete(route, servers.existing(route)));
  }

  /** What belongs to a server that was deleted belongs to no later one of its name. */
  private static String scope(SimulatedInstance instance) {
    return instance.key() + "/" + instance.uid();
  }

  private static ResourceKey key(SimulatedInstance instance, String name) {
    return new ResourceKey(scope(instance), name);
  }

  /** Those by hand, but for what is older than backups are kept. */
  private List<SimulatedBackup> byHand(SimulatedInstance instance) {
    Instant oldest =
        managed
            .engine()
            .clock()
            .instant()
            .minus(Duration.ofDays(ServerDocument.settings(instance).retentionDays()));
    return managed.backups().list(scope(instance)).stream()
        .filter(backup -> backup.state() != SimulatedBackup.State.FAILED)
        .filter(backup -> !backup.taken().isBefore(oldest))
        .toList();
  }

  /** Has those go that are older than backups are kept. */
  private void expire(SimulatedInstance instance) {
    List<SimulatedBackup> kept = byHand(instance);
    managed.backups().list(scope(instance)).stream()
        .filter(backup -> !kept.contains(backup))
        .forEach(this::delete);
  }

  /** What has gone by the old settings, or goes by the new ones, does not come back with others. */
  SimulatedOperation changing(SimulatedInstance instance, Supplier<SimulatedOperation> change) {
    expire(instance);
    SimulatedOperation operation = change.get();
    var unused = operation.completion().thenAccept(over -> expire(instance));
    return operation;
  }

  /** All that are complete, oldest first. */
  private List<SimulatedBackup> shown(SimulatedInstance instance) {
    return Stream.concat(automated.of(instance).stream(), byHand(instance).stream())
        .filter(backup -> backup.completed().isPresent())
        .sorted(Comparator.comparing(SimulatedBackup::taken))
        .toList();
  }

  private static boolean isAutomated(SimulatedBackup backup) {
    return backup.origin() == SimulatedBackup.Origin.AUTOMATED;
  }

  /** As recorded, Azure's own have the ticks of their time in their name. */
  private static String name(SimulatedBackup backup) {
    Instant taken = backup.taken();
    return isAutomated(backup)
        ? "backup_"
            + (EPOCH + taken.getEpochSecond() * TICKS_OF_SECOND + taken.getNano() / NANOS_OF_TICK)
        : backup.key().name();
  }

  /** The moment as it is shown, to which a server can be restored. */
  private static Instant moment(SimulatedBackup backup) {
    return ServerDocument.shown(
        isAutomated(backup) ? backup.completed().orElseThrow() : backup.taken());
  }

  /** One by hand of a moment, which may be before the first automated one was complete. */
  Optional<SimulatedBackup> at(SimulatedInstance instance, Instant moment) {
    return byHand(instance).stream()
        .filter(backup -> backup.completed().isPresent())
        .filter(backup -> moment(backup).equals(moment))
        .findFirst();
  }

  private Optional<SimulatedBackup> find(SimulatedInstance instance, String name) {
    return shown(instance).stream().filter(backup -> name(backup).equals(name)).findFirst();
  }

  private static ObjectNode document(ArmCall route, SimulatedBackup backup) {
    boolean own = isAutomated(backup);
    return ServerDocument.child(
        route,
        "backups",
        name(backup),
        ArmJson.object()
            .put("backupType", own ? "Full" : "Customer On-Demand")
            .put("source", own ? "Automatic" : "Customer Initiated")
            .put("completedTime", ServerDocument.precise(moment(backup))));
  }

  private SimulatedResponse list(ArmCall route, SimulatedInstance instance) {
    List<ObjectNode> all = shown(instance).stream().map(backup -> document(route, backup)).toList();
    return ArmPages.page(
        route, ServerDocument.id(route, route.part("server")) + "/backups", all, pageSize);
  }

  private SimulatedResponse get(ArmCall route, SimulatedInstance instance) {
    String name = route.part("backup");
    return find(instance, name)
        .map(backup -> ArmJson.json(200, document(route, backup)))
        .orElseThrow(
            () ->
                new ArmRefusal(
                    404,
                    "ResourceNotFound",
                    "The requested resource of type '"
                        + ServerDocument.TYPE
                        + "/backups' with name '"
                        + name
                        + "' was not found."));
  }

  private SimulatedResponse take(ArmCall route, SimulatedInstance instance) {
    String name = route.part("backup");
    if (!NAME.matcher(name).matches()) {
      throw ArmRefusal.invalid(
          "backupName", "1 to 128 letters, digits, hyphens, dots, underscores");
    }
    if (route.request().body().length > 0) {
      throw ArmRefusal.invalid("body", "the request has none");
    }
    ServerSettings settings = ServerDocument.settings(instance);
    return changes.begin(
        route,
        settings.location(),
        "SnapshotManagementOperation",
        () -> {
          requireTakeable(instance, settings, name);
          return managed
              .backups(route.call())
              .take(BackupRequest.of(key(instance, name), instance.key()).build());
        });
  }

  /** Those of the documents' rules that name no code are refused as other invalid values are. */
  private void requireTakeable(SimulatedInstance instance, ServerSettings settings, String name) {
    if (instance.source().isPresent()) {
      throw ArmRefusal.invalid("backupName", "no backups are taken from read replicas");
    }
    if (settings.isBurstable()) {
      throw ArmRefusal.invalid(
          "sku.tier", "on-demand backups are not supported for the Burstable compute tier");
    }
    // Its name is free soon.
    expire(instance);
    List<SimulatedBackup> there = byHand(instance);
    // "If another on-demand backup with the same name already exists", or "is being taken, and
    // isn't completed yet".
    if (managed.backups().find(key(instance, name)).isPresent()
        || there.stream().anyMatch(backup -> backup.state() == SimulatedBackup.State.CREATING)) {
      throw ArmRefusal.later(
          "InternalServerError", "An unexpected error occured while processing the request.");
    }
    if (there.size() >= MOST) {
      throw ArmRefusal.invalid("backupName", "a server has " + MOST + " on-demand backups at most");
    }
    ArmChanges.requireReady(instance);
  }

  private SimulatedResponse delete(ArmCall route, SimulatedInstance instance) {
    Optional<SimulatedBackup> backup = find(instance, route.part("backup"));
    if (backup.isEmpty()) {
      return SimulatedResponse.empty(204);
    }
    if (isAutomated(backup.get())) {
      throw ArmRefusal.invalid("backupName", "automated backups cannot be deleted");
    }
    return changes.begin(
        route,
        ServerDocument.settings(instance).location(),
        "DropSnapshotManagementOperation",
        () -> managed.backups(route.call()).delete(backup.get()));
  }

  /** "If you delete a server, all backups that belong to the server are also deleted." */
  SimulatedOperation deletedWith(SimulatedInstance instance, SimulatedOperation deletion) {
    var unused =
        deletion
            .completion()
            .thenAccept(
                over -> {
                  if (over.failure().isEmpty()) {
                    managed.backups().list(scope(instance)).forEach(this::delete);
                  }
                });
    return deletion;
  }

  private void delete(SimulatedBackup backup) {
    if (backup.state() == SimulatedBackup.State.AVAILABLE) {
      SimulatedOperation unused = managed.backups().delete(backup);
    }
  }
}
