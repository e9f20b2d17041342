/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.OperationFailure;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.google.GoogleCall;
import io.clouddb.testkit.simulator.google.GoogleJson;
import io.clouddb.testkit.simulator.google.GoogleRefusal;
import io.clouddb.testkit.simulator.google.GoogleRoutes;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.Optional;

/** The methods on what is in an instance: users and databases. */
final class InsideInstances {
  private final SqlAdminService service;
  private final CloudEngine engine;
  private final OperationLog operations;

  InsideInstances(SqlAdminService service, CloudEngine engine, OperationLog operations) {
    this.service = service;
    this.engine = engine;
    this.operations = operations;
  }

  void register(GoogleRoutes.Under table, String one) {
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
            route -> insertDatabase(route, GoogleJson.read(route.request())));
  }

  private interface DatabaseChange {
    void on(SimulatedInstance instance);
  }

  /** Changes something in a database, which takes no simulated time. */
  private ObjectNode onDatabase(GoogleCall route, String type, DatabaseChange work) {
    SimulatedInstance instance = service.get(route);
    requireIdle(instance);
    service.requireIdle(instance);
    if (instance.source().isPresent()) {
      // "User tables": changes are made at the primary, of the page on replication.
      throw SqlRefusals.invalidOperation();
    }
    Optional<OperationFailure> failure = route.call().failure();
    if (failure.isEmpty()) {
      work.on(instance);
    }
    return operations.addDone(
        route,
        engine.newId(),
        type,
        route.part("instance"),
        engine.clock().instant(),
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
  static void requireRunning(InstanceState state) {
    InstanceRules.require(
        state != InstanceState.STOPPED && state != InstanceState.FAILED,
        "Invalid request since instance is not running");
  }

  private ObjectNode listUsers(GoogleCall route) {
    SimulatedInstance instance = service.get(route);
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
    SimulatedInstance instance = service.get(route);
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

  private ObjectNode deleteUser(GoogleCall route) {
    String name = queried(route.request(), "name");
    return onDatabase(route, "DELETE_USER", instance -> instance.dropUser(name));
  }
}
