/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.instance.Engine;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** PostgreSQL's versions as {@code databaseVersion} spells them. */
final class EngineVersion {
  /** {@code SqlDatabaseVersion}: those that Cloud SQL creates. */
  private static final Set<String> OFFERED =
      Set.of("9.6", "10", "11", "12", "13", "14", "15", "16", "17", "18");

  private EngineVersion() {}

  /** The major versions that Cloud SQL creates, the oldest first. */
  static List<String> offered() {
    return OFFERED.stream().sorted(Comparator.comparingInt(EngineVersion::number)).toList();
  }

  /**
   * The value for a version.
   *
   * @param version a major version
   * @return for example {@code POSTGRES_16}; empty when Cloud SQL has none
   */
  static Optional<String> databaseVersion(String version) {
    return OFFERED.contains(version)
        ? Optional.of("POSTGRES_" + version.replace('.', '_'))
        : Optional.empty();
  }

  /**
   * The major version of a version that names a minor one too.
   *
   * @param version for example {@code 16.4}
   * @return for example {@code 16}
   */
  static String major(String version) {
    String[] parts = version.split("\\.", -1);
    return parts[0].equals("9") && parts.length > 1 ? parts[0] + "." + parts[1] : parts[0];
  }

  /**
   * The number by which major versions are in order.
   *
   * @param version one that Cloud SQL has
   * @return for example 16; 9 for 9.6
   */
  static int number(String version) {
    return Integer.parseInt(version.split("\\.", 2)[0]);
  }

  /**
   * The engine of a {@code databaseVersion}.
   *
   * @param databaseVersion for example {@code POSTGRES_16} or {@code MYSQL_8_0_37}
   * @return the engine
   */
  static Engine engine(String databaseVersion) {
    String prefix = prefix(databaseVersion);
    return switch (prefix) {
      case "POSTGRES" -> Engine.POSTGRESQL;
      case "MYSQL" -> Engine.MYSQL;
      case "SQLSERVER" -> Engine.SQLSERVER;
      default -> new Engine(prefix.toLowerCase(Locale.ROOT));
    };
  }

  /**
   * The version in a {@code databaseVersion} or {@code databaseInstalledVersion}.
   *
   * @param databaseVersion for example {@code POSTGRES_16_3}
   * @return for example {@code 16.3}
   */
  static String version(String databaseVersion) {
    String rest = databaseVersion.substring(prefix(databaseVersion).length());
    return rest.isEmpty() ? databaseVersion : rest.substring(1).replace('_', '.');
  }

  private static String prefix(String databaseVersion) {
    int underscore = databaseVersion.indexOf('_');
    return underscore < 0 ? databaseVersion : databaseVersion.substring(0, underscore);
  }
}
