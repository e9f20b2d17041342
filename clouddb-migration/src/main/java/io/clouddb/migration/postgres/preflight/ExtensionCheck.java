/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.schema.SchemaSurvey;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether the target has the extensions, the types and the collations that the source uses. */
final class ExtensionCheck {
  private static final String INSTALLED =
      """
      SELECT x.extname, x.extversion, n.nspname, x.extconfig IS NOT NULL AS has_data
      FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace
      """;

  private static final String BUILT_IN_TYPES =
      """
      SELECT DISTINCT pg_catalog.format_type(t.oid, NULL) AS name
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE t.oid < 16384 AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
      ORDER BY 1
      """;

  private static final String COLLATIONS =
      """
      SELECT DISTINCT pg_catalog.quote_ident(n.nspname) || '.'
        || pg_catalog.quote_ident(k.collname) AS name
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_collation k ON d.refclassid = 'pg_catalog.pg_collation'::regclass
        AND k.oid = d.refobjid
      JOIN pg_catalog.pg_namespace n ON n.oid = k.collnamespace
      WHERE k.oid < 16384 AND d.objid >= 16384
      ORDER BY 1
      """;

  private record Extension(String name, String version, String schema, boolean hasData) {}

  private final SchemaSurvey survey;
  private final Side source;
  private final Side target;
  private final Findings findings;

  ExtensionCheck(SchemaSurvey survey, Side source, Side target, Findings findings) {
    this.survey = survey;
    this.source = source;
    this.target = target;
    this.findings = findings;
  }

  void run() throws SQLException {
    extensions();
    missing(
        BUILT_IN_TYPES,
        "pg_catalog.to_regtype",
        "target.type-missing",
        "type",
        "Change the column's type.");
    missing(
        COLLATIONS,
        "pg_catalog.to_regcollation",
        "target.collation-missing",
        "collation",
        "Create the target where the locale is installed, or use another collation.");
  }

  private void extensions() throws SQLException {
    List<String> needed = survey.extensions();
    Map<String, Extension> onTarget = new HashMap<>();
    installed(target).forEach(each -> onTarget.put(each.name, each));
    List<String> available =
        list(
            target.connection(),
            "SELECT name FROM pg_catalog.pg_available_extensions",
            row -> row.getString(1));
    List<Extension> toCreate = new ArrayList<>();
    for (Extension extension : installed(source)) {
      if (!needed.contains(extension.name)) {
        continue;
      }
      if (extension.hasData) {
        findings.warning(
            "source.extension-data",
            extension.name,
            "The extension keeps data in tables of its own (jobs, settings); it is not carried.",
            "Look whether there is some, and repeat it on the target.");
      }
      Extension found = onTarget.get(extension.name);
      if (found != null) {
        sameVersion(extension, found);
      } else if (available.contains(extension.name)) {
        toCreate.add(extension);
      } else {
        findings.error(
            "target.extension-missing",
            extension.name,
            "The source has the extension "
                + extension.name
                + "; the target's server does not offer it.",
            remedy(extension));
      }
    }
    tryToCreate(toCreate);
  }

  private String remedy(Extension extension) {
    String alternative =
        " Or drop it on the source, with what uses it: DROP EXTENSION "
            + TableName.quote(extension.name)
            + ".";
    return switch (target.place()) {
      case AZURE ->
          "Allow it in the server parameter azure.extensions, if it is listed there." + alternative;
      case RDS -> "See which extensions this version of RDS offers." + alternative;
      case CLOUD_SQL -> "See which extensions this version of Cloud SQL offers." + alternative;
      case POSTGRESQL -> "Install its package on the target's machine." + alternative;
    };
  }

  private void sameVersion(Extension extension, Extension found) {
    if (!extension.version.equals(found.version)) {
      findings.info(
          "target.extension-version",
          extension.name,
          "The extension is of version "
              + extension.version
              + " on the source and "
              + found.version
              + " on the target.",
          "Read its release notes if what it stores has changed.");
    }
    if (!extension.schema.equals(found.schema)) {
      findings.error(
          "target.extension-schema",
          extension.name,
          "The extension is in the schema "
              + extension.schema
              + " on the source and in "
              + found.schema
              + " on the target, so what uses it would not find it.",
          "ALTER EXTENSION "
              + TableName.quote(extension.name)
              + " SET SCHEMA "
              + TableName.quote(extension.schema)
              + " on the target.");
    }
  }

  private void tryToCreate(List<Extension> extensions) throws SQLException {
    Connection connection = target.connection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      for (Extension extension : extensions) {
        Savepoint before = connection.setSavepoint();
        try {
          String schema = TableName.quote(extension.schema);
          boolean own = !extension.schema.startsWith("pg_");
          if (own) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
          }
          statement.execute(
              "CREATE EXTENSION "
                  + TableName.quote(extension.name)
                  + (own ? " SCHEMA " + schema : "")
                  + " CASCADE");
        } catch (SQLException e) {
          connection.rollback(before);
          findings.error(
              "target.extension-refused",
              extension.name,
              "The extension cannot be created on the target: " + e.getMessage(),
              remedy(extension));
        }
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static List<Extension> installed(Side side) throws SQLException {
    return list(
        side.connection(),
        INSTALLED + " ORDER BY x.oid",
        row ->
            new Extension(
                row.getString("extname"),
                row.getString("extversion"),
                row.getString("nspname"),
                row.getBoolean("has_data")));
  }

  private void missing(String query, String lookup, String code, String what, String remedy)
      throws SQLException {
    List<String> names = list(source.connection(), query, row -> row.getString("name"));
    list(
        target.connection(),
        "SELECT name FROM pg_catalog.unnest(?::text[]) AS n(name) WHERE "
            + lookup
            + "(name) IS NULL",
        row -> {
          findings.error(
              code,
              row.getString("name"),
              "The source uses the "
                  + what
                  + " "
                  + row.getString("name")
                  + "; the target has none.",
              remedy);
          return row.getRow();
        },
        target.connection().createArrayOf("text", names.toArray()));
  }
}
