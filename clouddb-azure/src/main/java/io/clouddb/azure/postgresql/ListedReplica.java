/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.azure.internal.ArmScope;
import io.clouddb.replica.Replica;
import java.util.List;
import java.util.Map;

/**
 * One of a server's replicas as its source lists it. What else a server shows, the list leaves
 * empty, its size and disk among it.
 *
 * @param id Azure's own id
 * @param location its region
 * @param state the server's state; empty while it is made
 * @param replication Azure's word for how replication goes; empty when it is not told
 */
record ListedReplica(ServerArmId id, String location, String state, String replication) {
  /** Reads a list. */
  static List<ListedReplica> all(Map<String, Object> document) {
    return ListDocument.entries(document, "replicas").stream().map(ListedReplica::of).toList();
  }

  private static ListedReplica of(Map<?, ?> server) {
    Map<?, ?> properties = ListDocument.map(server, "properties");
    String id = ListDocument.text(server, "id");
    return new ListedReplica(
        ServerArmId.of(id)
            .orElseThrow(
                () -> ListDocument.unreadable("A list of replicas has the id '" + id + "'")),
        ArmScope.locationName(ListDocument.text(server, "location")),
        ListDocument.text(properties, "state"),
        replicationState(properties));
  }

  /** Of a server's properties: its list tells it, and a server by itself may. */
  static String replicationState(Map<?, ?> properties) {
    return ListDocument.text(ListDocument.map(properties, "replica"), "replicationState");
  }

  /**
   * What Azure's word means.
   *
   * @see <a
   *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas">Replication
   *     state</a>
   */
  static Replica.State state(String replication) {
    return switch (replication) {
      case "Active" -> Replica.State.REPLICATING;
      // All of these wait for the link, or for what it has to bring first.
      case "Provisioning", "Updating", "Catchup", "Reconfiguring" -> Replica.State.STARTING;
      case "Broken" -> Replica.State.BROKEN;
      default -> Replica.State.UNKNOWN;
    };
  }
}
