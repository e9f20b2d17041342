/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.arm.KnownFields;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import io.clouddb.testkit.simulator.server.InstanceBackups;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.RestoreRequest;
import io.clouddb.testkit.simulator.server.SimulatedBackup;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Requests that make a server out of backups. Parameters and firewall rules are not taken over. Of
 * what the documents forbid they name no code: it is refused as other invalid values are.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore">Backup
 *     and restore</a>
 */
final class Restores {
  private static final String POINT_IN_TIME = "PointInTimeRestore";
  private static final String GEO = "GeoRestore";
  private static final String REVIVE = "ReviveDropped";
  private static final Set<String> MODES = Set.of(POINT_IN_TIME, GEO, REVIVE);

  /** As recorded, a moment seconds ahead of Azure's clock is taken for now. */
  private static final Duration AHEAD = Duration.ofMinutes(1);

  /** "After you create a server, wait at least one hour before initiating a geo-restore." */
  private static final Duration COPIED = Duration.ofHours(1);

  /** Retention is sent by Azure's own client, and has no effect. */
  private static final Set<String> CREATE =
      Set.of(
          "location",
          "name",
          "tags.*",
          "properties.createMode",
          "properties.sourceServerResourceId",
          "properties.pointInTimeUTC",
          "properties.backup.backupRetentionDays",
          "properties.backup.geoRedundantBackup",
          "properties.network.publicNetworkAccess",
          "properties.network.delegatedSubnetResourceId",
          "properties.network.privateDnsZoneArmResourceId");

  private final ManagedServers managed;
  private final BackupRequests requests;
  private final AutomatedBackups automated;
  private final ArmChanges changes;

  Restores(
      ManagedServers managed,
      BackupRequests requests,
      AutomatedBackups automated,
      ArmChanges changes) {
    this.managed = managed;
    this.requests = requests;
    this.automated = automated;
    this.changes = changes;
  }

  /** Whether a request for a new server is one for a restore. */
  static boolean isRestore(ObjectNode body) {
    return MODES.contains(body.at("/properties/createMode").asText());
  }

  SimulatedResponse create(ArmCall route, ObjectNode json, ReadReplicas.Begun begun) {
    KnownFields body = KnownFields.of(json, CREATE);
    String mode = body.required("properties.createMode");
    ResourceKey source = ReadReplicas.key(body.required("properties.sourceServerResourceId"));
    Instant moment = time(body.required("properties.pointInTimeUTC"));
    return changes.begin(
        route,
        body.required("location"),
        "RestoreSnapshotManagementOperation",
        () -> {
          SimulatedOperation operation =
              mode.equals(REVIVE)
                  ? revive(route, body, source, moment)
                  : restore(route, body, mode, source, moment);
          automated.begin(ServerDocument.key(route));
          begun.creation(managed.get(ServerDocument.key(route)), operation);
          return operation;
        });
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      // As reported: https://github.com/hashicorp/terraform-provider-azurerm/issues/18082
      throw new ArmRefusal(
          500, "InternalServerError", "An unexpected error occured while processing the request.");
    }
  }

  private Instant now() {
    return managed.engine().clock().instant();
  }

  private SimulatedOperation restore(
      ArmCall route, KnownFields body, String mode, ResourceKey from, Instant moment) {
    SimulatedInstance source =
        managed.find(from).orElseThrow(() -> FlexibleServers.notFound(from.name(), route.group()));
    ServerSettings before = ServerDocument.settings(source);
    ServerSettings settings = settings(route, body, before);
    if (source.source().isPresent()) {
      throw ArmRefusal.invalid(
          "sourceServerResourceId", from.name() + " is a read replica, and is not restored");
    }
    InstanceBackups history = managed.backups().of(from);
    RestoreRequest.Builder request;
    if (mode.equals(GEO)) {
      requireCopied(source, settings);
      // There is no other moment in the paired region, whatever the request says.
      request = RestoreRequest.latest(ServerDocument.key(route), history);
    } else {
      if (!settings.region().equals(before.region())) {
        throw ArmRefusal.invalid("location", from.name() + " is in " + before.region());
      }
      request = pointInTime(route, source, history, moment);
    }
    return begin(route, request, settings);
  }

  private RestoreRequest.Builder pointInTime(
      ArmCall route, SimulatedInstance source, InstanceBackups history, Instant moment) {
    ResourceKey key = ServerDocument.key(route);
    Optional<SimulatedBackup> backup = requests.at(source, moment);
    if (backup.isPresent()) {
      return RestoreRequest.of(key, backup.get());
    }
    InstanceBackups.Window window =
        history
            .window()
            .orElseThrow(
                () -> ArmRefusal.invalid("pointInTimeUTC", "there is no backup to restore yet"));
    Instant earliest = ServerDocument.shown(window.earliest());
    if (moment.isBefore(earliest) || moment.isAfter(now().plus(AHEAD))) {
      throw ArmRefusal.invalid(
          "pointInTimeUTC", moment + " is not between " + earliest + " and " + window.latest());
    }
    if (moment.isAfter(window.latest())) {
      return RestoreRequest.latest(key, history);
    }
    // The earliest is shown a little earlier than it is.
    Instant there = moment.isBefore(window.earliest()) ? window.earliest() : moment;
    return RestoreRequest.of(key, history, there);
  }

  private void requireCopied(SimulatedInstance source, ServerSettings settings) {
    ServerSettings before = ServerDocument.settings(source);
    if (!before.geoRedundant()
        || PairedRegions.of(before.region()).filter(settings.region()::equals).isEmpty()) {
      throw ArmRefusal.invalid(
          "location",
          settings.region() + " has no geo-redundant backups of " + source.key().name());
    }
    if (now().isBefore(source.created().plus(COPIED))) {
      throw ArmRefusal.later(
          "InvalidParameterValue",
          "Unable to geo-restore server "
              + source.key().name()
              + " as its geo-backups aren't available yet.");
    }
  }

  private SimulatedOperation revive(
      ArmCall route, KnownFields body, ResourceKey from, Instant moment) {
    if (managed.find(from).isPresent()) {
      throw ArmRefusal.invalid("sourceServerResourceId", from.name() + " is not deleted");
    }
    InstanceBackups left =
        automated
            .left(from)
            .orElseThrow(
                () ->
                    ArmRefusal.later(
                        "ResourceNotFound",
                        "The backup of the server '" + from.name() + "' was not found."));
    if (moment.isBefore(left.deleted().orElseThrow())) {
      throw new NotSimulatedException("a moment before a server was deleted");
    }
    ServerSettings before = ServerDocument.settings(left.instance());
    ServerSettings settings = settings(route, body, before);
    if (!settings.region().equals(before.region())) {
      throw ArmRefusal.invalid("location", from.name() + " was in " + before.region());
    }
    return begin(route, RestoreRequest.latest(ServerDocument.key(route), left), settings);
  }

  private static ServerSettings settings(ArmCall route, KnownFields body, ServerSettings before) {
    ServerSettings settings = before.restored(body);
    settings.requireZoneFor(route.part("server"));
    return settings;
  }

  private SimulatedOperation begin(
      ArmCall route, RestoreRequest.Builder request, ServerSettings settings) {
    return managed
        .backups(route.call())
        .restore(request.parameters(Map.of()).attribute(ServerSettings.KEY, settings).build());
  }
}
