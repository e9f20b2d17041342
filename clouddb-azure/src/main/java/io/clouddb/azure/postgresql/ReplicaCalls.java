/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.http.HttpMethod;
import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.PostgreSqlManagementClient;
import io.clouddb.azure.internal.ArmDocuments;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmPipeline;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.NotFoundException;
import io.clouddb.replica.Promotion;
import io.clouddb.spi.RemoteCalls;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
  private final ArmScope scope;
  private final Supplier<PostgreSqlManager> manager;
  private final RemoteCalls calls;

  ReplicaCalls(ArmScope scope, Supplier<PostgreSqlManager> manager, RemoteCalls calls) {
    this.scope = scope;
    this.manager = manager;
    this.calls = calls;
  }

  private PostgreSqlManagementClient client() {
    return manager.get().serviceClient();
  }

  /**
   * The same of a server's resource group.
   *
   * @throws io.clouddb.error.CloudDbException when it is in another subscription
   */
  ReplicaCalls at(ServerArmId server) {
    return new ReplicaCalls(server.group(scope), manager, calls);
  }

  /** A name as part of a path: a token can have been rewritten. */
  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String path(String endpoint) {
    return "/virtualendpoints/" + encoded(endpoint);
  }

  private String url(String server, String path) {
    return client().getEndpoint().replaceAll("/+$", "")
        + new ServerArmId(scope.subscription(), encoded(scope.resourceGroup()), encoded(server))
        + path
        + "?api-version="
        + ArmPipeline.API_VERSION;
  }

  private Map<String, Object> get(String operation, String server, String path) {
    return calls.repeatable(
        "postgresql." + operation,
        server + path,
        () -> ArmDocuments.get(client().getHttpPipeline(), url(server, path)));
  }

  /**
   * The replicas of a server, in whatever region and group.
   *
   * @throws NotFoundException when there is no such server
   */
  List<ListedReplica> replicas(String server) {
    return ListedReplica.all(get("Replicas.ListByServer", server, "/replicas"));
  }

  /** What a replica says itself of how replication goes; empty when it does not. */
  String replicationState(String replica) {
    return ListedReplica.replicationState(
        ListedReplica.map(get("Servers.Get", replica, ""), "properties"));
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
    return send(
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
          get("VirtualEndpoints.ListByServer", primary, "/virtualendpoints"));
    } catch (NotFoundException e) {
      // Azure answers so also where there is a server, and no endpoint.
      return List.of();
    }
  }

  Optional<VirtualEndpoint> endpoint(String primary, String name) {
    try {
      return VirtualEndpoint.of(get("VirtualEndpoints.Get", primary, path(name)));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  Accepted createEndpoint(String primary, String name, String reader) {
    return send(
        "VirtualEndpoints.Create",
        HttpMethod.PUT,
        primary,
        path(name),
        Map.of("properties", Map.of("endpointType", "ReadWrite", "members", List.of(reader))));
  }

  Accepted deleteEndpoint(String primary, String name) {
    return calls.repeatable(
        "postgresql.VirtualEndpoints.Delete",
        primary + "/" + name,
        () ->
            ArmDocuments.send(
                client().getHttpPipeline(), HttpMethod.DELETE, url(primary, path(name)), null));
  }

  private Accepted send(
      String operation, HttpMethod method, String server, String path, Map<String, Object> body) {
    return calls.repeatable(
        "postgresql." + operation,
        server + path,
        () -> ArmDocuments.send(client().getHttpPipeline(), method, url(server, path), body));
  }
}
