/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmJson;
import io.clouddb.testkit.simulator.arm.ArmOperations;
import io.clouddb.testkit.simulator.arm.ArmPages;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.arm.ArmRoutes;
import io.clouddb.testkit.simulator.arm.KnownFields;
import io.clouddb.testkit.simulator.arm.ResourceGroups;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import io.clouddb.testkit.simulator.server.InstanceRequest;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.Modification;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
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
          "properties.storage.autoGrow",
          "properties.backup.backupRetentionDays",
          "properties.network.publicNetworkAccess",
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
          "properties.backup.geoRedundantBackup",
          "properties.network.delegatedSubnetResourceId",
          "properties.network.privateDnsZoneArmResourceId");

  private final ManagedServers managed;
  private final ResourceGroups groups;
  private final ArmChanges changes;
  private final ReadReplicas replicas;
  private final ReplicaRules rules;
  private final ServerBackups backups;
  private final int pageSize;
  private final Duration shownAfter;
  private final Map<String, SimulatedOperation> creations = new ConcurrentHashMap<>();

  FlexibleServers(
      ManagedServers managed,
      ResourceGroups groups,
      ArmChanges changes,
      ReadReplicas replicas,
      ReplicaRules rules,
      ServerBackups backups,
      int pageSize,
      Duration shownAfter) {
    this.managed = managed;
    this.groups = groups;
    this.changes = changes;
    this.replicas = replicas;
    this.rules = rules;
    this.backups = backups;
    this.pageSize = pageSize;
    this.shownAfter = shownAfter;
  }

  private static Set<String> with(String... more) {
    Set<String> all = new java.util.HashSet<>(SHARED);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }

  void register(ArmRoutes.Under table) {
    table
        .add("Servers_ListByResourceGroup", Verb.LIST, Call.INSTANCE, "GET", "", this::list)
        .add(
            "Replicas_ListByServer",
            Verb.LIST,
            Call.INSTANCE,
            "GET",
            "{server}/replicas",
            route -> ArmJson.json(200, new ReplicaList(managed, groups).of(route, existing(route))))
        .add("Servers_Get", Verb.READ, Call.INSTANCE, "GET", "{server}", this::get)
        .add("Servers_Create", Verb.CREATE, Call.INSTANCE, "PUT", "{server}", this::create)
        .add("Servers_Update", Verb.MODIFY, Call.INSTANCE, "PATCH", "{server}", this::update)
        .add("Servers_Delete", Verb.DELETE, Call.INSTANCE, "DELETE", "{server}", this::delete)
        .add("Servers_Start", Verb.START, Call.INSTANCE, "POST", "{server}/start", this::start)
        .add("Servers_Stop", Verb.STOP, Call.INSTANCE, "POST", "{server}/stop", this::stop)
        .add(
            "Servers_Restart",
            Verb.RESTART,
            Call.INSTANCE,
            "POST",
            "{server}/restart",
            this::restart);
  }

  static ArmRefusal notFound(ArmCall route) {
    return notFound(route.part("server"), route.group());
  }

  static ArmRefusal notFound(String server, String group) {
    return new ArmRefusal(
        404,
        "ResourceNotFound",
        "The Resource '"
            + ServerDocument.TYPE
            + "/"
            + server
            + "' under resource group '"
            + group
            + "' was not found. For more details please go to"
            + " https://aka.ms/ARMResourceNotFoundFix");
  }

  SimulatedInstance existing(ArmCall route) {
    return managed.find(ServerDocument.key(route)).orElseThrow(() -> notFound(route));
  }

  /** For a while after its creation is over a server is not shown, as Azure does at times. */
  private boolean isShown(SimulatedInstance instance) {
    return Optional.ofNullable(creations.get(instance.uid()))
        .flatMap(SimulatedOperation::ended)
        .map(end -> !managed.engine().clock().instant().isBefore(end.plus(shownAfter)))
        .orElse(true);
  }

  private SimulatedResponse get(ArmCall route) {
    SimulatedInstance instance = existing(route);
    if (!isShown(instance)) {
      throw notFound(route);
    }
    return ArmJson.json(200, document(route, instance));
  }

  private ObjectNode document(ArmCall route, SimulatedInstance instance) {
    return ServerDocument.of(
        route, instance, ReplicaRole.of(instance, groups, backups.automated()));
  }

  private SimulatedResponse list(ArmCall route) {
    List<SimulatedInstance> all =
        managed.list(route.scope()).stream().filter(this::isShown).toList();
    return ArmPages.page(
        route,
        route.groupId() + "/providers/" + ServerDocument.TYPE,
        all.stream().map(instance -> document(route, instance)).toList(),
        pageSize);
  }

  private SimulatedResponse create(ArmCall route) {
    ObjectNode json = ArmJson.body(route.request());
    if (ReadReplicas.isReplica(json)) {
      requireName(route);
      if (isTaken(route)) {
        throw ReadReplicas.exists(route.part("server"));
      }
      return replicas.create(
          route, json, (replica, operation) -> creations.put(replica.uid(), operation));
    }
    if (Restores.isRestore(json)) {
      requireName(route);
      if (isTaken(route)) {
        throw taken(route);
      }
      return backups
          .restores()
          .create(route, json, (made, operation) -> creations.put(made.uid(), operation));
    }
    KnownFields body = KnownFields.of(json, CREATE);
    Optional<SimulatedInstance> existing = managed.find(ServerDocument.key(route));
    if (existing.isPresent()) {
      // A PUT of what exists changes it, in silence.
      return change(route, existing.get(), body, "UpsertServerManagementOperationV2");
    }
    requireName(route);
    if (isTaken(route)) {
      throw taken(route);
    }
    String mode = body.text("properties.createMode").orElse("Default");
    if (!mode.equals("Default") && !mode.equals("Create")) {
      throw new NotSimulatedException("createMode " + mode);
    }
    return changes.begin(
        route,
        body.required("location"),
        "UpsertServerManagementOperationV2",
        () -> {
          InstanceRequest instance =
              InstanceRequest.of(
                      ServerDocument.key(route),
                      ArmVersions.major(route.apiVersion(), body.required("properties.version")),
                      login(body.required("properties.administratorLogin")),
                      password(body.required("properties.administratorLoginPassword")))
                  .attribute(ServerSettings.KEY, settings(route, body))
                  .build();
          SimulatedOperation creation = managed.lifeCycle(route.call()).create(instance);
          managed
              .find(ServerDocument.key(route))
              .ifPresent(made -> creations.put(made.uid(), creation));
          backups.automated().begin(ServerDocument.key(route));
          return creation;
        });
  }

  private static ArmRefusal taken(ArmCall route) {
    return new ArmRefusal(
        409,
        "ServerNameAlreadyExists",
        "The server name '" + route.part("server") + "' is already taken by another server.");
  }

  private static ServerSettings settings(ArmCall route, KnownFields body) {
    ServerSettings settings = ServerSettings.created(body);
    settings.requireZoneFor(route.part("server"));
    return settings;
  }

  private static void requireName(ArmCall route) {
    if (!NAME.matcher(route.part("server")).matches()) {
      throw ArmRefusal.invalid("serverName", "3 to 63 lower case letters, digits and hyphens");
    }
  }

  /** Names are host names, so they are unique in all of Azure. */
  private boolean isTaken(ArmCall route) {
    return groups.scopes().stream()
        .anyMatch(scope -> managed.find(new ResourceKey(scope, route.part("server"))).isPresent());
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

  private SimulatedResponse update(ArmCall route) {
    KnownFields body = KnownFields.of(ArmJson.body(route.request()), SHARED);
    return change(route, existing(route), body, "UpdateServerManagementOperation");
  }

  private SimulatedResponse change(
      ArmCall route, SimulatedInstance instance, KnownFields body, String name) {
    ServerSettings before = ServerDocument.settings(instance);
    return changes.begin(
        route,
        before.location(),
        name,
        () -> {
          ServerSettings next = before.changedInPlace(body);
          rules.requireChangeable(instance, next, body);
          Modification.Builder change = Modification.builder().attribute(ServerSettings.KEY, next);
          body.text("properties.administratorLoginPassword")
              .ifPresent(text -> change.adminPassword(password(text)));
          if (instance.state() == InstanceState.STOPPED) {
            ArmChanges.requireReady(instance);
          }
          return backups
              .automated()
              .changing(
                  instance,
                  backups
                      .requests()
                      .changing(
                          instance,
                          () ->
                              managed
                                  .lifeCycle(route.call())
                                  .modify(instance.key(), change.build())));
        });
  }

  private SimulatedResponse delete(ArmCall route) {
    Optional<SimulatedInstance> instance = managed.find(ServerDocument.key(route));
    if (instance.isEmpty()) {
      return SimulatedResponse.empty(204);
    }
    rules.requireDeletable(instance.get());
    boolean replica = instance.get().source().isPresent();
    // The URL of a deletion's operation names the region by its display name.
    return changes.begin(
        route,
        ServerDocument.region(ServerDocument.settings(instance.get()).location()),
        replica ? "DropReadReplicaManagementOperation" : "DropServerManagementOperation",
        () -> {
          instance.get().source().ifPresent(ArmChanges::requireAtRest);
          SimulatedOperation deletion =
              managed.lifeCycle(route.call()).deleteReplica(ServerDocument.key(route));
          return backups.requests().deletedWith(instance.get(), deletion);
        });
  }

  private SimulatedResponse start(ArmCall route) {
    return begin(
        route,
        existing(route),
        "StartServerManagementOperation",
        () -> managed.lifeCycle(route.call()).start(ServerDocument.key(route)));
  }

  private SimulatedResponse stop(ArmCall route) {
    return begin(
        route,
        existing(route),
        "StopServerManagementOperation",
        () -> managed.lifeCycle(route.call()).stop(ServerDocument.key(route)));
  }

  private SimulatedResponse restart(ArmCall route) {
    if (route.request().body().length > 0) {
      KnownFields.of(ArmJson.body(route.request()), Set.of("restartWithFailover"));
    }
    return begin(
        route,
        existing(route),
        "RestartServerManagementOperation",
        () -> managed.lifeCycle(route.call()).reboot(ServerDocument.key(route)));
  }

  private SimulatedResponse begin(
      ArmCall route, SimulatedInstance instance, String name, ArmOperations.Work work) {
    String location = ServerDocument.settings(instance).location();
    return changes.begin(route, location, name, work);
  }
}
