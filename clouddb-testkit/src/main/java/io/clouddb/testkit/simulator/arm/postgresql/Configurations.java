/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmJson;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.server.CloudProfile;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.Modification;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Server parameters, described by the real server, and Azure's own ones. */
final class Configurations {
  static final String TLS = "require_secure_transport";
  static final String QUERY_STORE = "pg_qs.query_capture_mode";

  static final String QUERY_STORE_DAYS = "pg_qs.retention_period_in_days";

  private static final String USUAL_DAYS = "7";
  private static final Set<String> CAPTURE_MODES = Set.of("none", "top", "all");
  private static final Set<String> ON_OFF = Set.of("on", "off");

  /** Where a replica has less of these than its source, it stops to replay. */
  static final Set<String> SIZES =
      Set.of(
          "max_connections",
          "max_prepared_transactions",
          "max_locks_per_transaction",
          "max_wal_senders",
          "max_worker_processes");

  private final ManagedServers managed;

  Configurations(ManagedServers managed) {
    this.managed = managed;
  }

  /** Begins to set a parameter; null when it is done. */
  @Nullable SimulatedOperation set(ArmCall route, SimulatedInstance instance, String value) {
    String name = route.part("configuration");
    if (name.equals(QUERY_STORE)) {
      if (!CAPTURE_MODES.contains(value.toLowerCase(Locale.ROOT))) {
        throw ArmRefusal.invalid(name, value + " is none of none, top, all");
      }
      instance.putAttribute(QUERY_STORE, value);
      return null;
    }
    if (name.equals(QUERY_STORE_DAYS)) {
      if (!value.matches("[1-9]|[12][0-9]|30")) {
        throw ArmRefusal.invalid(name, value + " is not in 1-30");
      }
      instance.putAttribute(QUERY_STORE_DAYS, value);
      return null;
    }
    requireReplaying(instance, name, value);
    try {
      return managed
          .lifeCycle(route.call())
          .modify(instance.key(), Modification.builder().parameters(Map.of(name, value)).build());
    } catch (SimulatorException e) {
      if (e.reason() == SimulatorException.Reason.INVALID_PARAMETER
          && describe(instance, name).isEmpty()) {
        throw notFound(name);
      }
      throw e;
    }
  }

  /**
   * Does not let a replica stop to replay, which Azure documents that one should see to oneself.
   *
   * @see <a
   *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas">Server
   *     parameters</a>
   */
  private void requireReplaying(SimulatedInstance instance, String name, String value) {
    if (!SIZES.contains(name) || !value.matches("[0-9]{1,9}")) {
      return;
    }
    int size = Integer.parseInt(value);
    boolean tooSmall =
        instance.source().map(source -> size < most(source, name)).orElse(false)
            || managed.replicasOf(instance).stream()
                .anyMatch(replica -> size > least(replica, name));
    if (tooSmall) {
      throw new NotSimulatedException(
          name + " = " + value + ", with which a replica would stop to replay");
    }
  }

  /** What a source has now or after its next restart. */
  private static int most(SimulatedInstance source, String name) {
    int set = Integer.parseInt(source.parameters().getOrDefault(name, "0"));
    return runs(source) ? Math.max(set, running(source, name)) : set;
  }

  /** What a replica has until its next restart; what is not set for it follows by itself. */
  private static int least(SimulatedInstance replica, String name) {
    String set = replica.parameters().getOrDefault(name, String.valueOf(Integer.MAX_VALUE));
    return runs(replica) ? running(replica, name) : Integer.parseInt(set);
  }

  private static boolean runs(SimulatedInstance instance) {
    return instance.server().map(EmbeddedPostgres::isRunning).orElse(false);
  }

  private static int running(SimulatedInstance instance, String name) {
    try (Connection connection = connect(instance);
        PreparedStatement statement =
            connection.prepareStatement("SELECT pg_catalog.current_setting(?)::integer")) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    } catch (SQLException e) {
      throw new ArmRefusal(500, "InternalServerError", String.valueOf(e));
    }
  }

  ObjectNode get(ArmCall route, SimulatedInstance instance, String name) {
    return ServerDocument.child(
        route, "configurations", name, describe(instance, name).orElseThrow(() -> notFound(name)));
  }

  List<ObjectNode> list(ArmCall route, SimulatedInstance instance) {
    Map<String, ObjectNode> all = ofServer(instance, "");
    for (String own : List.of(QUERY_STORE, QUERY_STORE_DAYS, TLS)) {
      describe(instance, own).ifPresent(document -> all.put(own, document));
    }
    return all.entrySet().stream()
        .map(
            entry ->
                ServerDocument.child(route, "configurations", entry.getKey(), entry.getValue()))
        .toList();
  }

  private static ArmRefusal notFound(String name) {
    return new ArmRefusal(
        404,
        "ResourceNotFound",
        "The requested resource of type 'Microsoft.DBforPostgreSQL/flexibleServers/configurations'"
            + " with name '"
            + name
            + "' was not found.");
  }

  private static Optional<ObjectNode> describe(SimulatedInstance instance, String name) {
    String set = instance.parameters().get(name);
    if (name.equals(QUERY_STORE)) {
      String mode = instance.attribute(QUERY_STORE, String.class).orElse(null);
      return Optional.of(
          document(
              mode == null ? "none" : mode,
              "Sets the query capture mode of the query store.",
              "none",
              "Enumeration",
              String.join(",", CAPTURE_MODES.stream().sorted().toList()),
              mode != null,
              true,
              false,
              true));
    }
    if (name.equals(QUERY_STORE_DAYS)) {
      String days = instance.attribute(QUERY_STORE_DAYS, String.class).orElse(null);
      return Optional.of(
          document(
              days == null ? USUAL_DAYS : days,
              "Sets the retention period window in days for the query store.",
              USUAL_DAYS,
              "Integer",
              "1-30",
              days != null,
              true,
              false,
              true));
    }
    if (name.equals(TLS)) {
      return Optional.of(
          document(
              set == null ? "on" : set,
              "Whether client connections to the server are required to use TLS.",
              "on",
              "Boolean",
              String.join(",", ON_OFF.stream().sorted().toList()),
              set != null,
              true,
              false,
              true));
    }
    return Optional.ofNullable(ofServer(instance, name).get(name));
  }

  /** One of the server's own parameters, or all of them for an empty name. */
  private static Map<String, ObjectNode> ofServer(SimulatedInstance instance, String name) {
    String sql =
        "SELECT name, setting, short_desc, boot_val, vartype, enumvals, min_val, max_val, context"
            + " FROM pg_catalog.pg_settings WHERE context <> 'internal' AND (? = '' OR name = ?)";
    Map<String, ObjectNode> found = new TreeMap<>();
    Map<String, String> changed = instance.parameters();
    Set<String> pending = instance.pendingReboot();
    try (Connection connection = connect(instance);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, name);
      statement.setString(2, name);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String parameter = row.getString("name");
          String set = changed.get(parameter);
          found.put(
              parameter,
              document(
                  set == null ? row.getString("setting") : set,
                  row.getString("short_desc"),
                  String.valueOf(row.getString("boot_val")),
                  type(row.getString("vartype")),
                  allowed(row),
                  set != null,
                  !row.getString("context").equals("postmaster"),
                  pending.contains(parameter),
                  CloudProfile.AZURE.isModifiable(parameter)));
        }
      }
    } catch (SQLException e) {
      // The server may just be restarting.
      throw new ArmRefusal(500, "InternalServerError", String.valueOf(e));
    }
    return found;
  }

  private static String allowed(ResultSet row) throws SQLException {
    Array values = row.getArray("enumvals");
    if (values != null) {
      return String.join(",", (String[]) values.getArray());
    }
    if (row.getString("vartype").equals("bool")) {
      return "on,off";
    }
    String least = row.getString("min_val");
    return least == null ? ".*" : least + "-" + row.getString("max_val");
  }

  private static String type(String vartype) {
    return switch (vartype) {
      case "bool" -> "Boolean";
      case "integer" -> "Integer";
      case "real" -> "Numeric";
      case "enum" -> "Enumeration";
      default -> "String";
    };
  }

  private static ObjectNode document(
      String value,
      String description,
      String defaultValue,
      String dataType,
      String allowed,
      boolean changed,
      boolean dynamic,
      boolean pending,
      boolean modifiable) {
    return ArmJson.object()
        .put("value", value)
        .put("description", description)
        .put("defaultValue", defaultValue)
        .put("dataType", dataType)
        .put("allowedValues", allowed)
        .put("source", changed ? "user-override" : "system-default")
        .put("isDynamicConfig", dynamic)
        .put("isReadOnly", !modifiable)
        .put("isConfigPendingRestart", pending)
        .put("documentationLink", "https://www.postgresql.org/docs/current/runtime-config.html");
  }

  private static Connection connect(SimulatedInstance instance) throws SQLException {
    return instance
        .server()
        .filter(server -> server.isRunning())
        .orElseThrow(() -> new ArmRefusal(500, "InternalServerError", "The server does not run."))
        .superuserWithoutTls()
        .toBuilder()
        .parameter("currentSchema", "pg_catalog, pg_temp")
        .build()
        .connect();
  }
}
