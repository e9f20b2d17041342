/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is known of the two databases between which a schema is carried or compared.
 *
 * @param versions of the servers
 * @param ownRoles the role of the migration on either side; the one stands for the other
 * @param leftBehind what stays behind by the caller's will: objects as {@link
 *     SchemaObject#toString} names them, and roles with all that they own and may, as {@code role
 *     name}
 */
record Sides(VersionSpan versions, Set<String> ownRoles, Set<String> leftBehind) {
  /** What names a role among what is left behind. */
  static final String ROLE = "role ";

  /** What statements call the role that runs them, whatever its name. */
  static final String OWN = "CURRENT_ROLE";

  /**
   * Roles that a cloud makes in each of its servers. What they have was given by that cloud, and
   * the next one gives its own.
   */
  private static final Set<String> OF_A_CLOUD =
      Set.of(
          "rdsadmin",
          "rds_superuser",
          "rds_replication",
          "rds_iam",
          "rds_password",
          "rds_ad",
          "rds_extension",
          "rds_reserved",
          "rdsrepladmin",
          "azuresu",
          "azure_pg_admin",
          "cloudsqladmin",
          "cloudsqlsuperuser",
          "cloudsqliamuser",
          "cloudsqliamserviceaccount",
          "cloudsqlimportexport",
          "cloudsqlreplica",
          "cloudsqlagent");

  Sides {
    ownRoles = Set.copyOf(ownRoles);
    leftBehind = Set.copyOf(leftBehind);
  }

  static Sides of(Connection source, Connection target, Set<String> leftBehind)
      throws SQLException {
    return new Sides(
        VersionSpan.of(CatalogQuery.majorVersion(source), CatalogQuery.majorVersion(target)),
        new HashSet<>(List.of(role(source), role(target))),
        leftBehind);
  }

  private static String role(Connection connection) throws SQLException {
    return CatalogQuery.list(connection, "SELECT current_user::text", row -> row.getString(1))
        .get(0);
  }

  static boolean isOfACloud(String role) {
    return OF_A_CLOUD.contains(role);
  }

  boolean isOwn(String role) {
    return ownRoles.contains(role);
  }

  /** Whether what a role owns and may is not carried. */
  boolean leavesBehind(String role) {
    return !isOwn(role) && (isOfACloud(role) || leftBehind.contains(ROLE + role));
  }

  /** Whether an object is not carried by the caller's will, or nothing of it is left to make. */
  boolean leavesBehind(SchemaObject object) {
    return leftBehind.contains(object.toString()) || object.statements().isEmpty();
  }

  /** The role in a statement, the same on both sides. */
  String inSql(String role) {
    return isOwn(role) ? OWN : TableName.quote(role);
  }
}
