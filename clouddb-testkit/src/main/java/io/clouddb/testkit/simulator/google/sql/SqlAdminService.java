/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.clouddb.testkit.simulator.http.SimulatedRequest;
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
 * checked; a protected instance is not deleted. One thing is added to the service's documents: all
 * databases are on this machine, so the address of type {@code PRIMARY} or {@code PRIVATE} has a
 * field {@code port}.
 *
 * @see <a href="https://cloud.google.com/sql/docs/postgres/admin-api/rest">Cloud SQL Admin API</a>
 */
public final class SqlAdminService implements GoogleService {
  private static final Duration NAME_KEPT = Duration.ofDays(7);
  private static final String ADMIN = "postgres";

  private final ManagedServers cloud;
  private final int pageSize;
  private final boolean keepsDeletedNames;
  private final OperationVisibility visibility = new OperationVisibility();
  private final OperationLog operations = new OperationLog(visibility);
  private final Map<ResourceKey, Instant> deleted = new ConcurrentHashMap<>();
  private final InstancePatch patches;

  /**
   * Makes the service, without instances.
   *
   * @param servers where its instances are
   * @param pageSize how many items a page of a list has when the request does not say
   * @param keepsDeletedNames whether the name of a deleted instance stays taken for a week
   */
  public SqlAdminService(ManagedServers servers, int pageSize, boolean keepsDeletedNames) {
    this.cloud = servers;
    this.pageSize = pageSize;
    this.keepsDeletedNames = keepsDeletedNames;
    this.patches = new InstancePatch(servers);
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
        .add("instances.list", Verb.LIST, Call.INSTANCE, "GET", "instances", this::list)
        .add(
            "instances.get",
            Verb.READ,
            Call.INSTANCE,
            "GET",
            one,
            route -> InstanceDocument.of(get(route), route))
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
    String users = one + "/users";
    table
        .add("users.list", Verb.LIST, Call.USER, "GET", users, this::listUsers)
        .add(
            "users.insert",
            Verb.CREATE,
            Call.USER,
            "POST",
            users,
            SqlAdminAims::byBody,
            route -> insertUser(route, GoogleJson.read(route.request())))
        .add(
            "users.update",
            Verb.MODIFY,
            Call.USER,
            "PUT",
            users,
            SqlAdminAims::byQuery,
            route -> updateUser(route, route.request()))
        .add(
            "users.delete",
            Verb.DELETE,
            Call.USER,
            "DELETE",
            users,
            SqlAdminAims::byQuery,
            this::deleteUser);
    String databases = one + "/databases";
    table
        .add("databases.list", Verb.LIST, Call.DATABASE, "GET", databases, this::listDatabases)
        .add(
            "databases.insert",
            Verb.CREATE,
            Call.DATABASE,
            "POST",
            databases,
            SqlAdminAims::byBody,
            route -> insertDatabase(route, GoogleJson.read(route.request())))
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
    return change(route, "RESTART", () -> cloud.lifeCycle(route.call()).reboot(get(route).key()));
  }

  private ObjectNode deleteUser(GoogleCall route) {
    String name = queried(route.request(), "name");
    return onDatabase(route, "DELETE_USER", instance -> instance.dropUser(name));
  }

  private ObjectNode insert(GoogleCall route, ObjectNode body) {
    KnownFields.requireInstance(body);
    ObjectNode instance = InstanceRules.complete(body);
    InstanceRules.check(instance);
    int version = InstanceRules.version(instance);
    ResourceKey key = new ResourceKey(route.project(), instance.path("name").asText());
    requireNameFree(key);
    // Without a root password the service makes the user postgres without one: nobody knows it.
    String password = body.path("rootPassword").asText(cloud.engine().newId());
    InstanceRequest request =
        InstanceRequest.of(key, version, ADMIN, SecretRef.literal(password))
            .parameters(InstanceRules.flags(instance))
            .tlsOnly(InstanceRules.tlsOnly(instance))
            .attribute(InstanceDocument.ATTRIBUTE, instance)
            .build();
    return operations.add(
        route, "CREATE", key.name(), cloud.lifeCycle(route.call()).create(request));
  }

  private void requireNameFree(ResourceKey key) {
    Instant gone = deleted.get(key);
    if (keepsDeletedNames
        && gone != null
        && cloud.engine().clock().instant().isBefore(gone.plus(NAME_KEPT))) {
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
        cloud.list(route.project()).stream()
            .map(instance -> InstanceDocument.of(instance, route))
            .toList();
    return InstanceList.of(route.request(), all, pageSize);
  }

  private SimulatedInstance get(GoogleCall route) {
    return cloud.find(key(route)).orElseThrow(SqlRefusals::noInstance);
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
    ObjectNode operation =
        change(route, "DELETE", () -> cloud.lifeCycle(route.call()).delete(key(route)));
    deleted.put(key(route), cloud.engine().clock().instant());
    return operation;
  }

  /** Has the engine begin a change, unless it is to fail. */
  private ObjectNode change(GoogleCall route, String type, Supplier<SimulatedOperation> begin) {
    Optional<OperationFailure> failure = route.call().failure();
    if (failure.isPresent()) {
      return operations.addDone(
          route,
          cloud.engine().newId(),
          type,
          route.part("instance"),
          cloud.engine().clock().instant(),
          failure.get());
    }
    return operations.add(route, type, route.part("instance"), begin.get());
  }

  private interface DatabaseChange {
    void on(SimulatedInstance instance);
  }

  /** Changes something in a database, which takes no simulated time. */
  private ObjectNode onDatabase(GoogleCall route, String type, DatabaseChange work) {
    SimulatedInstance instance = get(route);
    requireIdle(instance);
    Optional<OperationFailure> failure = route.call().failure();
    if (failure.isEmpty()) {
      work.on(instance);
    }
    return operations.addDone(
        route,
        cloud.engine().newId(),
        type,
        route.part("instance"),
        cloud.engine().clock().instant(),
        failure.orElse(null));
  }

  private static void requireIdle(SimulatedInstance instance) {
    InstanceState state = instance.state();
    requireRunning(state);
    if (state != InstanceState.AVAILABLE) {
      throw SqlRefusals.busy();
    }
  }

  /** As callers have met it (terraform-google-modules/terraform-google-sql-db, issue 286). */
  private static void requireRunning(InstanceState state) {
    InstanceRules.require(
        state != InstanceState.STOPPED && state != InstanceState.FAILED,
        "Invalid request since instance is not running");
  }

  private ObjectNode listUsers(GoogleCall route) {
    SimulatedInstance instance = get(route);
    requireRunning(instance.state());
    ObjectNode list = GoogleJson.object().put("kind", "sql#usersList");
    for (String name : instance.users()) {
      ObjectNode user = list.withArray("items").addObject();
      user.put("kind", "sql#user")
          .put("name", name)
          .put("host", "")
          .put("iamStatus", "IAM_STATUS_UNSPECIFIED")
          .put("instance", route.part("instance"))
          .put("project", route.project())
          .put("etag", Integer.toHexString(name.hashCode()));
      user.putObject("passwordPolicy").putObject("status");
    }
    return list;
  }

  private ObjectNode insertUser(GoogleCall route, ObjectNode body) {
    String name = body.path("name").asText();
    String password = body.path("password").asText();
    InstanceRules.require(!name.isEmpty(), "missing user name");
    InstanceRules.require(!password.isEmpty(), "missing password");
    InstanceRules.require(!name.startsWith("cloudsql"), "reserved user name " + name);
    return onDatabase(
        route, "CREATE_USER", instance -> instance.createUser(name, SecretRef.literal(password)));
  }

  private ObjectNode updateUser(GoogleCall route, SimulatedRequest request) {
    JsonNode body = GoogleJson.read(request);
    String name = queried(request, "name");
    String password = body.path("password").asText();
    InstanceRules.require(!password.isEmpty(), "missing password");
    return onDatabase(
        route,
        "UPDATE_USER",
        instance -> {
          if (!instance.users().contains(name)) {
            throw new GoogleRefusal(404, "notFound", "The user does not exist.");
          }
          instance.setPassword(name, SecretRef.literal(password));
        });
  }

  private static String queried(SimulatedRequest request, String parameter) {
    return request
        .query(parameter)
        .orElseThrow(() -> GoogleRefusal.invalid("missing " + parameter));
  }

  private ObjectNode listDatabases(GoogleCall route) {
    SimulatedInstance instance = get(route);
    requireRunning(instance.state());
    ObjectNode list = GoogleJson.object().put("kind", "sql#databasesList");
    for (String name : instance.databases()) {
      list.withArray("items")
          .addObject()
          .put("kind", "sql#database")
          .put("charset", "UTF8")
          .put("collation", "en_US.UTF8")
          .put("name", name)
          .put("instance", route.part("instance"))
          .put("project", route.project())
          .put("etag", Integer.toHexString(name.hashCode()))
          .put(
              "selfLink",
              SqlAdminService.link(
                  route, "instances", route.part("instance") + "/databases/" + name));
    }
    return list;
  }

  private ObjectNode insertDatabase(GoogleCall route, ObjectNode body) {
    String name = body.path("name").asText();
    InstanceRules.require(!name.isEmpty(), "missing database name");
    return onDatabase(
        route,
        "CREATE_DATABASE",
        instance -> {
          if (instance.databases().contains(name)) {
            throw new GoogleRefusal(
                409, "databaseAlreadyExists", "The database " + name + " already exists.");
          }
          instance.createDatabase(name);
        });
  }

  @Override
  public GoogleRefusal refused(GoogleCall call, SimulatorException reason) {
    return switch (reason.reason()) {
      case ALREADY_EXISTS -> alreadyExists();
      case NOT_FOUND -> SqlRefusals.noInstance();
      case WRONG_STATE -> SqlRefusals.busy();
      case QUOTA ->
          new GoogleRefusal(
              403, "quotaExceeded", "The project has as many instances as it may have.");
      case INVALID_PARAMETER ->
          new GoogleRefusal(
              400, "invalidFlagValue", "Value requested is not valid. " + reason.sentence());
      case BACKEND, START_FAILED -> GoogleRefusal.invalid(reason.sentence());
    };
  }
}
