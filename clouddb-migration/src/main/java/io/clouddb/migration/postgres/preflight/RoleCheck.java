/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.schema.SchemaSurvey;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether the target has the roles that own something or may do something on the source, and
 * whether the migration may give to them what is theirs. Roles themselves are not carried: their
 * passwords cannot be read on a managed service.
 */
final class RoleCheck {
  private static final int SETS_ROLES = 16;
  private static final int NAMED = 5;
  private static final String ROLE = "role ";

  private final SchemaSurvey survey;
  private final Side target;
  private final PreflightOptions options;
  private final Findings findings;

  RoleCheck(SchemaSurvey survey, Side target, PreflightOptions options, Findings findings) {
    this.survey = survey;
    this.target = target;
    this.options = options;
    this.findings = findings;
  }

  /**
   * Checks.
   *
   * @return the roles that are missing, or that the migration's role cannot act for
   */
  Set<String> run() throws SQLException {
    Set<String> unusable = new HashSet<>();
    for (SchemaSurvey.Role role : survey.roles()) {
      if (!exists(role.name())) {
        unusable.add(role.name());
        findings.error(
            "target.role-missing",
            ROLE + role.name(),
            "The target has no such role. It is needed by " + named(role.needs()) + ".",
            "CREATE ROLE "
                + TableName.quote(role.name())
                + " on the target, with LOGIN and a password where an application connects as it"
                + (role.owner() ? ", and " + membership(role) : "")
                + ". Or name it, as it is written here, among what may be left behind: then what"
                + " it owns belongs to "
                + target.details().user()
                + ", and its privileges and policies are left out.");
      } else if (role.owner() && !mayActFor(role.name())) {
        unusable.add(role.name());
        findings.error(
            "target.role-membership",
            ROLE + role.name(),
            "The role owns "
                + named(role.needs())
                + ", but "
                + target.details().user()
                + " may not give objects to it and go on to use them.",
            "As an administrator of the role: "
                + membership(role)
                + ". Or name the role, as it is written here, among what may be left behind.");
      }
    }
    for (String left : options.leftBehind()) {
      if (left.startsWith(ROLE)) {
        findings.warning(
            "source.role-left-behind",
            left,
            "What the role owns belongs to "
                + target.details().user()
                + " on the target; its privileges and policies are left out.",
            "It stays behind, as the options say.");
      }
    }
    return unusable;
  }

  private boolean exists(String role) throws SQLException {
    return target
        .value("SELECT pg_catalog.to_regrole(pg_catalog.quote_ident(?)) IS NOT NULL", role)
        .equals("t");
  }

  private boolean mayActFor(String role) throws SQLException {
    return list(
            target.connection(),
            "SELECT pg_catalog.pg_has_role(?, 'USAGE') AND pg_catalog.pg_has_role(?, '"
                + (target.version() >= SETS_ROLES ? "SET" : "MEMBER")
                + "')",
            row -> row.getBoolean(1),
            role,
            role)
        .equals(List.of(true));
  }

  private String membership(SchemaSurvey.Role role) {
    return "GRANT "
        + TableName.quote(role.name())
        + " TO "
        + target.quotedUser()
        + (target.version() >= SETS_ROLES ? " WITH INHERIT TRUE, SET TRUE" : "");
  }

  private static String named(List<String> needs) {
    int more = needs.size() - NAMED;
    return String.join(", ", needs.subList(0, Math.min(NAMED, needs.size())))
        + (more > 0 ? ", and " + more + " more" : "");
  }
}
