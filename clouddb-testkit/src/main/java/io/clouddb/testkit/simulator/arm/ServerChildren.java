/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.NotSimulatedException;
import io.clouddb.testkit.simulator.ResourceKey;
import io.clouddb.testkit.simulator.ResourceStore;
import io.clouddb.testkit.simulator.SimulatedInstance;
import io.clouddb.testkit.simulator.SimulatedRequest;
import io.clouddb.testkit.simulator.SimulatedResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Requests about what belongs to a server: databases, server parameters, firewall rules. */
final class ServerChildren {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?:\\.(?!$)|$)){4}");
  private static final Pattern RULE = Pattern.compile("[-_a-zA-Z0-9]{1,128}");

  private final FlexibleServers servers;
  private final Configurations configurations;
  private final ArmChanges changes;
  private final ResourceStore<Range> rules = new ResourceStore<>();

  private record Range(String start, String end) {}

  ServerChildren(FlexibleServers servers, Configurations configurations, ArmChanges changes) {
    this.servers = servers;
    this.configurations = configurations;
    this.changes = changes;
  }

  SimulatedResponse answer(ArmRoute route, SimulatedRequest request) {
    SimulatedInstance instance = servers.existing(route);
    return switch (route.operation()) {
      case "Databases_Get" -> ArmWords.json(200, database(route, instance, route.child()));
      case "Databases_ListByServer" ->
          list(instance.databases().stream().map(name -> database(route, instance, name)).toList());
      case "Databases_Create" -> createDatabase(route, request, instance);
      case "Databases_Delete" -> deleteDatabase(route, request, instance);
      case "Configurations_Get" ->
          ArmWords.json(200, configurations.get(route, instance, route.child()));
      case "Configurations_ListByServer" -> list(configurations.list(route, instance));
      case "Configurations_Put", "Configurations_Update" -> configure(route, request, instance);
      case "FirewallRules_Get" -> ArmWords.json(200, rule(route, key(route)));
      case "FirewallRules_ListByServer" ->
          list(rules.list(scope(route, instance)).stream().map(key -> rule(route, key)).toList());
      case "FirewallRules_CreateOrUpdate" -> createRule(route, request, instance);
      case "FirewallRules_Delete" -> deleteRule(route, request, instance);
      default -> throw new NotSimulatedException(request.toString());
    };
  }

  private static SimulatedResponse list(List<ObjectNode> values) {
    ObjectNode body = ArmWords.object();
    ArrayNode value = body.putArray("value");
    values.forEach(value::add);
    return ArmWords.json(200, body);
  }

  /** What belongs to a server that was deleted belongs to no later one of its name. */
  private static String scope(ArmRoute route, SimulatedInstance instance) {
    return route.serverScope() + "/" + instance.uid();
  }

  private ResourceKey key(ArmRoute route) {
    return new ResourceKey(scope(route, servers.existing(route)), route.child());
  }

  private SimulatedResponse begin(
      ArmRoute route,
      SimulatedRequest request,
      SimulatedInstance instance,
      String name,
      ArmOperationLog.Work work) {
    return changes.begin(
        route,
        request,
        ServerDocument.settings(instance).location(),
        name,
        () -> {
          ArmChanges.requireReady(route, instance.state());
          return work.begin();
        });
  }

  private static ArmRefusal notFound(String kind, String name) {
    return new ArmRefusal(
        404,
        "ResourceNotFound",
        "The requested resource of type '"
            + ArmWords.TYPE
            + "/"
            + kind
            + "' with name '"
            + name
            + "' was not found.");
  }

  private static ObjectNode database(ArmRoute route, SimulatedInstance instance, String name) {
    if (!instance.databases().contains(name)) {
      throw notFound("databases", name);
    }
    return ArmWords.child(
        route,
        "databases",
        name,
        ArmWords.object().put("charset", "UTF8").put("collation", "en_US.utf8"));
  }

  private SimulatedResponse createDatabase(
      ArmRoute route, SimulatedRequest request, SimulatedInstance instance) {
    KnownFields body =
        KnownFields.of(
            ArmWords.body(request), Set.of("name", "properties.charset", "properties.collation"));
    String charset = body.text("properties.charset").orElse("UTF8");
    if (!charset.toUpperCase(Locale.ROOT).equals("UTF8")) {
      throw new NotSimulatedException("the charset " + charset);
    }
    return begin(
        route,
        request,
        instance,
        "UpsertServerDatabaseManagementOperation",
        () -> {
          // A PUT of what exists is fine, also when two come at once.
          synchronized (instance) {
            if (!instance.databases().contains(route.child())) {
              instance.createDatabase(route.child());
            }
          }
          return null;
        });
  }

  private SimulatedResponse deleteDatabase(
      ArmRoute route, SimulatedRequest request, SimulatedInstance instance) {
    return begin(
        route,
        request,
        instance,
        "DropServerDatabaseManagementOperation",
        () -> {
          if (instance.databases().contains(route.child())) {
            instance.dropDatabase(route.child());
          }
          return null;
        });
  }

  private SimulatedResponse configure(
      ArmRoute route, SimulatedRequest request, SimulatedInstance instance) {
    KnownFields body =
        KnownFields.of(
            ArmWords.body(request), Set.of("name", "properties.value", "properties.source"));
    String value = body.required("properties.value");
    return begin(
        route,
        request,
        instance,
        "UpdateConfigurationManagementOperation",
        () -> configurations.set(instance, route.child(), value));
  }

  private ObjectNode rule(ArmRoute route, ResourceKey key) {
    Range range =
        rules
            .find(key)
            .orElseThrow(
                () ->
                    new ArmRefusal(
                        404,
                        "ResourceNotFound",
                        "The specified resource " + key.name() + " was not found."));
    return ArmWords.child(
        route,
        "firewallRules",
        key.name(),
        ArmWords.object().put("startIpAddress", range.start()).put("endIpAddress", range.end()));
  }

  private SimulatedResponse createRule(
      ArmRoute route, SimulatedRequest request, SimulatedInstance instance) {
    KnownFields body =
        KnownFields.of(
            ArmWords.body(request),
            Set.of("name", "properties.startIpAddress", "properties.endIpAddress"));
    Range range =
        new Range(
            address(body.required("properties.startIpAddress")),
            address(body.required("properties.endIpAddress")));
    if (!RULE.matcher(route.child()).matches()) {
      throw ArmRefusal.invalid("firewallRuleName", "letters, digits, hyphens and underscores");
    }
    if (ServerDocument.settings(instance).subnet() != null) {
      throw ArmRefusal.invalid("firewallRuleName", "a private server has no firewall rules");
    }
    return begin(
        route,
        request,
        instance,
        "UpsertServerFirewallRulesManagementOperation",
        () -> {
          rules.put(key(route), range);
          return null;
        });
  }

  private SimulatedResponse deleteRule(
      ArmRoute route, SimulatedRequest request, SimulatedInstance instance) {
    ResourceKey key = key(route);
    if (rules.find(key).isEmpty()) {
      return SimulatedResponse.empty(204);
    }
    return begin(
        route,
        request,
        instance,
        "DropServerFirewallRulesManagementOperation",
        () -> {
          rules.remove(key);
          return null;
        });
  }

  private static String address(String text) {
    if (!ADDRESS.matcher(text).matches()) {
      throw ArmRefusal.invalid("ipAddress", text + " is no IPv4 address");
    }
    return text;
  }
}
