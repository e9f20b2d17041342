/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.Modification;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.SimulatedInstance;
import io.clouddb.testkit.simulator.SimulatedOperation;
import io.clouddb.testkit.simulator.SimulatorException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Server parameters, described by the real server, and Azure's own ones. */
final class Configurations {
  static final String TLS = "require_secure_transport";
  static final String QUERY_STORE = "pg_qs.query_capture_mode";

  private static final Set<String> CAPTURE_MODES = Set.of("none", "top", "all");
  private static final Set<String> ON_OFF = Set.of("on", "off");

  private final SimulatedCloud cloud;

  Configurations(SimulatedCloud cloud) {
    this.cloud = cloud;
  }

  /** Begins to set a parameter; null when it is done. */
  @Nullable SimulatedOperation set(SimulatedInstance instance, String name, String value) {
    if (name.equals(QUERY_STORE)) {
      if (!CAPTURE_MODES.contains(value.toLowerCase(Locale.ROOT))) {
        throw ArmRefusal.invalid(name, value + " is none of none, top, all");
      }
      instance.putAttribute(QUERY_STORE, value);
      return null;
    }
    try {
      return cloud.modify(
          instance.key(), Modification.builder().parameters(Map.of(name, value)).build());
    } catch (SimulatorException e) {
      if (e.reason() == SimulatorException.Reason.INVALID_PARAMETER
          && describe(instance, name).isEmpty()) {
        throw notFound(name);
      }
      throw e;
    }
  }

  ObjectNode get(ArmRoute route, SimulatedInstance instance, String name) {
    return ArmWords.child(
        route, "configurations", name, describe(instance, name).orElseThrow(() -> notFound(name)));
  }

  List<ObjectNode> list(ArmRoute route, SimulatedInstance instance) {
    List<String> names = new ArrayList<>(List.of(QUERY_STORE, TLS));
    try (Connection connection = connect(instance);
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT name FROM pg_settings WHERE context <> 'internal' ORDER BY 1");
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new SimulatorException(SimulatorException.Reason.DATABASE, String.valueOf(e));
    }
    return names.stream().sorted().map(name -> get(route, instance, name)).toList();
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
              false));
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
              false));
    }
    return describeByServer(instance, name, set);
  }

  private static Optional<ObjectNode> describeByServer(
      SimulatedInstance instance, String name, @Nullable String set) {
    String sql =
        "SELECT setting, short_desc, boot_val, vartype, enumvals, min_val, max_val, context"
            + " FROM pg_settings WHERE name = ? AND context <> 'internal'";
    try (Connection connection = connect(instance);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        Array values = row.getArray("enumvals");
        String allowed =
            values != null
                ? String.join(",", (String[]) values.getArray())
                : row.getString("vartype").equals("bool")
                    ? "on,off"
                    : row.getString("min_val") == null
                        ? ".*"
                        : row.getString("min_val") + "-" + row.getString("max_val");
        return Optional.of(
            document(
                set == null ? row.getString("setting") : set,
                row.getString("short_desc"),
                String.valueOf(row.getString("boot_val")),
                type(row.getString("vartype")),
                allowed,
                set != null,
                !row.getString("context").equals("postmaster"),
                instance.pendingReboot().contains(name)));
      }
    } catch (SQLException e) {
      throw new SimulatorException(SimulatorException.Reason.DATABASE, String.valueOf(e));
    }
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
      boolean pending) {
    return ArmWords.object()
        .put("value", value)
        .put("description", description)
        .put("defaultValue", defaultValue)
        .put("dataType", dataType)
        .put("allowedValues", allowed)
        .put("source", changed ? "user-override" : "system-default")
        .put("isDynamicConfig", dynamic)
        .put("isReadOnly", false)
        .put("isConfigPendingRestart", pending)
        .put("documentationLink", "https://www.postgresql.org/docs/current/runtime-config.html");
  }

  private static Connection connect(SimulatedInstance instance) throws SQLException {
    return instance
        .server()
        .filter(server -> server.isRunning())
        .orElseThrow(() -> ArmRefusal.busy(instance.key().name()))
        .superuser()
        .connect();
  }
}
