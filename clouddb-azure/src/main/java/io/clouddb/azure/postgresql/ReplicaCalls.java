/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.http.HttpMethod;
import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.NotFoundException;
import io.clouddb.replica.Promotion;
import io.clouddb.spi.RemoteCalls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The requests about replication that the SDK's last stable release cannot make, or whose answers
 * it cannot read: it knows no virtual endpoints, no state of a replication, and of promotions only
 * the oldest form.
 */
final class ReplicaCalls {
  private final ServerDocuments documents;

  ReplicaCalls(ArmScope scope, Supplier<PostgreSqlManager> manager, RemoteCalls calls) {
    this(new ServerDocuments(scope, manager, calls));
  }

  private ReplicaCalls(ServerDocuments documents) {
    this.documents = documents;
  }

  /**
   * The same of a server's resource group.
   *
   * @throws io.clouddb.error.CloudDbException when it is in another subscription
   */
  ReplicaCalls at(ServerArmId server) {
    return new ReplicaCalls(documents.at(server));
  }

  private static String path(String endpoint) {
    return "/virtualendpoints/" + ArmScope.encoded(endpoint);
  }

  /**
   * The replicas of a server, in whatever region and group.
   *
   * @throws NotFoundException when there is no such server
   */
  List<ListedReplica> replicas(String server) {
    return ListedReplica.all(documents.get("Replicas.ListByServer", server, "/replicas"));
  }

  /** What a replica says itself of how replication goes; empty when it does not. */
  String replicationState(String replica) {
    return ListedReplica.replicationState(
        ListDocument.map(documents.get("Servers.Get", replica, ""), "properties"));
  }

  /**
   * Promotes a replica. Twice is refused: what was promoted is no replica any more.
   *
   * @see <a href="https://learn.microsoft.com/rest/api/postgresql/servers/update">Servers -
   *     Update</a>
   */
  Accepted promote(String replica, Promotion promotion) {
    boolean switches = promotion.form() == Promotion.Form.SWITCHOVER;
    Map<String, Object> words =
        Map.of(
            "role",
            switches ? "Primary" : "None",
            "promoteMode",
            switches ? "Switchover" : "Standalone",
            "promoteOption",
            promotion.isForced() ? "Forced" : "Planned");
    return documents.send(
        "Servers.Update",
        HttpMethod.PATCH,
        replica,
        "",
        Map.of("properties", Map.of("replica", words)));
  }

  /** The virtual endpoints of a primary, of which Azure makes one at most. */
  List<VirtualEndpoint> endpoints(String primary) {
    try {
      return VirtualEndpoint.all(
          documents.get("VirtualEndpoints.ListByServer", primary, "/virtualendpoints"));
    } catch (NotFoundException e) {
      // Azure answers so also where there is a server, and no endpoint.
      return List.of();
    }
  }

  Optional<VirtualEndpoint> endpoint(String primary, String name) {
    try {
      return Optional.of(
          VirtualEndpoint.of(documents.get("VirtualEndpoints.Get", primary, path(name))));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  Accepted createEndpoint(String primary, String name, String reader) {
    return documents.send(
        "VirtualEndpoints.Create",
        HttpMethod.PUT,
        primary,
        path(name),
        Map.of("properties", Map.of("endpointType", "ReadWrite", "members", List.of(reader))));
  }

  Accepted deleteEndpoint(String primary, String name) {
    return documents.send("VirtualEndpoints.Delete", HttpMethod.DELETE, primary, path(name), null);
  }
}
