/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.schema.SchemaSurvey;
import java.sql.SQLException;
import java.util.List;

/** Whether all of the source's schema comes along, and finds its place on the target empty. */
final class SchemaCheck {
  private static final int NAMED = 10;

  private static final String LARGE_OBJECTS_REMEDY =
      "Move their contents into columns of type bytea (lo_get), and remove them (lo_unlink; vacuumlo"
          + " removes those that no row names).";

  private static final String PARTITION_IDENTITIES =
      """
      SELECT pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname) AS name
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relispartition AND a.attidentity <> '' AND NOT a.attisdropped
      ORDER BY 1
      """;

  private static final int PARTITIONS_SHARE_IDENTITY = 17;

  private final SchemaSurvey survey;
  private final Side source;
  private final Side target;
  private final TableSelection selection;
  private final Findings findings;

  SchemaCheck(
      SchemaSurvey survey, Side source, Side target, TableSelection selection, Findings findings) {
    this.survey = survey;
    this.source = source;
    this.target = target;
    this.selection = selection;
    this.findings = findings;
  }

  void run() throws SQLException {
    for (SchemaSurvey.NotCarried object : survey.notCarried()) {
      notCarried(object);
    }
    for (String object : survey.leftBehind()) {
      findings.warning(
          "source.left-behind",
          object,
          "It could be carried, and is not.",
          "It stays behind, as the options say.");
    }
    for (String option : survey.optionsLeftOut()) {
      findings.warning(
          "source.option",
          option,
          "The source's server lets no user set this option, so it is taken for the server's own,"
              + " and not carried.",
          "Nothing has to be done, unless it was you who set it: then set it on the target.");
    }
    partitionIdentities();
    schemas();
    empty();
  }

  private void notCarried(SchemaSurvey.NotCarried object) {
    String message =
        object.reason().isEmpty()
            ? "Objects of this kind are not carried."
            : object.reason() + " It is not carried.";
    if (object.global() && !selection.includesEverything()) {
      findings.warning(
          "source.not-carried",
          object.name(),
          message,
          "Make it on the target, if what was selected needs it.");
    } else {
      findings.notCarried(
          "source.not-carried",
          object.name(),
          message,
          object.name().equals(SchemaSurvey.LARGE_OBJECTS)
              ? LARGE_OBJECTS_REMEDY
              : "Drop it, or make it on the target after the migration.");
    }
  }

  private void partitionIdentities() throws SQLException {
    if (source.version() >= PARTITIONS_SHARE_IDENTITY
        || target.version() < PARTITIONS_SHARE_IDENTITY) {
      return;
    }
    list(
        source.connection(),
        PARTITION_IDENTITIES,
        row -> {
          findings.notCarried(
              "source.partition-identity",
              row.getString("name"),
              "The column of a partition has an identity of its own; from PostgreSQL 17 on it has"
                  + " that of the partitioned table.",
              "ALTER TABLE ... ALTER COLUMN ... DROP IDENTITY on the partition.");
          return row.getRow();
        });
  }

  private void schemas() throws SQLException {
    Object names = target.connection().createArrayOf("text", survey.schemas().toArray());
    list(
        target.connection(),
        "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = ANY (?::text[])"
            + " AND NOT pg_catalog.has_schema_privilege(oid, 'CREATE') ORDER BY 1",
        row -> {
          String schema = TableName.quote(row.getString(1));
          findings.error(
              "target.create-in-schema",
              schema,
              "The role may not make objects in this schema of the target.",
              "As its owner: GRANT CREATE, USAGE ON SCHEMA "
                  + schema
                  + " TO "
                  + target.quotedUser()
                  + ".");
          return row.getRow();
        },
        names);
  }

  private void empty() throws SQLException {
    if (findings.contains("both.same-database")) {
      return;
    }
    List<String> names = survey.inTheWay(target.connection());
    if (!names.isEmpty()) {
      String more = names.size() > NAMED ? ", and " + (names.size() - NAMED) + " more" : "";
      findings.error(
          "target.not-empty",
          target.details().database(),
          "The target has objects of its own in the selected schemas: "
              + String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
              + more
              + ".",
          "Drop them, or name an empty database.");
    }
  }
}
