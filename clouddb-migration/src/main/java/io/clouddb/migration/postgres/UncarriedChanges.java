/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.copy.TableShape;
import io.clouddb.migration.postgres.schema.SchemaSurvey;
import io.clouddb.migration.postgres.schema.SequenceValues;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses to give the application to a target that would lack what the source has come to hold:
 * tables that were made, altered or dropped since the copy was planned, and large objects.
 * Preflight saw none of it, and the stream tells of it only where rows of an altered table follow.
 */
final class UncarriedChanges {
  private UncarriedChanges() {}

  /** While the application writes. */
  static void requireNone(MigrationRun run, Connection source, Connection target)
      throws SQLException {
    requireTablesAsPlanned(run, source);
    Set<TableName> known =
        run.unlogged(target).stream().map(Table::name).collect(Collectors.toSet());
    String made =
        run.unlogged(source).stream()
            .map(Table::name)
            .filter(table -> !known.contains(table))
            .map(TableName::quoted)
            .collect(Collectors.joining(", "));
    if (!made.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "These unlogged tables of the source are new: " + made)
          .nextStep(
              "Drop them, or leave them behind as \"table \" and the name; then run it again.")
          .toException();
    }
    requireNoLargeObjects(run, source);
  }

  /** Where sequences stand is copied in the pause, to those that are there. */
  static void requireNoNewSequence(MigrationRun run, Connection source, Connection target)
      throws SQLException {
    String made =
        SequenceValues.missing(source, target, run.settings.selection()).stream()
            .map(TableName::quoted)
            .collect(Collectors.joining(", "));
    if (!made.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "These sequences of the source are not on the target: " + made)
          .nextStep(
              "Make them on the target too, owned by the same role, or drop them on the source;"
                  + " then run it again.")
          .toException();
    }
  }

  /** In the pause: what can be asked in a moment. */
  static void requireNoneBehindFence(MigrationRun run, Connection source, Duration limit)
      throws SQLException {
    AlteredTables.requireKnown(
        CopyHistory.of(run.history).planned(), TableShape.read(source, run.tables()));
    UncommittedTables.awaitNone(source, limit);
    requireNoneMade(run, source);
    requireNoLargeObjects(run, source);
  }

  private static void requireTablesAsPlanned(MigrationRun run, Connection source)
      throws SQLException {
    AlteredTables.requireNone(
        CopyHistory.of(run.history).planned(), TableShape.read(source, run.selected(source)));
  }

  /** The fence stands on the tables that were known before it. */
  private static void requireNoneMade(MigrationRun run, Connection source) throws SQLException {
    Direction forward = run.forward();
    Set<Long> known =
        Stream.concat(forward.tables().stream(), forward.unlogged().stream())
            .map(Table::oid)
            .collect(Collectors.toSet());
    Map<Long, TableName> now = Catalog.names(source, run.settings.selection());
    String made =
        now.entrySet().stream()
            .filter(table -> !known.contains(table.getKey()))
            .map(table -> table.getValue().quoted())
            .filter(table -> !run.settings.leaveBehind().contains("table " + table))
            .sorted()
            .collect(Collectors.joining(", "));
    if (!made.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "These tables of the source were made while the cutover began: " + made)
          .nextStep(
              "Drop them, or leave them behind as \"table \" and the name; then run it again.")
          .toException();
    }
  }

  private static void requireNoLargeObjects(MigrationRun run, Connection source)
      throws SQLException {
    if (holdsLargeObjects(run, source)) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The source has come to hold large objects, which the stream of changes lacks")
          .nextStep(
              "Move them into columns of type bytea (lo_get) and remove them (lo_unlink), or"
                  + " leave them behind as \""
                  + SchemaSurvey.LARGE_OBJECTS
                  + "\"; then run it again.")
          .toException();
    }
  }

  /** Where single tables are selected, preflight only names them. */
  static boolean holdsLargeObjects(MigrationRun run, Connection side) throws SQLException {
    if (!run.settings.selection().includesEverything()
        || run.settings.leaveBehind().contains(SchemaSurvey.LARGE_OBJECTS)) {
      return false;
    }
    try (Statement statement = side.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata)")) {
      row.next();
      return row.getBoolean(1);
    }
  }
}
