/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmOperations;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.arm.ArmRoutes;
import io.clouddb.testkit.simulator.arm.ArmService;
import io.clouddb.testkit.simulator.arm.ResourceGroups;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.server.ManagedServers;
import java.time.Duration;

/**
 * Azure Database for PostgreSQL, flexible server: the resource provider.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/postgresql/servers">Azure's REST API</a>
 */
public final class FlexibleServerService implements ArmService {
  private final ArmOperations operations;
  private final FlexibleServers servers;
  private final Promotions promotions;
  private final EndpointRequests endpoints;
  private final ServerChildren children;
  private final BackupRequests backups;

  /**
   * Makes the service, without servers.
   *
   * @param managed where its servers are
   * @param groups the groups that they are in
   * @param pageSize how many servers are on a page of a list
   * @param retryAfter after how many seconds clients are told to ask again
   * @param shownAfter for how long a server is not found after its creation, in simulated time
   */
  public FlexibleServerService(
      ManagedServers managed,
      ResourceGroups groups,
      int pageSize,
      int retryAfter,
      Duration shownAfter) {
    this.operations = new ArmOperations(managed.engine(), "Microsoft.DBforPostgreSQL", retryAfter);
    ArmChanges changes = new ArmChanges(managed, operations);
    FirewallRules firewall = new FirewallRules();
    ReplicaRules rules = new ReplicaRules(managed);
    AutomatedBackups automated = new AutomatedBackups(managed);
    this.backups = new BackupRequests(managed, automated, changes, pageSize);
    ServerBackups all =
        new ServerBackups(automated, backups, new Restores(managed, backups, automated, changes));
    ReadReplicas replicas = new ReadReplicas(managed, rules, firewall, changes, automated);
    VirtualEndpoints names = new VirtualEndpoints(managed);
    this.servers =
        new FlexibleServers(managed, groups, changes, replicas, rules, all, pageSize, shownAfter);
    this.promotions = new Promotions(managed, rules, names, changes);
    this.endpoints = new EndpointRequests(servers, names, changes);
    this.children = new ServerChildren(servers, new Configurations(managed), firewall, changes);
  }

  @Override
  public void register(ArmRoutes routes) {
    operations.register(routes, this);
    ArmRoutes.Under table =
        routes.under(this, ResourceGroups.PATH + "/providers/" + ServerDocument.TYPE);
    promotions.register(table, servers);
    servers.register(table);
    endpoints.register(table);
    children.register(table);
    backups.register(table, servers);
    Capabilities.register(
        routes.under(
            this,
            "subscriptions/{subscription}/providers/Microsoft.DBforPostgreSQL/locations/{location}"));
  }

  @Override
  public void requireVersion(String apiVersion) {
    ArmVersions.require(apiVersion);
  }

  /** Forgets all asynchronous operations, as Azure does after some time. */
  public void forgetOperations() {
    operations.forget();
  }

  @Override
  public ArmRefusal refused(ArmCall call, SimulatorException reason) {
    String message = reason.sentence();
    String operation = call.call().operation();
    return switch (reason.reason()) {
      case ALREADY_EXISTS -> new ArmRefusal(409, "ServerNameAlreadyExists", message);
      case NOT_FOUND -> FlexibleServers.notFound(call);
      // Reads only: changes are accepted, and fail later.
      case WRONG_STATE -> new ArmRefusal(409, "Conflict", message);
      case QUOTA -> new ArmRefusal(409, "ServerQuotaExceeded", message);
      case INVALID_PARAMETER -> ArmRefusal.invalid(call.part("configuration"), message);
      case BACKEND ->
          operation.endsWith("_Get") || operation.contains("_List")
              // The database may just be restarting.
              ? new ArmRefusal(500, "InternalServerError", message)
              : new ArmRefusal(400, "InvalidParameterValue", message);
      case START_FAILED -> new ArmRefusal(500, "InternalServerError", message);
    };
  }
}
