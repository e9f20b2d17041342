/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Where a server runs, told by the roles that each cloud gives its servers; a remedy is put in that
 * place's words.
 */
enum Place {
  /** Amazon RDS and Aurora. */
  RDS("Amazon RDS", "rds_superuser"),
  /** Azure Database for PostgreSQL. */
  AZURE("Azure Database for PostgreSQL", "azure_pg_admin"),
  /** Google Cloud SQL. */
  CLOUD_SQL("Cloud SQL", "cloudsqlsuperuser"),
  /** Anywhere else. */
  POSTGRESQL("PostgreSQL", "");

  private final String label;
  private final String role;

  Place(String label, String role) {
    this.label = label;
    this.role = role;
  }

  static Place of(Connection connection) throws SQLException {
    List<String> roles =
        CatalogQuery.list(
            connection,
            "SELECT rolname FROM pg_catalog.pg_roles"
                + " WHERE rolname IN ('rds_superuser', 'azure_pg_admin', 'cloudsqlsuperuser')",
            row -> row.getString(1));
    for (Place place : values()) {
      if (roles.contains(place.role)) {
        return place;
      }
    }
    return POSTGRESQL;
  }

  String label() {
    return label;
  }

  /** How logical replication is turned on. */
  String enableLogicalReplication() {
    return switch (this) {
      case RDS ->
          "Set rds.logical_replication=1 in the instance's DB parameter group and reboot it.";
      case AZURE -> "Set the server parameter wal_level=logical and restart the server.";
      case CLOUD_SQL ->
          "Set the database flag cloudsql.logical_decoding=on; the instance restarts.";
      case POSTGRESQL -> "Set wal_level=logical in postgresql.conf and restart the server.";
    };
  }

  /** How a parameter that needs a restart is set. */
  String set(String parameter, String value) {
    String assignment = parameter + "=" + value;
    return switch (this) {
      case RDS -> "Set " + assignment + " in the instance's DB parameter group and reboot it.";
      case AZURE -> "Set the server parameter " + assignment + " and restart the server.";
      case CLOUD_SQL -> "Set the database flag " + assignment + "; the instance restarts.";
      case POSTGRESQL -> "Set " + assignment + " in postgresql.conf and restart the server.";
    };
  }

  /** How a parameter is set that is read again without a restart. */
  String reload(String parameter, String value) {
    String assignment = parameter + "=" + value;
    return switch (this) {
      case RDS -> "Set " + assignment + " in the instance's DB parameter group.";
      case AZURE -> "Set the server parameter " + assignment + ".";
      case CLOUD_SQL -> "Set the database flag " + assignment + ".";
      case POSTGRESQL -> "Set " + assignment + " in postgresql.conf and reload the server.";
    };
  }

  /** How a role is allowed to replicate. */
  String allowReplication(String quotedRole) {
    return this == RDS
        ? "As the master user: GRANT rds_replication TO " + quotedRole + "."
        : "As an administrator: ALTER ROLE " + quotedRole + " REPLICATION.";
  }
}
