/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import java.sql.SQLException;
import java.util.List;

/**
 * Whether the migration sees and writes all rows. A table's owner is not subject to its policies,
 * unless they are forced.
 */
final class RowSecurityCheck {
  private static final String FORCED =
      """
      SELECT n.nspname, c.relname
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relrowsecurity AND c.relforcerowsecurity AND c.relkind IN ('r', 'p')
        AND c.relpersistence <> 't'
      ORDER BY 1, 2
      """;

  private static final String BYPASSES =
      "SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user";

  private final Side source;
  private final Side target;
  private final TableSelection selection;
  private final Findings findings;

  RowSecurityCheck(Side source, Side target, TableSelection selection, Findings findings) {
    this.source = source;
    this.target = target;
    this.selection = selection;
    this.findings = findings;
  }

  void run() throws SQLException {
    List<TableName> forced =
        list(
                source.connection(),
                FORCED,
                row -> new TableName(row.getString("nspname"), row.getString("relname")))
            .stream()
            .filter(selection::includes)
            .toList();
    if (forced.isEmpty()) {
      return;
    }
    for (Side side : List.of(source, target)) {
      if (side.value(BYPASSES).equals("t")) {
        continue;
      }
      for (TableName table : forced) {
        findings.error(
            side.label() + ".row-security-forced",
            table.quoted(),
            "Row security is forced on this table, so it would hide rows from "
                + side.details().user()
                + " on the "
                + side.label()
                + ", its owner.",
            "As an administrator of the "
                + side.label()
                + ": ALTER ROLE "
                + side.quotedUser()
                + " BYPASSRLS. Or, until the migration is over: ALTER TABLE "
                + table.quoted()
                + " NO FORCE ROW LEVEL SECURITY on the source.");
      }
    }
  }
}
