/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmHandler;
import io.clouddb.testkit.simulator.arm.ArmJson;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.arm.ArmRoutes;
import io.clouddb.testkit.simulator.arm.KnownFields;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Requests about virtual endpoints, which are made at the primary. */
final class EndpointRequests {
  private final FlexibleServers servers;
  private final VirtualEndpoints endpoints;
  private final ArmChanges changes;

  EndpointRequests(FlexibleServers servers, VirtualEndpoints endpoints, ArmChanges changes) {
    this.servers = servers;
    this.endpoints = endpoints;
    this.changes = changes;
  }

  private interface AtPrimary {
    SimulatedResponse handle(ArmCall route, SimulatedInstance primary);
  }

  void register(ArmRoutes.Under table) {
    String all = "{server}/" + VirtualEndpoints.KIND;
    String one = all + "/{endpoint}";
    add(
        table,
        "ListByServer",
        Verb.LIST,
        "GET",
        all,
        (route, primary) -> ArmJson.json(200, endpoints.list(route, primary)));
    add(
        table,
        "Get",
        Verb.READ,
        "GET",
        one,
        (route, primary) -> ArmJson.json(200, endpoints.get(route, primary)));
    add(
        table,
        "Create",
        Verb.CREATE,
        "PUT",
        one,
        (route, primary) -> put(route, primary, "VirtualEndpointCreateManagementOperation"));
    add(table, "Update", Verb.MODIFY, "PATCH", one, this::update);
    add(table, "Delete", Verb.DELETE, "DELETE", one, this::delete);
  }

  private void add(
      ArmRoutes.Under table, String name, Verb verb, String method, String path, AtPrimary work) {
    table.add("VirtualEndpoints_" + name, verb, Call.NETWORK, method, path, atPrimary(work));
  }

  /** Reports tell of 400 where it is asked of a replica, and not with which code. */
  private ArmHandler atPrimary(AtPrimary work) {
    return route -> {
      if (route.apiVersion().equals(ArmVersions.OLDEST)) {
        throw new ArmRefusal(
            400,
            "NoRegisteredProviderFound",
            "No registered resource provider found for API version '"
                + route.apiVersion()
                + "' for type 'flexibleServers/virtualendpoints'.");
      }
      SimulatedInstance primary = servers.existing(route);
      if (primary.source().isPresent()) {
        throw ArmRefusal.invalid(
            "serverName", primary.key().name() + " is a replica; its primary has the endpoints");
      }
      return work.handle(route, primary);
    };
  }

  private SimulatedResponse update(ArmCall route, SimulatedInstance primary) {
    // It has to be there.
    ObjectNode unused = endpoints.get(route, primary);
    return put(route, primary, "VirtualEndpointUpdateManagementOperation");
  }

  private SimulatedResponse put(ArmCall route, SimulatedInstance primary, String name) {
    KnownFields body =
        KnownFields.of(
            ArmJson.body(route.request()),
            Set.of("name", "properties.endpointType", "properties.members"));
    Optional<String> type = body.text("properties.endpointType");
    if (type.isPresent() && !type.get().equals("ReadWrite")) {
      throw ArmRefusal.invalid("endpointType", type.get());
    }
    List<String> members = body.texts("properties.members");
    return changes.begin(
        route,
        ServerDocument.settings(primary).location(),
        name,
        () -> {
          requireReady(primary);
          endpoints.requireFree(primary, route.part("endpoint"));
          endpoints.put(primary, route.part("endpoint"), members);
          return null;
        });
  }

  private SimulatedResponse delete(ArmCall route, SimulatedInstance primary) {
    String endpoint = route.part("endpoint");
    if (!endpoints.of(primary).map(endpoint::equals).orElse(false)) {
      return SimulatedResponse.empty(204);
    }
    return changes.begin(
        route,
        ServerDocument.settings(primary).location(),
        "VirtualEndpointDropManagementOperation",
        () -> {
          requireReady(primary);
          boolean unused = endpoints.remove(primary, endpoint);
          return null;
        });
  }

  /** As recorded, without a code. */
  private static void requireReady(SimulatedInstance primary) {
    if (primary.state() != InstanceState.AVAILABLE) {
      throw ArmRefusal.later(
          "",
          "Server "
              + primary.key().name()
              + " should be in Ready state to create/update/drop virtual endpoint\"");
    }
  }
}
