/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmHandler;
import io.clouddb.testkit.simulator.arm.ArmJson;
import io.clouddb.testkit.simulator.arm.ArmOperations;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.arm.ArmRoutes;
import io.clouddb.testkit.simulator.arm.KnownFields;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Requests about what belongs to a server: databases, server parameters, firewall rules. */
final class ServerChildren {
  private final FlexibleServers servers;
  private final Configurations configurations;
  private final FirewallRules rules;
  private final ArmChanges changes;

  ServerChildren(
      FlexibleServers servers,
      Configurations configurations,
      FirewallRules rules,
      ArmChanges changes) {
    this.servers = servers;
    this.configurations = configurations;
    this.rules = rules;
    this.changes = changes;
  }

  void register(ArmRoutes.Under table) {
    databases(table);
    configurations(table);
    firewallRules(table);
  }

  private void databases(ArmRoutes.Under table) {
    String one = "{server}/databases/{database}";
    table
        .add(
            "Databases_ListByServer",
            Verb.LIST,
            Call.DATABASE,
            "GET",
            "{server}/databases",
            inside(
                (route, instance) ->
                    list(
                        instance.databases().stream()
                            .map(name -> database(route, instance, name))
                            .toList())))
        .add(
            "Databases_Get",
            Verb.READ,
            Call.DATABASE,
            "GET",
            one,
            inside(
                (route, instance) ->
                    ArmJson.json(200, database(route, instance, route.part("database")))))
        .add(
            "Databases_Create",
            Verb.CREATE,
            Call.DATABASE,
            "PUT",
            one,
            onServer(this::createDatabase))
        .add(
            "Databases_Delete",
            Verb.DELETE,
            Call.DATABASE,
            "DELETE",
            one,
            onServer(this::deleteDatabase));
  }

  private void configurations(ArmRoutes.Under table) {
    String one = "{server}/configurations/{configuration}";
    table
        .add(
            "Configurations_ListByServer",
            Verb.LIST,
            Call.PARAMETERS,
            "GET",
            "{server}/configurations",
            inside((route, instance) -> list(configurations.list(route, instance))))
        .add(
            "Configurations_Get",
            Verb.READ,
            Call.PARAMETERS,
            "GET",
            one,
            inside(
                (route, instance) ->
                    ArmJson.json(
                        200, configurations.get(route, instance, route.part("configuration")))))
        .add(
            "Configurations_Put",
            Verb.MODIFY,
            Call.PARAMETERS,
            "PUT",
            one,
            onServer(this::configure))
        .add(
            "Configurations_Update",
            Verb.MODIFY,
            Call.PARAMETERS,
            "PATCH",
            one,
            onServer(this::configure));
  }

  private void firewallRules(ArmRoutes.Under table) {
    String one = "{server}/firewallRules/{rule}";
    table
        .add(
            "FirewallRules_ListByServer",
            Verb.LIST,
            Call.NETWORK,
            "GET",
            "{server}/firewallRules",
            onServer((route, instance) -> list(rules.list(route, instance))))
        .add(
            "FirewallRules_Get",
            Verb.READ,
            Call.NETWORK,
            "GET",
            one,
            onServer((route, instance) -> ArmJson.json(200, rules.get(route, instance))))
        .add(
            "FirewallRules_CreateOrUpdate",
            Verb.CREATE,
            Call.NETWORK,
            "PUT",
            one,
            onServer(this::createRule))
        .add(
            "FirewallRules_Delete",
            Verb.DELETE,
            Call.NETWORK,
            "DELETE",
            one,
            onServer(this::deleteRule));
  }

  private interface OnServer {
    SimulatedResponse handle(ArmCall route, SimulatedInstance instance);
  }

  private ArmHandler onServer(OnServer handler) {
    return route -> handler.handle(route, servers.existing(route));
  }

  /**
   * As reported, what is inside of a stopped server is not told. No report has the sentence.
   *
   * @see <a href="https://github.com/turbot/steampipe-plugin-azure/pull/1015">Parameters of a
   *     stopped server</a>
   */
  private ArmHandler inside(OnServer handler) {
    return onServer(
        (route, instance) -> {
          if (instance.state() == InstanceState.STOPPED) {
            throw new ArmRefusal(
                400,
                "ServerStoppedError",
                "Server '" + instance.key().name() + "' is stopped. Please start it first.");
          }
          return handler.handle(route, instance);
        });
  }

  private static SimulatedResponse list(List<ObjectNode> values) {
    ObjectNode body = ArmJson.object();
    ArrayNode value = body.putArray("value");
    values.forEach(value::add);
    return ArmJson.json(200, body);
  }

  private SimulatedResponse begin(
      ArmCall route, SimulatedInstance instance, String name, ArmOperations.Work work) {
    return changes.begin(
        route,
        ServerDocument.settings(instance).location(),
        name,
        () -> {
          ArmChanges.requireReady(instance);
          return work.begin();
        });
  }

  private static ArmRefusal notFound(String kind, String name) {
    return new ArmRefusal(
        404,
        "ResourceNotFound",
        "The requested resource of type '"
            + ServerDocument.TYPE
            + "/"
            + kind
            + "' with name '"
            + name
            + "' was not found.");
  }

  private static ObjectNode database(ArmCall route, SimulatedInstance instance, String name) {
    if (!instance.databases().contains(name)) {
      throw notFound("databases", name);
    }
    return ServerDocument.child(
        route,
        "databases",
        name,
        ArmJson.object().put("charset", "UTF8").put("collation", "en_US.utf8"));
  }

  private SimulatedResponse createDatabase(ArmCall route, SimulatedInstance instance) {
    KnownFields body =
        KnownFields.of(
            ArmJson.body(route.request()),
            Set.of("name", "properties.charset", "properties.collation"));
    String charset = body.text("properties.charset").orElse("UTF8");
    if (!charset.toUpperCase(Locale.ROOT).equals("UTF8")) {
      throw new NotSimulatedException("the charset " + charset);
    }
    return begin(
        route,
        instance,
        "UpsertServerDatabaseManagementOperation",
        () -> {
          // A PUT of what exists is fine, also when two come at once.
          synchronized (instance) {
            if (!instance.databases().contains(route.part("database"))) {
              instance.createDatabase(route.part("database"));
            }
          }
          return null;
        });
  }

  private SimulatedResponse deleteDatabase(ArmCall route, SimulatedInstance instance) {
    return begin(
        route,
        instance,
        "DropServerDatabaseManagementOperation",
        () -> {
          if (instance.databases().contains(route.part("database"))) {
            instance.dropDatabase(route.part("database"));
          }
          return null;
        });
  }

  private SimulatedResponse configure(ArmCall route, SimulatedInstance instance) {
    KnownFields body =
        KnownFields.of(
            ArmJson.body(route.request()), Set.of("name", "properties.value", "properties.source"));
    String value = body.required("properties.value");
    return begin(
        route,
        instance,
        "UpdateConfigurationManagementOperation",
        () -> configurations.set(route, instance, value));
  }

  private SimulatedResponse createRule(ArmCall route, SimulatedInstance instance) {
    FirewallRules.Range range = FirewallRules.range(route, instance);
    return begin(
        route,
        instance,
        "UpsertServerFirewallRulesManagementOperation",
        () -> {
          rules.put(route, instance, range);
          return null;
        });
  }

  private SimulatedResponse deleteRule(ArmCall route, SimulatedInstance instance) {
    if (!rules.has(route, instance)) {
      return SimulatedResponse.empty(204);
    }
    return begin(
        route,
        instance,
        "DropServerFirewallRulesManagementOperation",
        () -> {
          rules.remove(route, instance);
          return null;
        });
  }
}
