/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.InstanceRequest;
import io.clouddb.testkit.simulator.InstanceState;
import io.clouddb.testkit.simulator.Modification;
import io.clouddb.testkit.simulator.NotSimulatedException;
import io.clouddb.testkit.simulator.ResourceKey;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.SimulatedInstance;
import io.clouddb.testkit.simulator.SimulatedOperation;
import io.clouddb.testkit.simulator.SimulatedRequest;
import io.clouddb.testkit.simulator.SimulatedResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Requests about servers. */
final class FlexibleServers {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][-a-z0-9]{1,61}[a-z0-9]");
  private static final Set<String> LOGINS =
      Set.of(
          "azure_superuser", "azure_pg_admin", "admin", "administrator", "root", "guest", "public");
  private static final int SHORTEST_PASSWORD = 8;
  private static final int LONGEST_PASSWORD = 128;
  private static final Set<String> SHARED =
      Set.of(
          "sku.name",
          "sku.tier",
          "tags.*",
          "properties.administratorLoginPassword",
          "properties.storage.storageSizeGB",
          "properties.backup.backupRetentionDays",
          "properties.highAvailability.mode",
          "properties.maintenanceWindow.customWindow",
          "properties.maintenanceWindow.dayOfWeek",
          "properties.maintenanceWindow.startHour",
          "properties.maintenanceWindow.startMinute");
  private static final Set<String> CREATE =
      with(
          "location",
          "name",
          "properties.version",
          "properties.createMode",
          "properties.administratorLogin",
          "properties.network.delegatedSubnetResourceId",
          "properties.network.privateDnsZoneArmResourceId");

  private final SimulatedCloud cloud;
  private final ResourceGroups groups;
  private final ArmChanges changes;
  private final int pageSize;
  private final Duration shownAfter;
  private final Map<String, SimulatedOperation> creations = new ConcurrentHashMap<>();

  FlexibleServers(
      SimulatedCloud cloud,
      ResourceGroups groups,
      ArmChanges changes,
      int pageSize,
      Duration shownAfter) {
    this.cloud = cloud;
    this.groups = groups;
    this.changes = changes;
    this.pageSize = pageSize;
    this.shownAfter = shownAfter;
  }

  private static Set<String> with(String... more) {
    Set<String> all = new java.util.HashSet<>(SHARED);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }

  static ArmRefusal notFound(ArmRoute route) {
    return new ArmRefusal(
        404,
        "ResourceNotFound",
        "The Resource '"
            + ArmWords.TYPE
            + "/"
            + route.server()
            + "' under resource group '"
            + route.group()
            + "' was not found. For more details please go to"
            + " https://aka.ms/ARMResourceNotFoundFix");
  }

  SimulatedInstance existing(ArmRoute route) {
    return cloud.find(route.key()).orElseThrow(() -> notFound(route));
  }

  /** For a while after its creation is over a server is not shown, as Azure does at times. */
  private boolean isShown(SimulatedInstance instance) {
    return Optional.ofNullable(creations.get(instance.uid()))
        .flatMap(SimulatedOperation::ended)
        .map(end -> !cloud.clock().instant().isBefore(end.plus(shownAfter)))
        .orElse(true);
  }

  SimulatedResponse get(ArmRoute route, SimulatedRequest request) {
    SimulatedInstance instance = existing(route);
    if (!isShown(instance)) {
      throw notFound(route);
    }
    return ArmWords.json(200, ServerDocument.of(route, request, instance));
  }

  SimulatedResponse list(ArmRoute route, SimulatedRequest request) {
    List<SimulatedInstance> all = cloud.list(route.scope()).stream().filter(this::isShown).toList();
    int from = request.query("$skiptoken").map(Integer::parseInt).orElse(0);
    int to = Math.min(all.size(), from + pageSize);
    ObjectNode body = ArmWords.object();
    ArrayNode value = body.putArray("value");
    all.subList(Math.min(from, to), to)
        .forEach(instance -> value.add(ServerDocument.of(route, request, instance)));
    if (to < all.size()) {
      body.put(
          "nextLink",
          "http://"
              + request.header("host").orElse("management.azure.com")
              + ArmWords.groupId(route)
              + "/providers/"
              + ArmWords.TYPE
              + "?api-version="
              + request.query("api-version").orElse(ArmVersions.NEWEST)
              + "&$skiptoken="
              + to);
    }
    return ArmWords.json(200, body);
  }

  SimulatedResponse create(ArmRoute route, SimulatedRequest request) {
    KnownFields body = KnownFields.of(ArmWords.body(request), CREATE);
    Optional<SimulatedInstance> existing = cloud.find(route.key());
    if (existing.isPresent()) {
      // A PUT of what exists changes it, in silence.
      return change(route, request, existing.get(), body, "UpsertServerManagementOperationV2");
    }
    if (!NAME.matcher(route.server()).matches()) {
      throw ArmRefusal.invalid("serverName", "3 to 63 lower case letters, digits and hyphens");
    }
    requireFreeName(route);
    String mode = body.text("properties.createMode").orElse("Default");
    if (!mode.equals("Default") && !mode.equals("Create")) {
      throw new NotSimulatedException("createMode " + mode);
    }
    return changes.begin(
        route,
        request,
        body.required("location"),
        "UpsertServerManagementOperationV2",
        () -> {
          InstanceRequest instance =
              InstanceRequest.of(
                      route.key(),
                      ArmVersions.major(
                          request.query("api-version").orElse(""),
                          body.required("properties.version")),
                      login(body.required("properties.administratorLogin")),
                      password(body.required("properties.administratorLoginPassword")))
                  .attribute(ServerSettings.KEY, ServerSettings.created(body))
                  .build();
          SimulatedOperation creation = cloud.create(instance);
          cloud.find(route.key()).ifPresent(made -> creations.put(made.uid(), creation));
          return creation;
        });
  }

  /** Names are host names, so they are unique in all of Azure. */
  private void requireFreeName(ArmRoute route) {
    for (String scope : groups.scopes()) {
      if (cloud.find(new ResourceKey(scope, route.server())).isPresent()) {
        throw new ArmRefusal(
            409,
            "ServerNameAlreadyExists",
            "The server name '" + route.server() + "' is already taken by another server.");
      }
    }
  }

  private static String login(String name) {
    if (LOGINS.contains(name) || name.startsWith("pg_") || name.length() > 63) {
      throw ArmRefusal.invalid("administratorLogin", "the name is reserved or too long");
    }
    return name;
  }

  private static SecretRef password(String text) {
    int kinds =
        (text.matches(".*[a-z].*") ? 1 : 0)
            + (text.matches(".*[A-Z].*") ? 1 : 0)
            + (text.matches(".*[0-9].*") ? 1 : 0)
            + (text.matches(".*[^a-zA-Z0-9].*") ? 1 : 0);
    if (text.length() < SHORTEST_PASSWORD || text.length() > LONGEST_PASSWORD || kinds < 3) {
      throw ArmRefusal.invalid(
          "administratorLoginPassword",
          "8 to 128 characters of three kinds (lower case, upper case, digits, others) are needed");
    }
    return SecretRef.literal(text);
  }

  SimulatedResponse update(ArmRoute route, SimulatedRequest request) {
    KnownFields body = KnownFields.of(ArmWords.body(request), SHARED);
    return change(route, request, existing(route), body, "UpdateServerManagementOperation");
  }

  private SimulatedResponse change(
      ArmRoute route,
      SimulatedRequest request,
      SimulatedInstance instance,
      KnownFields body,
      String name) {
    ServerSettings before = ServerDocument.settings(instance);
    return changes.begin(
        route,
        request,
        before.location(),
        name,
        () -> {
          Modification.Builder change =
              Modification.builder().attribute(ServerSettings.KEY, before.changedInPlace(body));
          body.text("properties.administratorLoginPassword")
              .ifPresent(text -> change.adminPassword(password(text)));
          if (instance.state() == InstanceState.STOPPED) {
            ArmChanges.requireReady(route, instance.state());
          }
          return cloud.modify(instance.key(), change.build());
        });
  }

  SimulatedResponse delete(ArmRoute route, SimulatedRequest request) {
    Optional<SimulatedInstance> instance = cloud.find(route.key());
    if (instance.isEmpty()) {
      return SimulatedResponse.empty(204);
    }
    // The URL of a deletion's operation names the region by its display name.
    return changes.begin(
        route,
        request,
        ServerDocument.region(ServerDocument.settings(instance.get()).location()),
        "DropServerManagementOperation",
        () -> cloud.delete(route.key()));
  }

  SimulatedResponse start(ArmRoute route, SimulatedRequest request) {
    return begin(
        route,
        request,
        existing(route),
        "StartServerManagementOperation",
        () -> cloud.start(route.key()));
  }

  SimulatedResponse stop(ArmRoute route, SimulatedRequest request) {
    return begin(
        route,
        request,
        existing(route),
        "StopServerManagementOperation",
        () -> cloud.stop(route.key()));
  }

  SimulatedResponse restart(ArmRoute route, SimulatedRequest request) {
    if (!request.body().isEmpty()) {
      KnownFields.of(ArmWords.body(request), Set.of("restartWithFailover"));
    }
    return begin(
        route,
        request,
        existing(route),
        "RestartServerManagementOperation",
        () -> cloud.reboot(route.key()));
  }

  private SimulatedResponse begin(
      ArmRoute route,
      SimulatedRequest request,
      SimulatedInstance instance,
      String name,
      ArmOperationLog.Work work) {
    String location = ServerDocument.settings(instance).location();
    return changes.begin(route, request, location, name, work);
  }
}
