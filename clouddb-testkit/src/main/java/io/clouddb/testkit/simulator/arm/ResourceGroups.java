/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.SimulatedResponse;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Subscriptions and their resource groups, in which everything else has to be. */
final class ResourceGroups {
  private final Set<String> subscriptions = ConcurrentHashMap.newKeySet();
  private final Map<String, Group> groups = new ConcurrentHashMap<>();

  private record Group(String name, String location, Map<String, String> tags) {}

  void add(String subscription, String name, String location) {
    subscriptions.add(subscription);
    groups.put(key(subscription, name), new Group(name, location, Map.of()));
  }

  private static String key(String subscription, String name) {
    return subscription + "/" + name.toLowerCase(Locale.ROOT);
  }

  String location(String subscription, String name) {
    Group group = groups.get(key(subscription, name));
    if (group == null) {
      throw new IllegalArgumentException(
          "There is no resource group '" + name + "' in " + subscription + ", but " + scopes());
    }
    return group.location();
  }

  /** The scopes of all groups. */
  Collection<String> scopes() {
    return groups.keySet();
  }

  void requireSubscription(ArmRoute route) {
    if (!subscriptions.contains(route.subscription())) {
      throw new ArmRefusal(
          404,
          "SubscriptionNotFound",
          "The subscription '" + route.subscription() + "' could not be found.");
    }
  }

  void require(ArmRoute route) {
    if (!groups.containsKey(route.scope())) {
      throw new ArmRefusal(
          404,
          "ResourceGroupNotFound",
          "Resource group '" + route.group() + "' could not be found.");
    }
  }

  SimulatedResponse get(ArmRoute route) {
    require(route);
    return ArmWords.json(200, document(route));
  }

  SimulatedResponse put(ArmRoute route, ObjectNode body) {
    KnownFields fields = KnownFields.of(body, Set.of("location", "name", "tags.*"));
    Map<String, String> tags = new ConcurrentHashMap<>();
    fields
        .object("tags")
        .ifPresent(
            node ->
                node.properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText())));
    Group before =
        groups.put(
            route.scope(), new Group(route.group(), fields.required("location"), Map.copyOf(tags)));
    return ArmWords.json(before == null ? 201 : 200, document(route));
  }

  private ObjectNode document(ArmRoute route) {
    Group group = groups.get(route.scope());
    ObjectNode node = ArmWords.object();
    if (group != null) {
      node.put("id", ArmWords.groupId(route))
          .put("name", group.name())
          .put("type", "Microsoft.Resources/resourceGroups")
          .put("location", group.location());
      ObjectNode tags = node.putObject("tags");
      group.tags().forEach(tags::put);
      node.putObject("properties").put("provisioningState", "Succeeded");
    }
    return node;
  }
}
