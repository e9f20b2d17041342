/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.Column;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether the stream of changes identifies the rows of each table. Where it does not, the server
 * refuses UPDATE and DELETE of the application from the moment that the table is published.
 */
final class IdentityCheck {
  private static final int LISTED = 3;

  /**
   * From here on the identity may hold no column that is not published, and generated ones are not.
   */
  private static final int ALL_OF_IDENTITY_PUBLISHED = 18;

  private static final String DEFERRABLE =
      """
      SELECT i.indrelid::bigint FROM pg_catalog.pg_index i
      WHERE i.indisprimary AND NOT i.indimmediate
      """;

  private enum Problem {
    NO_KEY,
    DEFERRABLE_KEY,
    GENERATED_KEY,
    WHOLE_ROW_WITH_GENERATED,
    WHOLE_ROW
  }

  private final Side source;
  private final Optional<Side> target;
  private final TableSelection selection;
  private final PreflightOptions options;
  private final Findings findings;

  IdentityCheck(
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
    List<Table> tables = Catalog.read(source.connection(), selection);
    Set<Long> deferrable =
        new HashSet<>(list(source.connection(), DEFERRABLE, row -> row.getLong(1)));
    Map<TableName, Table> byName =
        tables.stream().collect(Collectors.toMap(Table::name, table -> table));
    Map<Problem, Map<TableName, List<TableName>>> found = new TreeMap<>();
    for (Table table : tables) {
      // What is published is the tables that hold rows; a parent's identity is only its own.
      if (table.kind() == Table.Kind.ORDINARY) {
        problem(table, deferrable)
            .ifPresent(
                problem ->
                    found
                        .computeIfAbsent(problem, p -> new TreeMap<>())
                        .computeIfAbsent(
                            namedFor(table, problem, byName, deferrable), t -> new ArrayList<>())
                        .add(table.name()));
      }
    }
    found.forEach(
        (problem, each) -> each.forEach((table, leaves) -> report(problem, table, leaves)));
  }

  private Optional<Problem> problem(Table table, Set<Long> deferrable) {
    boolean generated = table.columns().stream().anyMatch(Column::generated);
    if (table.replicaIdentity() == 'f') {
      return Optional.of(
          generated && refusesGenerated() ? Problem.WHOLE_ROW_WITH_GENERATED : Problem.WHOLE_ROW);
    }
    if (table.key().isEmpty()) {
      return Optional.of(
          deferrable.contains(table.oid()) ? Problem.DEFERRABLE_KEY : Problem.NO_KEY);
    }
    return table.columns().stream()
        .filter(column -> column.generated() && table.key().contains(column.name()))
        .findAny()
        .map(column -> Problem.GENERATED_KEY);
  }

  /** The side that publishes: the source, and after the switch the target. */
  private boolean refusesGenerated() {
    return source.version() >= ALL_OF_IDENTITY_PUBLISHED
        || (options.reverse()
            && target.filter(side -> side.version() >= ALL_OF_IDENTITY_PUBLISHED).isPresent());
  }

  /** The highest parent that is the same way: one finding serves for all its partitions. */
  private TableName namedFor(
      Table table, Problem problem, Map<TableName, Table> byName, Set<Long> deferrable) {
    Table named = table;
    Optional<Table> parent = table.partitionOf().map(byName::get);
    while (parent.isPresent()
        && problem(parent.get(), deferrable).filter(problem::equals).isPresent()) {
      named = parent.get();
      parent = named.partitionOf().map(byName::get);
    }
    return named.name();
  }

  private void report(Problem problem, TableName table, List<TableName> leaves) {
    String name = table.quoted();
    String full = fullIdentity(leaves);
    switch (problem) {
      case NO_KEY ->
          findings.error(
              "source.table-without-key",
              name,
              "The table has nothing that identifies a row, so UPDATE and DELETE could not be"
                  + " followed, and would fail on the source once it is published.",
              remedy(name, full));
      case DEFERRABLE_KEY ->
          findings.error(
              "source.table-without-key",
              name,
              "The primary key is deferrable, and such a key cannot identify rows in the stream of"
                  + " changes.",
              remedy(name, full));
      case GENERATED_KEY ->
          findings.error(
              "source.table-generated-key",
              name,
              "The key holds a generated column, which the stream of changes lacks, so its rows"
                  + " could not be identified.",
              "Name a unique index over other NOT NULL columns: ALTER TABLE "
                  + name
                  + " REPLICA IDENTITY USING INDEX ...."
                  + (refusesGenerated()
                      ? ""
                      : " Or, where the table is small or hardly changes: " + full + "."));
      case WHOLE_ROW_WITH_GENERATED ->
          findings.error(
              "source.table-generated-identity",
              name,
              "The rows of this table are found by all their columns, one of which is generated;"
                  + " from PostgreSQL 18 on such a table refuses UPDATE and DELETE once it is"
                  + " published.",
              "Add a primary key without generated columns: ALTER TABLE "
                  + name
                  + " ADD PRIMARY KEY (...); then ALTER TABLE "
                  + name
                  + " REPLICA IDENTITY DEFAULT"
                  + (leaves.equals(List.of(table)) ? "." : ", and the same of each partition."));
      case WHOLE_ROW ->
          findings.warning(
              "source.table-whole-row",
              name,
              "The rows of this table are found by all their columns: equal rows cannot be told"
                  + " apart, and each change reads the whole table on the target.",
              "Add a primary key if the table is large or changes much.");
    }
  }

  private static String remedy(String name, String full) {
    return "Add a primary key: ALTER TABLE "
        + name
        + " ADD PRIMARY KEY (...). Or name a unique index over NOT NULL columns: ALTER TABLE "
        + name
        + " REPLICA IDENTITY USING INDEX .... Or, where the table is small or hardly changes: "
        + full
        + "; the source then logs whole rows, and each change reads the whole table on the target.";
  }

  /** A partitioned table's own identity does not reach its partitions. */
  private static String fullIdentity(List<TableName> leaves) {
    String some =
        leaves.stream()
            .limit(LISTED)
            .map(leaf -> "ALTER TABLE " + leaf.quoted() + " REPLICA IDENTITY FULL")
            .collect(Collectors.joining("; "));
    return leaves.size() <= LISTED
        ? some
        : some + "; and so for " + (leaves.size() - LISTED) + " partitions more";
  }
}
