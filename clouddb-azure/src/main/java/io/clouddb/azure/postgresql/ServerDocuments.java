/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.http.HttpMethod;
import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.PostgreSqlManagementClient;
import io.clouddb.azure.internal.ArmDocuments;
import io.clouddb.azure.internal.ArmOperations;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmPipeline;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.spi.RemoteCalls;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests about servers, and about what is beneath one, that the SDK's last stable release cannot
 * make, or whose answers it cannot read.
 */
final class ServerDocuments {
  private final ArmScope scope;
  private final Supplier<PostgreSqlManager> manager;
  private final RemoteCalls calls;

  ServerDocuments(ArmScope scope, Supplier<PostgreSqlManager> manager, RemoteCalls calls) {
    this.scope = scope;
    this.manager = manager;
    this.calls = calls;
  }

  /**
   * The same of a server's resource group.
   *
   * @throws io.clouddb.error.CloudDbException when it is in another subscription
   */
  ServerDocuments at(ServerArmId server) {
    return new ServerDocuments(server.group(scope), manager, calls);
  }

  private PostgreSqlManagementClient client() {
    return manager.get().serviceClient();
  }

  private String url(String server, String path) {
    return client().getEndpoint().replaceAll("/+$", "")
        + new ServerArmId(
            scope.subscription(), ArmScope.encoded(scope.resourceGroup()), ArmScope.encoded(server))
        + path
        + "?api-version="
        + ArmPipeline.API_VERSION;
  }

  /**
   * Reads a document.
   *
   * @param path what is beneath the server, with a slash at its begin; empty for the server itself
   */
  Map<String, Object> get(String operation, String server, String path) {
    return calls.repeatable(
        "postgresql." + operation,
        server + path,
        () -> ArmDocuments.get(client().getHttpPipeline(), url(server, path)));
  }

  /**
   * Reads a page of a list.
   *
   * @param resource what the list is of, for errors
   * @param page path and query, for example out of the page before it
   */
  Map<String, Object> page(String operation, String resource, String page) {
    return calls.repeatable(
        "postgresql." + operation,
        resource,
        () ->
            ArmDocuments.get(
                client().getHttpPipeline(), ArmOperations.absolute(client().getEndpoint(), page)));
  }

  /** Sends a request that does the same when it is made twice. */
  Accepted send(
      String operation,
      HttpMethod method,
      String server,
      String path,
      @Nullable Map<String, Object> body) {
    return calls.repeatable(
        "postgresql." + operation,
        server + path,
        () -> ArmDocuments.send(client().getHttpPipeline(), method, url(server, path), body));
  }

  /** Sends a request that is for the caller to look for when its answer is lost. */
  Accepted sendOnce(String operation, HttpMethod method, String server, String path) {
    return calls.once(
        "postgresql." + operation,
        server + path,
        () -> ArmDocuments.send(client().getHttpPipeline(), method, url(server, path), null));
  }
}
