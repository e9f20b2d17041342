/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;
import static io.clouddb.migration.postgres.catalog.CatalogQuery.strings;

import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.RowCode;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether code of others runs when rows of the selected tables are written: functions in checks,
 * domains, generated columns, indexes and partition keys. It runs as the owner of the table. But
 * the session is the migration's, and a function that knows it can become that role (RESET ROLE);
 * so whoever wrote one has to be trusted, by name.
 */
final class CodeCheck {
  private static final int SETS_ROLES = 16;

  /**
   * Not those of who can do all that the migration's role can. Members of extensions are asked for
   * their owner too: whoever may create in the database can own a trusted one, and add a function
   * of his to it.
   */
  private static final String ROUTINES =
      RowCode.ranBy("")
          + """
      SELECT r.routine::pg_catalog.regprocedure::pg_catalog.text AS routine, r.place,
        o.rolname AS owner, pg_catalog.array_agg(DISTINCT r.name ORDER BY r.name) AS tables
      FROM ran r
      JOIN pg_catalog.pg_roles o ON o.oid OPERATOR(pg_catalog.=) r.owner
      JOIN pg_catalog.pg_roles me ON me.rolname OPERATOR(pg_catalog.=) current_user
      WHERE NOT o.rolsuper AND NOT pg_catalog.pg_has_role(o.oid, me.oid, 'MEMBER')
      GROUP BY r.routine, r.place, o.rolname ORDER BY 3, 1, 2
      """;

  /** Owners who lack what writing their tables takes, which is as they. */
  private static final String POWERLESS =
      """
      SELECT o.rolname AS owner, q.name AS table, w.schemas
      FROM pg_catalog.unnest(?::pg_catalog.text[]) q (name)
      JOIN pg_catalog.pg_class c
        ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(q.name)::pg_catalog.oid
      JOIN pg_catalog.pg_roles o ON o.oid OPERATOR(pg_catalog.=) c.relowner
      JOIN pg_catalog.pg_roles me ON me.rolname OPERATOR(pg_catalog.=) current_user
      CROSS JOIN LATERAL (
        SELECT pg_catalog.array_agg(DISTINCT pg_catalog.quote_ident(n.nspname)) AS schemas
        FROM pg_catalog.pg_namespace n
        WHERE NOT pg_catalog.has_schema_privilege(o.oid, n.oid, 'USAGE')
          AND (n.oid OPERATOR(pg_catalog.=) c.relnamespace OR EXISTS (
            SELECT FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) a.atttypid
            LEFT JOIN pg_catalog.pg_type b ON b.oid OPERATOR(pg_catalog.=) t.typbasetype
            WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid
              AND a.attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2 AND NOT a.attisdropped
              AND (t.typnamespace OPERATOR(pg_catalog.=) n.oid
                OR b.typnamespace OPERATOR(pg_catalog.=) n.oid)))) w
      WHERE NOT o.rolsuper AND NOT pg_catalog.pg_has_role(o.oid, me.oid, 'MEMBER')
        AND NOT (w.schemas IS NULL
          AND pg_catalog.has_table_privilege(o.oid, c.oid, 'SELECT')
          AND pg_catalog.has_table_privilege(o.oid, c.oid, 'INSERT')
          AND pg_catalog.has_table_privilege(o.oid, c.oid, 'UPDATE')
          AND pg_catalog.has_table_privilege(o.oid, c.oid, 'DELETE')
          AND pg_catalog.has_table_privilege(o.oid, c.oid, 'TRUNCATE'))
      ORDER BY 2
      """;

  private static final String OWNERS =
      """
      SELECT o.rolname AS owner, pg_catalog.min(q.name) AS table
      FROM pg_catalog.unnest(?::pg_catalog.text[]) q (name)
      JOIN pg_catalog.pg_class c
        ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(q.name)::pg_catalog.oid
      JOIN pg_catalog.pg_roles o ON o.oid OPERATOR(pg_catalog.=) c.relowner
      JOIN pg_catalog.pg_roles me ON me.rolname OPERATOR(pg_catalog.=) current_user
      WHERE NOT o.rolsuper AND NOT pg_catalog.pg_has_role(o.oid, me.oid, 'MEMBER')
        AND NOT pg_catalog.pg_has_role(o.oid, ?)
      GROUP BY o.rolname ORDER BY 1
      """;

  private final Side source;
  private final Optional<Side> target;
  private final TableSelection selection;
  private final PreflightOptions options;
  private final Findings findings;

  CodeCheck(
      Side source,
      Optional<Side> target,
      TableSelection selection,
      PreflightOptions options,
      Findings findings) {
    this.source = source;
    this.target = target;
    this.selection = selection;
    this.options = options;
    this.findings = findings;
  }

  void run() throws SQLException {
    List<Table> tables = new ArrayList<>(Catalog.read(source.connection(), selection));
    tables.addAll(Catalog.readUnlogged(source.connection(), selection));
    Array names =
        source
            .connection()
            .createArrayOf(
                "text",
                tables.stream().map(Table::name).map(TableName::quoted).toArray(String[]::new));
    list(
        source.connection(),
        ROUTINES,
        row -> {
          routine(
              row.getString("routine"),
              row.getString("place"),
              row.getString("owner"),
              Stream.of((String[]) row.getArray("tables").getArray()).toList());
          return true;
        },
        names,
        schemas());
    powerless(source, Severity.ERROR, names);
    if (target.isPresent()) {
      // Where tables are there already; what they lack may be among what the schema brings.
      powerless(target.get(), Severity.WARNING, names);
    }
    if (options.reverse()) {
      list(
          source.connection(),
          OWNERS,
          row -> {
            owner(row.getString("owner"), row.getString("table"));
            return true;
          },
          names,
          source.version() >= SETS_ROLES ? "SET" : "MEMBER");
    }
  }

  /** Those whose domains come along whether a table has a column of them or not. */
  private Array schemas() throws SQLException {
    List<String> included =
        list(
                source.connection(),
                "SELECT nspname FROM pg_catalog.pg_namespace",
                row -> row.getString(1))
            .stream()
            .filter(selection::includesSchema)
            .toList();
    return source.connection().createArrayOf("text", included.toArray());
  }

  private void powerless(Side side, Severity severity, Array names) throws SQLException {
    list(
            side.connection(),
            POWERLESS,
            row ->
                powerless(
                    side,
                    severity,
                    row.getString("owner"),
                    row.getString("table"),
                    strings(row, "schemas")),
            names)
        .forEach(findings::add);
  }

  private static Finding powerless(
      Side side, Severity severity, String owner, String table, List<String> schemas) {
    String role = TableName.quote(owner);
    return new Finding(
        severity,
        side.label() + ".owner-rights",
        table,
        "Rows of this table are written as its owner, "
            + owner
            + ", who lacks "
            + (schemas.isEmpty()
                ? "privileges on it."
                : "USAGE on its schema, or on that of a column's type."),
        "On the "
            + side.label()
            + ": GRANT "
            + (schemas.isEmpty()
                ? "ALL ON " + table
                : "USAGE ON SCHEMA " + String.join(", ", schemas))
            + " TO "
            + role
            + ".");
  }

  private void routine(String routine, @Nullable String place, String owner, List<String> tables) {
    String what =
        "When rows of "
            + String.join(", ", tables)
            + (place == null
                ? " are written, this function of the role " + owner + " runs."
                : " are written, this of the role "
                    + owner
                    + " runs "
                    + routine
                    + ", which can run what it is told, or change more than the row.")
            + " It runs as the owner of the table, but in the migration's session, whose rights it"
            + " could take.";
    String object = place == null ? routine : place;
    if (options.trusted().contains(owner)) {
      findings.info("source.code", object, what, "The role is trusted, as the options say.");
    } else {
      findings.error(
          "source.code",
          object,
          what,
          (place == null ? "Read the function and what it calls" : "Read its definition")
              + ", then name the role "
              + owner
              + " among those whose code is trusted (trustCodeOf). Or "
              + (place == null ? "give the function to the migration's role." : "drop it."));
    }
  }

  private void owner(String owner, String table) {
    findings.error(
        "source.role-membership",
        "role " + owner,
        "The role owns "
            + table
            + ", to which changes are brought back as their owner, but "
            + source.details().user()
            + " may not act as it.",
        "As an administrator of the role: GRANT "
            + TableName.quote(owner)
            + " TO "
            + source.quotedUser()
            + (source.version() >= SETS_ROLES ? " WITH INHERIT TRUE, SET TRUE" : "")
            + ".");
  }
}
