/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Subscriptions and their resource groups, in which everything else has to be. */
public final class ResourceGroups implements ArmService {
  /** The begin of the path of what is in a group. */
  public static final String PATH = "subscriptions/{subscription}/resourceGroups/{group}";

  private static final String GROUP = "resourceGroup";

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

  ResourceGroups() {}

  @Override
  public void register(ArmRoutes routes) {
    routes
        .under(this, PATH)
        .add("ResourceGroups_Get", Verb.READ, GROUP, "GET", "", this::get)
        .add("ResourceGroups_CreateOrUpdate", Verb.CREATE, GROUP, "PUT", "", this::put);
  }

  /** Any: its own versions are not looked at. */
  @Override
  public void requireVersion(String apiVersion) {}

  @Override
  public ArmRefusal refused(ArmCall call, SimulatorException reason) {
    return new ArmRefusal(500, "InternalServerError", reason.sentence());
  }

  /**
   * The scopes of all groups.
   *
   * @return as {@link ArmCall#scope()} has them
   */
  public Collection<String> scopes() {
    return groups.keySet();
  }

  /**
   * The id of a group.
   *
   * @param scope as {@link ArmCall#scope()} has it
   * @return with the group's name as it was first given, and a slash at its begin
   */
  public String id(String scope) {
    Group group = groups.get(scope);
    int slash = scope.indexOf('/');
    return "/subscriptions/"
        + scope.substring(0, slash)
        + "/resourceGroups/"
        + (group == null ? scope.substring(slash + 1) : group.name());
  }

  void requireSubscription(ArmCall route) {
    if (!subscriptions.contains(route.subscription())) {
      throw new ArmRefusal(
          404,
          "SubscriptionNotFound",
          "The subscription '" + route.subscription() + "' could not be found.");
    }
  }

  void require(ArmCall route) {
    if (!groups.containsKey(route.scope())) {
      throw new ArmRefusal(
          404,
          "ResourceGroupNotFound",
          "Resource group '" + route.group() + "' could not be found.");
    }
  }

  private SimulatedResponse get(ArmCall route) {
    require(route);
    return ArmJson.json(200, document(route));
  }

  private SimulatedResponse put(ArmCall route) {
    ObjectNode body = ArmJson.body(route.request());
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
    return ArmJson.json(before == null ? 201 : 200, document(route));
  }

  private ObjectNode document(ArmCall route) {
    Group group = groups.get(route.scope());
    ObjectNode node = ArmJson.object();
    if (group != null) {
      node.put("id", route.groupId())
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
