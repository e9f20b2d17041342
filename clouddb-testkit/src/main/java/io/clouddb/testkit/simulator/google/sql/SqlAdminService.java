/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.OperationFailure;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.google.GoogleCall;
import io.clouddb.testkit.simulator.google.GoogleJson;
import io.clouddb.testkit.simulator.google.GoogleRefusal;
import io.clouddb.testkit.simulator.google.GoogleRoutes;
import io.clouddb.testkit.simulator.google.GoogleService;
import io.clouddb.testkit.simulator.server.InstanceRequest;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The Cloud SQL Admin API, over real databases.
 *
 * <p>It behaves like the service: one operation at a time on an instance (409 {@code
 * operationInProgress}); flags that need a restart restart the database; {@code settingsVersion} is
 * checked; a protected instance is not deleted, nor one with replicas. A replica is a real standby,
 * in whichever region its request names; the operation that makes it is its primary's. One thing is
 * added to the service's documents: all databases are on this machine, so the address of type
 * {@code PRIMARY} or {@code PRIVATE} has a field {@code port}.
 *
 * @see <a href="https://managed.google.com/sql/docs/postgres/admin-api/rest">Cloud SQL Admin
 *     API</a>
 */
public final class SqlAdminService implements GoogleService {
  private static final Duration NAME_KEPT = Duration.ofDays(7);
  private static final String ADMIN = "postgres";

  private final ManagedServers managed;
  private final int pageSize;
  private final boolean keepsDeletedNames;
  private final OperationVisibility visibility = new OperationVisibility();
  private final OperationLog operations = new OperationLog(visibility);
  private final Map<ResourceKey, Instant> deleted = new ConcurrentHashMap<>();
  private final InstancePatch patches;
  private final InsideInstances insides;
  private final ReplicaMethods replicas;
  private final StoredBackups stored;
  private final BackupMethods backups;
  private final RestoreMethods restores;

  /**
   * Makes the service, without instances.
   *
   * @param servers where its instances are
   * @param pageSize how many items a page of a list has when the request does not say
   * @param keepsDeletedNames whether the name of a deleted instance stays taken for a week
   */
  public SqlAdminService(ManagedServers servers, int pageSize, boolean keepsDeletedNames) {
    this.managed = servers;
    this.pageSize = pageSize;
    this.keepsDeletedNames = keepsDeletedNames;
    this.patches = new InstancePatch(servers);
    this.insides = new InsideInstances(this, servers.engine(), operations);
    this.replicas = new ReplicaMethods(this, servers, operations);
    this.stored = new StoredBackups(servers);
    this.backups = new BackupMethods(this, servers, operations, stored, pageSize);
    this.restores = new RestoreMethods(this, servers, operations, stored);
  }

  /**
   * Has the next operation that is accepted stay out of sight at first, as one may right after its
   * request: 404 {@code operationDoesNotExist}.
   *
   * @param looks how often it is asked for in vain
   */
  public void hideNextOperation(int looks) {
    visibility.hideNext(looks);
  }

  /**
   * Has the next operation of a type be gone when it is over, as callers have met it with deletions
   * (hashicorp/terraform-provider-google, issue 13887): 404 {@code operationDoesNotExist} instead
   * of {@code DONE}.
   *
   * @param type for example {@code DELETE}
   */
  public void forgetNextOperation(String type) {
    visibility.forgetNext(type);
  }

  @Override
  public void register(GoogleRoutes routes) {
    GoogleRoutes.Under table =
        routes.under(this, List.of("v1/projects/{project}", "sql/v1*/projects/{project}"));
    String one = "instances/{instance}";
    table
        .add(
            "instances.insert",
            Verb.CREATE,
            Call.INSTANCE,
            "POST",
            "instances",
            SqlAdminAims::byBody,
            route -> insert(route, GoogleJson.read(route.request())))
        .add("tiers.list", Verb.LIST, "tiers", "GET", "tiers", Tiers::list)
        .add("instances.list", Verb.LIST, Call.INSTANCE, "GET", "instances", this::list)
        .add(
            "instances.get",
            Verb.READ,
            Call.INSTANCE,
            "GET",
            one,
            route -> InstanceDocument.of(get(route), managed, route))
        .add(
            "instances.patch",
            Verb.MODIFY,
            Call.INSTANCE,
            "PATCH",
            one,
            SqlAdminAims::patch,
            route -> patch(route, GoogleJson.read(route.request())))
        .add("instances.delete", Verb.DELETE, Call.INSTANCE, "DELETE", one, this::delete)
        .add(
            "instances.restart",
            Verb.RESTART,
            Call.INSTANCE,
            "POST",
            one + "/restart",
            this::restart);
    replicas.register(table, one);
    insides.register(table, one);
    backups.register(table, one);
    restores.register(table, one);
    table
        .add(
            "operations.list",
            Verb.LIST,
            Call.OPERATION,
            "GET",
            "operations",
            route -> operations.list(route, route.request().query("instance")))
        .add(
            "operations.get",
            Verb.READ,
            Call.OPERATION,
            "GET",
            "operations/{operation}",
            operations::get);
  }

  static String link(GoogleCall route, String collection, String item) {
    return "https://sqladmin.googleapis.com/" + route.base() + "/" + collection + "/" + item;
  }

  private static ResourceKey key(GoogleCall route) {
    return new ResourceKey(route.project(), route.part("instance"));
  }

  private ObjectNode restart(GoogleCall route) {
    return change(route, "RESTART", () -> managed.lifeCycle(route.call()).reboot(get(route).key()));
  }

  private ObjectNode insert(GoogleCall route, ObjectNode body) {
    KnownFields.requireInstance(body);
    if (!body.path(ReplicaRules.MASTER).asText().isEmpty()) {
      return replicas.insert(route, body);
    }
    ObjectNode instance = InstanceRules.complete(body);
    instance.remove(ReplicaRules.MASTER);
    InstanceRules.check(instance);
    MachineRules.checkNewDisk(instance.path("settings"));
    ReplicaRules.requireStandalone(instance);
    DisasterRecovery.designate(instance, List.of());
    int version = InstanceRules.version(instance);
    ResourceKey key = new ResourceKey(route.project(), instance.path("name").asText());
    requireNameFree(key);
    // Without a root password the service makes the user postgres without one: nobody knows it.
    String password = body.path("rootPassword").asText(managed.engine().newId());
    InstanceRequest request =
        InstanceRequest.of(key, version, ADMIN, SecretRef.literal(password))
            .parameters(InstanceRules.flags(instance))
            .tlsOnly(InstanceRules.tlsOnly(instance))
            .attribute(InstanceDocument.ATTRIBUTE, instance)
            .build();
    ObjectNode operation =
        operations.add(
            route, "CREATE", key.name(), managed.lifeCycle(route.call()).create(request));
    BackupSchedules.apply(managed, key, instance);
    return operation;
  }

  void requireNameFree(ResourceKey key) {
    Instant gone = deleted.get(key);
    if (keepsDeletedNames
        && gone != null
        && managed.engine().clock().instant().isBefore(gone.plus(NAME_KEPT))) {
      throw alreadyExists();
    }
  }

  private static GoogleRefusal alreadyExists() {
    return new GoogleRefusal(
        409,
        "instanceAlreadyExists",
        "The Cloud SQL instance already exists. When you delete an instance, you can't reuse the"
            + " name of the deleted instance until one week from the deletion date.");
  }

  private ObjectNode list(GoogleCall route) {
    List<ObjectNode> all =
        managed.list(route.project()).stream()
            .map(instance -> InstanceDocument.of(instance, managed, route))
            .toList();
    return InstanceList.of(route.request(), all, pageSize);
  }

  SimulatedInstance get(GoogleCall route) {
    return managed.find(key(route)).orElseThrow(SqlRefusals::noInstance);
  }

  private ObjectNode patch(GoogleCall route, ObjectNode body) {
    KnownFields.requireInstance(body);
    SimulatedInstance instance = get(route);
    return change(route, "UPDATE", () -> patches.begin(route, instance, body));
  }

  private ObjectNode delete(GoogleCall route) {
    SimulatedInstance instance = get(route);
    if (InstanceDocument.stored(instance)
        .path("settings")
        .path("deletionProtectionEnabled")
        .asBoolean()) {
      throw new GoogleRefusal(
          400,
          "invalid",
          "The instance is protected. Please disable the deletion protection and try again. To"
              + " disable deletion protection, update the instance settings with"
              + " deletionProtectionEnabled set to false.");
    }
    requireIdle(instance);
    if (!managed.replicasOf(instance).isEmpty()) {
      throw SqlRefusals.hasReplicas();
    }
    FinalBackups.requireNone(route, InstanceDocument.stored(instance));
    ObjectNode operation =
        change(
            route,
            "DELETE",
            () ->
                stored.leave(
                    instance, () -> managed.lifeCycle(route.call()).delete(instance.key())));
    deleted.put(key(route), managed.engine().clock().instant());
    return operation;
  }

  /** Refuses what comes while an operation goes on, as that of a replica that is made. */
  void requireIdle(SimulatedInstance instance) {
    if (operations.isBusy(instance.key().scope(), instance.key().name())) {
      throw SqlRefusals.busy();
    }
  }

  /** Has the engine begin a change, unless it is to fail. */
  ObjectNode change(GoogleCall route, String type, Supplier<SimulatedOperation> begin) {
    requireIdle(get(route));
    Optional<OperationFailure> failure = route.call().failure();
    if (failure.isPresent()) {
      return operations.addDone(
          route,
          managed.engine().newId(),
          type,
          route.part("instance"),
          managed.engine().clock().instant(),
          failure.get());
    }
    return operations.add(route, type, route.part("instance"), begin.get());
  }

  @Override
  public GoogleRefusal refused(GoogleCall call, SimulatorException reason) {
    return switch (reason.reason()) {
      case ALREADY_EXISTS -> alreadyExists();
      case NOT_FOUND -> SqlRefusals.noInstance();
      case WRONG_STATE -> hasFailed(call) ? SqlRefusals.invalidState() : SqlRefusals.busy();
      case QUOTA ->
          new GoogleRefusal(
              403, "quotaExceeded", "The project has as many instances as it may have.");
      case INVALID_PARAMETER ->
          new GoogleRefusal(
              400, "invalidFlagValue", "Value requested is not valid. " + reason.sentence());
      case BACKEND, START_FAILED -> GoogleRefusal.invalid(reason.sentence());
    };
  }

  private boolean hasFailed(GoogleCall call) {
    return managed
        .find(key(call))
        .filter(instance -> instance.state() == InstanceState.FAILED)
        .isPresent();
  }
}
