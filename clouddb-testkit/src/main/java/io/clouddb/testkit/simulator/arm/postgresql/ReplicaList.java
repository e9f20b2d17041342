/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.postgres.ReplicationLag;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmJson;
import io.clouddb.testkit.simulator.arm.ArmOperations;
import io.clouddb.testkit.simulator.arm.ResourceGroups;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.SimulatedInstance;

/**
 * The replicas of a server, as Azure lists them: that they are there, and how replication goes. As
 * recorded, most of what a server shows is empty or left out, and the region has its short name.
 */
final class ReplicaList {
  private final ManagedServers managed;
  private final ResourceGroups groups;

  ReplicaList(ManagedServers managed, ResourceGroups groups) {
    this.managed = managed;
    this.groups = groups;
  }

  ObjectNode of(ArmCall route, SimulatedInstance source) {
    ObjectNode body = ArmJson.object();
    ArrayNode value = body.putArray("value");
    managed.replicasOf(source).forEach(replica -> value.add(entry(route, source, replica)));
    return body;
  }

  private ObjectNode entry(ArmCall route, SimulatedInstance source, SimulatedInstance replica) {
    boolean newer = !route.apiVersion().equals(ArmVersions.OLDEST);
    ObjectNode node = ArmJson.object();
    node.putObject("sku").put("name", "");
    node.putObject("systemData").put("createdAt", ArmOperations.time(replica.created()));
    ObjectNode properties = node.putObject("properties");
    String role = ReplicaRole.role(replica, source);
    ObjectNode storage = ArmJson.object().put("storageSizeGB", 0);
    if (newer) {
      properties
          .putObject("replica")
          .put("role", role)
          .put("replicationState", state(source, replica));
      storage.put("autoGrow", "Disabled");
    }
    properties.set("storage", storage);
    properties.putObject("network").put("publicNetworkAccess", "Disabled");
    properties.putObject("dataEncryption").put("type", "SystemManaged");
    ServerDocument.state(replica.state()).ifPresent(state -> properties.put("state", state));
    properties.put("sourceServerResourceId", ServerDocument.id(groups, source));
    properties.putObject("backup").put("geoRedundantBackup", "Disabled");
    properties
        .putObject("maintenanceWindow")
        .put("customWindow", "Disabled")
        .put("dayOfWeek", 0)
        .put("startHour", 0)
        .put("startMinute", 0);
    properties.put("replicationRole", role);
    return node.put("location", ServerDocument.settings(replica).region())
        .put("id", ServerDocument.id(groups, replica))
        .put("name", replica.key().name())
        .put("type", ServerDocument.TYPE);
  }

  /**
   * How replication goes, in truth.
   *
   * @see <a
   *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas">Replication
   *     state</a>
   */
  private static String state(SimulatedInstance source, SimulatedInstance replica) {
    return switch (replica.state()) {
      case CREATING -> "Provisioning";
      case FAILED -> "Broken";
      case MODIFYING -> "Updating";
      case AVAILABLE -> link(source, replica);
      // Who is stopped is taken for who was connected before.
      default -> "Active";
    };
  }

  private static String link(SimulatedInstance source, SimulatedInstance replica) {
    if (replica.lag().map(ReplicationLag::isFollowing).orElse(false)
        || source.state() == InstanceState.STOPPED) {
      return "Active";
    }
    return runs(source) && runs(replica) ? "Reconfiguring" : "Broken";
  }

  private static boolean runs(SimulatedInstance instance) {
    return instance.server().map(EmbeddedPostgres::isRunning).orElse(false);
  }
}
