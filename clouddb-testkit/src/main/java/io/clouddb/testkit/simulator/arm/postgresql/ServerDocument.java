/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmJson;
import io.clouddb.testkit.simulator.arm.ArmOperations;
import io.clouddb.testkit.simulator.arm.ResourceGroups;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A server as Azure shows it. */
final class ServerDocument {
  static final String TYPE = "Microsoft.DBforPostgreSQL/flexibleServers";

  private static final Map<String, String> REGIONS =
      Map.ofEntries(
          Map.entry("eastus", "East US"),
          Map.entry("eastus2", "East US 2"),
          Map.entry("westus2", "West US 2"),
          Map.entry("westus3", "West US 3"),
          Map.entry("northeurope", "North Europe"),
          Map.entry("westeurope", "West Europe"),
          Map.entry("japaneast", "Japan East"),
          Map.entry("koreacentral", "Korea Central"),
          Map.entry("koreasouth", "Korea South"),
          Map.entry("canadacentral", "Canada Central"),
          Map.entry("australiacentral", "Australia Central"),
          Map.entry("australiacentral2", "Australia Central 2"),
          Map.entry("southeastasia", "Southeast Asia"),
          Map.entry("westus", "West US"),
          Map.entry("centralus", "Central US"),
          Map.entry("southcentralus", "South Central US"));

  private static final DateTimeFormatter PRECISE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSxxx").withZone(ZoneOffset.UTC);

  private ServerDocument() {}

  static ResourceKey key(ArmCall route) {
    return new ResourceKey(route.scope(), route.part("server"));
  }

  static String id(ArmCall route, String server) {
    return route.groupId() + "/providers/" + TYPE + "/" + server;
  }

  static String id(ResourceGroups groups, SimulatedInstance instance) {
    return groups.id(instance.key().scope()) + "/providers/" + TYPE + "/" + instance.key().name();
  }

  /** A resource that belongs to a server. */
  static ObjectNode child(ArmCall route, String kind, String name, ObjectNode properties) {
    ObjectNode node = ArmJson.object();
    node.set("properties", properties);
    return node.put("id", id(route, route.part("server")) + "/" + kind + "/" + name)
        .put("name", name)
        .put("type", TYPE + "/" + kind);
  }

  static ObjectNode of(ArmCall route, SimulatedInstance instance, ReplicaRole replication) {
    ServerSettings settings = settings(instance);
    boolean newer = !route.apiVersion().equals(ArmVersions.OLDEST);
    ObjectNode node = ArmJson.object();
    node.putObject("sku").put("name", settings.skuName()).put("tier", settings.tier());
    node.putObject("systemData").put("createdAt", ArmOperations.time(instance.created()));
    ObjectNode properties = node.putObject("properties");
    properties
        .putObject("authConfig")
        .put("activeDirectoryAuth", "Disabled")
        .put("passwordAuth", "Enabled");
    properties.putObject("dataEncryption").put("type", "SystemManaged");
    instance
        .port()
        .ifPresent(
            port -> properties.put("fullyQualifiedDomainName", instance.host() + ":" + port));
    properties.put("version", String.valueOf(instance.version()));
    instance
        .server()
        .map(server -> server.artifactVersion().split("[.]", -1)[1])
        .ifPresent(minor -> properties.put("minorVersion", minor));
    properties.put("administratorLogin", instance.adminName());
    state(instance.state()).ifPresent(state -> properties.put("state", state));
    properties.put("availabilityZone", "1");
    ObjectNode storage = properties.putObject("storage");
    storage.put("storageSizeGB", settings.storageGib());
    if (newer) {
      storage
          .put("type", "")
          .put("iops", 500)
          .put("tier", "P10")
          .put("autoGrow", settings.autoGrow() ? "Enabled" : "Disabled");
      properties
          .putObject("replica")
          .put("role", replication.role())
          .put("capacity", replication.capacity());
      properties.putArray("privateEndpointConnections");
    }
    if (replication.source() != null) {
      properties.put("sourceServerResourceId", replication.source());
    }
    ObjectNode backup =
        properties
            .putObject("backup")
            .put("backupRetentionDays", settings.retentionDays())
            .put("geoRedundantBackup", settings.geoRedundant() ? "Enabled" : "Disabled");
    if (replication.backedUpSince() != null) {
      backup.put("earliestRestoreDate", precise(replication.backedUpSince()));
    }
    ObjectNode network =
        properties
            .putObject("network")
            .put("publicNetworkAccess", settings.publicAccess() ? "Enabled" : "Disabled");
    if (settings.subnet() != null) {
      network
          .put("delegatedSubnetResourceId", settings.subnet())
          .put("privateDnsZoneArmResourceId", settings.dnsZone());
    }
    properties
        .putObject("highAvailability")
        .put("mode", settings.highAvailability())
        .put("state", settings.highAvailability().equals("Disabled") ? "NotEnabled" : "Healthy");
    ServerSettings.Window window = settings.window();
    properties
        .putObject("maintenanceWindow")
        .put("customWindow", window == null ? "Disabled" : "Enabled")
        .put("dayOfWeek", window == null ? 0 : window.dayOfWeek())
        .put("startHour", window == null ? 0 : window.startHour())
        .put("startMinute", window == null ? 0 : window.startMinute());
    properties
        .put("replicationRole", replication.role())
        .put("replicaCapacity", replication.capacity());
    // A flexible server tells its region by the display name, whatever it was asked for.
    node.put("location", region(settings.location()));
    if (!settings.tags().isEmpty()) {
      ObjectNode tags = node.putObject("tags");
      new TreeMap<>(settings.tags()).forEach(tags::put);
    }
    String name = instance.key().name();
    return node.put("id", id(route, name)).put("name", name).put("type", TYPE);
  }

  /** A time as Azure writes those of backups, to a tenth of a microsecond. */
  static String precise(Instant time) {
    return PRECISE.format(time);
  }

  /** A time as whoever reads it has it, who can ask for no other. */
  static Instant shown(Instant time) {
    return OffsetDateTime.parse(precise(time)).toInstant();
  }

  /** A region's display name. */
  static String region(String location) {
    return REGIONS.getOrDefault(location, location);
  }

  static ServerSettings settings(SimulatedInstance instance) {
    return instance.attribute(ServerSettings.KEY, ServerSettings.class).orElseThrow();
  }

  /** Azure's word; while a server is made, Azure's documents name none. */
  static Optional<String> state(InstanceState state) {
    return switch (state) {
      case CREATING -> Optional.empty();
      case AVAILABLE, BACKING_UP -> Optional.of("Ready");
      case MODIFYING, REBOOTING -> Optional.of("Updating");
      case STOPPING -> Optional.of("Stopping");
      case STOPPED -> Optional.of("Stopped");
      case STARTING -> Optional.of("Starting");
      case DELETING -> Optional.of("Dropping");
      case FAILED -> Optional.of("Disabled");
    };
  }
}
