/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmJson;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.arm.KnownFields;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.ResourceStore;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Who may reach a server: kept, and not enforced. */
final class FirewallRules {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?:\\.(?!$)|$)){4}");

  /** As the definition of 2025-08-01 has it. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][-_a-zA-Z0-9]{0,79}(?<!-)");

  private final ResourceStore<Range> rules = new ResourceStore<>("firewall rule");

  /** Addresses, both of which belong to it. */
  record Range(String start, String end) {}

  /** What belongs to a server that was deleted belongs to no later one of its name. */
  private static String scope(SimulatedInstance instance) {
    return instance.key() + "/" + instance.uid();
  }

  private static ResourceKey key(SimulatedInstance instance, String name) {
    return new ResourceKey(scope(instance), name);
  }

  List<ObjectNode> list(ArmCall route, SimulatedInstance instance) {
    return rules.list(scope(instance)).stream()
        .flatMap(key -> rules.find(key).map(range -> document(route, key.name(), range)).stream())
        .toList();
  }

  ObjectNode get(ArmCall route, SimulatedInstance instance) {
    String name = route.part("rule");
    return rules
        .find(key(instance, name))
        .map(range -> document(route, name, range))
        .orElseThrow(
            () ->
                new ArmRefusal(
                    404, "ResourceNotFound", "The specified resource " + name + " was not found."));
  }

  private static ObjectNode document(ArmCall route, String name, Range range) {
    return ServerDocument.child(
        route,
        "firewallRules",
        name,
        ArmJson.object().put("startIpAddress", range.start()).put("endIpAddress", range.end()));
  }

  boolean has(ArmCall route, SimulatedInstance instance) {
    return rules.find(key(instance, route.part("rule"))).isPresent();
  }

  /** What a request asks for. */
  static Range range(ArmCall route, SimulatedInstance instance) {
    KnownFields body =
        KnownFields.of(
            ArmJson.body(route.request()),
            Set.of("name", "properties.startIpAddress", "properties.endIpAddress"));
    Range range =
        new Range(
            address(body.required("properties.startIpAddress")),
            address(body.required("properties.endIpAddress")));
    if (!NAME.matcher(route.part("rule")).matches()) {
      throw ArmRefusal.invalid("firewallRuleName", "letters, digits, hyphens and underscores");
    }
    if (ServerDocument.settings(instance).subnet() != null) {
      throw ArmRefusal.invalid("firewallRuleName", "a private server has no firewall rules");
    }
    if (!ServerDocument.settings(instance).publicAccess()) {
      // Neither a document nor a recording tells whether it is kept for later, or refused.
      throw new NotSimulatedException("a firewall rule of a server without public access");
    }
    return range;
  }

  private static String address(String text) {
    if (!ADDRESS.matcher(text).matches()) {
      throw ArmRefusal.invalid("ipAddress", text + " is no IPv4 address");
    }
    return text;
  }

  void put(ArmCall route, SimulatedInstance instance, Range range) {
    rules.put(key(instance, route.part("rule")), range);
  }

  void remove(ArmCall route, SimulatedInstance instance) {
    Range unused = rules.remove(key(instance, route.part("rule")));
  }

  /**
   * Gives a new replica what its source has; later each goes its own way.
   *
   * @see <a
   *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas">Connect
   *     to a replica</a>
   */
  void inherit(SimulatedInstance source, SimulatedInstance replica) {
    for (ResourceKey key : rules.list(scope(source))) {
      rules.find(key).ifPresent(range -> rules.put(key(replica, key.name()), range));
    }
  }
}
