/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.azure.internal.ArmScope;
import io.clouddb.replica.Replica;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    return document.get("value") instanceof List<?> entries
        ? entries.stream().flatMap(entry -> of(entry).stream()).toList()
        : List.of();
  }

  private static Optional<ListedReplica> of(Object entry) {
    if (!(entry instanceof Map<?, ?> server)) {
      return Optional.empty();
    }
    Map<?, ?> properties = map(server, "properties");
    return ServerArmId.of(text(server, "id"))
        .map(
            id ->
                new ListedReplica(
                    id,
                    ArmScope.locationName(text(server, "location")),
                    text(properties, "state"),
                    replicationState(properties)));
  }

  /** Of a server's properties: its list tells it, and a server by itself may. */
  static String replicationState(Map<?, ?> properties) {
    return text(map(properties, "replica"), "replicationState");
  }

  static Map<?, ?> map(Map<?, ?> parent, String name) {
    return parent.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  static String text(Map<?, ?> parent, String name) {
    Object value = parent.get(name);
    return value == null ? "" : String.valueOf(value);
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
