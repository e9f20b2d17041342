/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Asks a real server which parameters it knows and which values it takes. The server lives for one
 * check: it may not change anything of an instance's own.
 */
final class ParameterCheck {
  private final CloudProfile profile;

  ParameterCheck(CloudProfile profile) {
    this.profile = profile;
  }

  /**
   * Describes parameters, and refuses them all together when one of them is wrong.
   *
   * @param version the server's major version
   * @param parameters in the cloud's own names
   * @return in the same order, by the names in lower case
   */
  Map<String, ParameterDescription> check(int version, Map<String, String> parameters) {
    List<String> problems = new ArrayList<>();
    List<CloudParameter> read = new ArrayList<>();
    parameters.forEach(
        (name, value) -> {
          try {
            read.add(profile.read(name, value));
          } catch (SimulatorException e) {
            problems.add(e.sentence());
          }
        });
    Map<String, ParameterDescription> descriptions = new LinkedHashMap<>();
    if (read.stream().anyMatch(CloudParameter::checkedByServer)) {
      try (EmbeddedPostgres server =
              EmbeddedPostgres.builder()
                  .version(version)
                  .superuser(profile.superuser())
                  .durable(false)
                  .start();
          Connection connection = server.superuser().connect()) {
        for (CloudParameter parameter : read) {
          if (parameter.checkedByServer()) {
            check(connection, parameter, descriptions, problems);
          } else {
            descriptions.put(parameter.name(), own(parameter));
          }
        }
      } catch (SQLException e) {
        throw new SimulatorException(
            SimulatorException.Reason.BACKEND, "The parameters could not be checked", e);
      }
    } else {
      read.forEach(parameter -> descriptions.put(parameter.name(), own(parameter)));
    }
    if (!problems.isEmpty()) {
      throw new SimulatorException(
          SimulatorException.Reason.INVALID_PARAMETER, String.join("; ", problems));
    }
    return descriptions;
  }

  private static ParameterDescription own(CloudParameter parameter) {
    boolean restartNeeded = parameter.serverSettings().containsKey("wal_level");
    return new ParameterDescription(
        parameter.name(), restartNeeded, "string", null, null, null, List.of());
  }

  private static void check(
      Connection connection,
      CloudParameter parameter,
      Map<String, ParameterDescription> descriptions,
      List<String> problems)
      throws SQLException {
    Optional<ParameterDescription> description = describe(connection, parameter.name());
    if (description.isEmpty()) {
      problems.add("The parameter " + parameter.name() + " does not exist or cannot be modified");
      return;
    }
    try {
      Sql.execute(connection, "ALTER SYSTEM SET %I = %L", parameter.name(), parameter.value());
      descriptions.put(parameter.name(), description.get());
    } catch (SQLException e) {
      problems.add(Objects.requireNonNullElse(e.getMessage(), parameter.name() + " is invalid"));
    }
  }

  private static Optional<ParameterDescription> describe(Connection connection, String name)
      throws SQLException {
    String sql =
        "SELECT context, vartype, boot_val, min_val, max_val, enumvals FROM pg_catalog.pg_settings"
            + " WHERE pg_catalog.lower(name) = ? AND context <> 'internal'";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, name);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        Array allowed = rows.getArray("enumvals");
        return Optional.of(
            new ParameterDescription(
                name,
                rows.getString("context").equals("postmaster"),
                rows.getString("vartype"),
                rows.getString("boot_val"),
                rows.getString("min_val"),
                rows.getString("max_val"),
                allowed == null ? List.of() : List.of((String[]) allowed.getArray())));
      }
    }
  }
}
