/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.sqladmin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.InstanceRequest;
import io.clouddb.testkit.simulator.InstanceState;
import io.clouddb.testkit.simulator.ResourceKey;
import io.clouddb.testkit.simulator.RunSecret;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.SimulatedInstance;
import io.clouddb.testkit.simulator.SimulatedOperation;
import io.clouddb.testkit.simulator.SimulatedRequest;
import io.clouddb.testkit.simulator.SimulatedResponse;
import io.clouddb.testkit.simulator.SimulatorException;
import io.clouddb.testkit.simulator.WireProtocol;
import io.clouddb.testkit.simulator.sqladmin.SqlAdminFaults.OperationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Answers the requests of the Cloud SQL Admin API. */
final class SqlAdminProtocol implements WireProtocol {
  private static final Duration NAME_KEPT = Duration.ofDays(7);
  private static final String ADMIN = "postgres";

  private final SimulatedCloud cloud;
  private final SqlAdminFaults faults;
  private final int pageSize;
  private final boolean keepsDeletedNames;
  private final OperationLog operations;
  private final Map<ResourceKey, Instant> deleted = new ConcurrentHashMap<>();
  private final InstancePatch patches;
  private final RunSecret secret;

  SqlAdminProtocol(
      SimulatedCloud cloud,
      SqlAdminFaults faults,
      int pageSize,
      boolean keepsDeletedNames,
      RunSecret secret) {
    this.secret = secret;
    this.cloud = cloud;
    this.faults = faults;
    this.pageSize = pageSize;
    this.keepsDeletedNames = keepsDeletedNames;
    this.operations = new OperationLog(faults);
    this.patches = new InstancePatch(cloud);
  }

  @Override
  public Optional<SimulatedResponse> refuseStranger(SimulatedRequest request) {
    Optional<Boolean> shown = secret.isBearer(request);
    return shown.isPresent() && shown.get()
        ? Optional.empty()
        : Optional.of(Documents.unauthenticated(shown.isEmpty()));
  }

  @Override
  public String operationOf(SimulatedRequest request) {
    return Route.of(request).method();
  }

  @Override
  public SimulatedResponse handle(String operation, SimulatedRequest request) {
    try {
      faults.refuseIfAsked(operation);
      return Documents.ok(answer(Route.of(request), request));
    } catch (RefusedException e) {
      return Documents.error(e.status(), e.reason(), e.sentence());
    }
  }

  private ObjectNode answer(Route route, SimulatedRequest request) {
    return switch (route.method()) {
      case "instances.insert" -> insert(route, Documents.read(request.body()));
      case "instances.list" -> list(route, request);
      case "instances.get" -> InstanceDocument.of(get(route), route);
      case "instances.patch" -> patch(route, Documents.read(request.body()));
      case "instances.delete" -> delete(route);
      case "instances.restart" -> change(route, "RESTART", () -> cloud.reboot(get(route).key()));
      case "users.list" -> listUsers(route);
      case "users.insert" -> insertUser(route, Documents.read(request.body()));
      case "users.update" -> updateUser(route, request);
      case "users.delete" ->
          onDatabase(route, "DELETE_USER", instance -> instance.dropUser(queried(request, "name")));
      case "databases.list" -> listDatabases(route);
      case "databases.insert" -> insertDatabase(route, Documents.read(request.body()));
      case "operations.list" -> operations.list(route, request.query("instance"));
      case "operations.get" -> operations.get(route);
      default -> throw new IllegalStateException(route.method());
    };
  }

  private ObjectNode insert(Route route, ObjectNode body) {
    KnownFields.requireInstance(body);
    ObjectNode instance = InstanceRules.complete(body);
    InstanceRules.check(instance);
    int version = InstanceRules.version(instance);
    ResourceKey key = new ResourceKey(route.project(), instance.path("name").asText());
    requireNameFree(key);
    // Without a root password the service makes the user postgres without one: nobody knows it.
    String password = body.path("rootPassword").asText(cloud.newId());
    InstanceRequest request =
        InstanceRequest.of(key, version, ADMIN, SecretRef.literal(password))
            .parameters(InstanceRules.flags(instance))
            .tlsOnly(InstanceRules.tlsOnly(instance))
            .attribute(InstanceDocument.ATTRIBUTE, instance)
            .build();
    return operations.add(route, "CREATE", key.name(), cloud.create(request));
  }

  private void requireNameFree(ResourceKey key) {
    Instant gone = deleted.get(key);
    if (keepsDeletedNames
        && gone != null
        && cloud.clock().instant().isBefore(gone.plus(NAME_KEPT))) {
      throw alreadyExists();
    }
  }

  private static RefusedException alreadyExists() {
    return new RefusedException(
        409,
        "instanceAlreadyExists",
        "The Cloud SQL instance already exists. When you delete an instance, you can't reuse the"
            + " name of the deleted instance until one week from the deletion date.");
  }

  private ObjectNode list(Route route, SimulatedRequest request) {
    List<ObjectNode> all =
        cloud.list(route.project()).stream()
            .map(instance -> InstanceDocument.of(instance, route))
            .toList();
    return InstanceList.of(request, all, pageSize);
  }

  private SimulatedInstance get(Route route) {
    return cloud.find(route.key()).orElseThrow(RefusedException::noInstance);
  }

  private ObjectNode patch(Route route, ObjectNode body) {
    KnownFields.requireInstance(body);
    SimulatedInstance instance = get(route);
    return change(route, "UPDATE", () -> patches.begin(instance, body));
  }

  private ObjectNode delete(Route route) {
    SimulatedInstance instance = get(route);
    if (InstanceDocument.stored(instance)
        .path("settings")
        .path("deletionProtectionEnabled")
        .asBoolean()) {
      throw new RefusedException(
          400,
          "invalid",
          "The instance is protected. Please disable the deletion protection and try again. To"
              + " disable deletion protection, update the instance settings with"
              + " deletionProtectionEnabled set to false.");
    }
    ObjectNode operation = change(route, "DELETE", () -> cloud.delete(route.key()));
    deleted.put(route.key(), cloud.clock().instant());
    return operation;
  }

  /** Has the engine begin a change, unless it is to fail. */
  private ObjectNode change(Route route, String type, Supplier<SimulatedOperation> begin) {
    Optional<OperationFailure> failure = faults.failureOf(type);
    if (failure.isPresent()) {
      return operations.addDone(
          route, cloud.newId(), type, route.name(), cloud.clock().instant(), failure.get());
    }
    return operations.add(route, type, route.name(), begin.get());
  }

  private interface DatabaseChange {
    void on(SimulatedInstance instance);
  }

  /** Changes something in a database, which takes no simulated time. */
  private ObjectNode onDatabase(Route route, String type, DatabaseChange work) {
    SimulatedInstance instance = get(route);
    requireIdle(instance);
    Optional<OperationFailure> failure = faults.failureOf(type);
    if (failure.isEmpty()) {
      work.on(instance);
    }
    return operations.addDone(
        route, cloud.newId(), type, route.name(), cloud.clock().instant(), failure.orElse(null));
  }

  private static void requireIdle(SimulatedInstance instance) {
    InstanceState state = instance.state();
    requireRunning(state);
    if (state != InstanceState.AVAILABLE) {
      throw RefusedException.busy();
    }
  }

  /** As callers have met it (terraform-google-modules/terraform-google-sql-db, issue 286). */
  private static void requireRunning(InstanceState state) {
    InstanceRules.require(
        state != InstanceState.STOPPED && state != InstanceState.FAILED,
        "Invalid request since instance is not running");
  }

  private ObjectNode listUsers(Route route) {
    SimulatedInstance instance = get(route);
    requireRunning(instance.state());
    ObjectNode list = Documents.object().put("kind", "sql#usersList");
    for (String name : instance.users()) {
      ObjectNode user = list.withArray("items").addObject();
      user.put("kind", "sql#user")
          .put("name", name)
          .put("host", "")
          .put("iamStatus", "IAM_STATUS_UNSPECIFIED")
          .put("instance", route.name())
          .put("project", route.project())
          .put("etag", Integer.toHexString(name.hashCode()));
      user.putObject("passwordPolicy").putObject("status");
    }
    return list;
  }

  private ObjectNode insertUser(Route route, ObjectNode body) {
    String name = body.path("name").asText();
    String password = body.path("password").asText();
    InstanceRules.require(!name.isEmpty(), "missing user name");
    InstanceRules.require(!password.isEmpty(), "missing password");
    InstanceRules.require(!name.startsWith("cloudsql"), "reserved user name " + name);
    return onDatabase(
        route, "CREATE_USER", instance -> instance.createUser(name, SecretRef.literal(password)));
  }

  private ObjectNode updateUser(Route route, SimulatedRequest request) {
    JsonNode body = Documents.read(request.body());
    String name = queried(request, "name");
    String password = body.path("password").asText();
    InstanceRules.require(!password.isEmpty(), "missing password");
    return onDatabase(
        route,
        "UPDATE_USER",
        instance -> {
          if (!instance.users().contains(name)) {
            throw new RefusedException(404, "notFound", "The user does not exist.");
          }
          instance.setPassword(name, SecretRef.literal(password));
        });
  }

  private static String queried(SimulatedRequest request, String parameter) {
    return request
        .query(parameter)
        .orElseThrow(() -> RefusedException.invalid("missing " + parameter));
  }

  private ObjectNode listDatabases(Route route) {
    SimulatedInstance instance = get(route);
    requireRunning(instance.state());
    ObjectNode list = Documents.object().put("kind", "sql#databasesList");
    for (String name : instance.databases()) {
      list.withArray("items")
          .addObject()
          .put("kind", "sql#database")
          .put("charset", "UTF8")
          .put("collation", "en_US.UTF8")
          .put("name", name)
          .put("instance", route.name())
          .put("project", route.project())
          .put("etag", Integer.toHexString(name.hashCode()))
          .put("selfLink", route.link("instances", route.name() + "/databases/" + name));
    }
    return list;
  }

  private ObjectNode insertDatabase(Route route, ObjectNode body) {
    String name = body.path("name").asText();
    InstanceRules.require(!name.isEmpty(), "missing database name");
    return onDatabase(
        route,
        "CREATE_DATABASE",
        instance -> {
          if (instance.databases().contains(name)) {
            throw new RefusedException(
                409, "databaseAlreadyExists", "The database " + name + " already exists.");
          }
          instance.createDatabase(name);
        });
  }

  @Override
  public SimulatedResponse refused(
      String operation, SimulatedRequest request, SimulatorException reason) {
    RefusedException refusal =
        switch (reason.reason()) {
          case ALREADY_EXISTS -> alreadyExists();
          case NOT_FOUND -> RefusedException.noInstance();
          case WRONG_STATE -> RefusedException.busy();
          case QUOTA ->
              new RefusedException(
                  403, "quotaExceeded", "The project has as many instances as it may have.");
          case INVALID_PARAMETER ->
              new RefusedException(
                  400, "invalidFlagValue", "Value requested is not valid. " + reason.sentence());
          case DATABASE, START_FAILED -> RefusedException.invalid(reason.sentence());
        };
    return Documents.error(refusal.status(), refusal.reason(), refusal.sentence());
  }

  @Override
  public SimulatedResponse throttled(String operation) {
    return Documents.error(
        429,
        "rateLimitExceeded",
        "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user'.");
  }

  @Override
  public SimulatedResponse failed(String operation, String message) {
    return Documents.error(500, "internalError", message);
  }

  @Override
  public SimulatedResponse notSimulated(String message) {
    return Documents.error(501, "notImplemented", message);
  }
}
