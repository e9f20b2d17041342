/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.server.CloudProfile;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The parameters of each major version: those of a real server, and the service's own. */
final class ParameterCatalog {
  /**
   * A parameter.
   *
   * @param name its name
   * @param fixed whether it takes effect at a restart only
   * @param type as RDS calls it
   * @param allowed the values that it takes; null when RDS says nothing
   * @param value its default; null for none
   * @param modifiable whether customers may set it
   */
  record Entry(
      String name,
      boolean fixed,
      String type,
      @Nullable String allowed,
      @Nullable String value,
      boolean modifiable) {}

  private static final int TLS_BY_DEFAULT = 15;

  private final Map<Integer, Map<String, Entry>> byMajor = new ConcurrentHashMap<>();

  Map<String, Entry> of(int major) {
    return byMajor.computeIfAbsent(major, ParameterCatalog::read);
  }

  private static Map<String, Entry> read(int major) {
    Map<String, Entry> all = new TreeMap<>();
    add(all, new Entry("rds.logical_replication", true, "boolean", "0,1", "0", true));
    String force = major >= TLS_BY_DEFAULT ? "1" : "0";
    add(all, new Entry("rds.force_ssl", false, "boolean", "0,1", force, true));
    try (EmbeddedPostgres server =
            EmbeddedPostgres.builder().version(major).durable(false).start();
        Connection connection = server.superuser().connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT name, context, vartype, min_val, max_val,"
                    + " pg_catalog.array_to_string(enumvals, ','), boot_val"
                    + " FROM pg_catalog.pg_settings"
                    + " WHERE context <> 'internal'")) {
      while (rows.next()) {
        String name = rows.getString(1);
        add(
            all,
            new Entry(
                name,
                rows.getString(2).equals("postmaster"),
                type(rows.getString(3)),
                allowed(rows.getString(3), rows.getString(4), rows.getString(5), rows.getString(6)),
                rows.getString(7),
                CloudProfile.RDS.isModifiable(name)));
      }
    } catch (SQLException e) {
      throw new SimulatorException(
          SimulatorException.Reason.BACKEND, "The parameters could not be read: " + e);
    }
    return all;
  }

  private static void add(Map<String, Entry> all, Entry entry) {
    all.put(entry.name(), entry);
  }

  private static String type(String vartype) {
    return switch (vartype) {
      case "bool" -> "boolean";
      case "real" -> "float";
      case "enum" -> "list";
      default -> vartype;
    };
  }

  private static @Nullable String allowed(
      String vartype, @Nullable String min, @Nullable String max, @Nullable String values) {
    if (vartype.equals("bool")) {
      return "0,1";
    }
    return values != null && !values.isEmpty() ? values : min == null ? null : min + "-" + max;
  }
}
