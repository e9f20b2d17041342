/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Column;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.copy.TableShape;
import io.clouddb.migration.postgres.schema.SchemaSurvey;
import io.clouddb.migration.postgres.schema.SequenceValues;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was made, altered or dropped on the target since the way back was prepared. Its publication
 * names the tables of that moment, so that no row of a later one, and of a later partition, is in
 * its stream; and no DDL is. A table that was made on both sides since is copied whole behind the
 * fence, as unlogged ones are; everything else refuses the way back before the pause.
 */
final class TargetChanges {
  private static final String TABLE = "table ";
  private static final String NEXT =
      "Make what is new on the source too, alike (its rows are copied in the pause), and drop there"
          + " what was dropped; undo on the target what was altered. A new table can also be left"
          + " behind, as \"table \" and its name. Then roll back again; or finish the migration: the"
          + " application works on the target as before.";

  private final MigrationRun run;

  /** What keeps the application from going back, by what it is called. */
  private final Map<String, String> uncarried = new TreeMap<>();

  private final List<Table> streamed = new ArrayList<>();
  private final List<Table> copied = new ArrayList<>();
  private final Map<TableName, TableShape> known = new HashMap<>();

  private TargetChanges(MigrationRun run) {
    this.run = run;
  }

  /** What the target's tables are when the way back is prepared, for its entry of the journal. */
  static Map<String, String> planned(
      MigrationRun run, Connection target, Collection<Table> published) throws SQLException {
    List<Table> tables = new ArrayList<>(published);
    tables.addAll(Catalog.readUnlogged(target, run.settings.selection()));
    Map<String, String> data = new TreeMap<>();
    TableShape.read(target, tables)
        .forEach((table, shape) -> data.put(TABLE + table.quoted(), shape.toString()));
    return data;
  }

  private static Map<String, TableShape> planned(History history) {
    Map<String, TableShape> planned = new HashMap<>();
    history
        .wayBackFacts()
        .forEach(
            (name, shape) -> {
              if (name.startsWith(TABLE)) {
                planned.put(name.substring(TABLE.length()), TableShape.parse(shape));
              }
            });
    return planned;
  }

  /** Looks at both sides as they are now. A table that is locked for long is an error. */
  static TargetChanges read(MigrationRun run) throws SQLException {
    try (Connection source = open(run.source);
        Connection target = open(run.target)) {
      TargetChanges changes = new TargetChanges(run);
      changes.look(source, target);
      return changes;
    }
  }

  private static Connection open(ConnectionDetails side) throws SQLException {
    Connection connection = CatalogSession.open(side);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET lock_timeout = '5s'");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private void look(Connection source, Connection target) throws SQLException {
    Map<String, TableShape> planned = planned(run.history);
    List<Table> logged = selected(Catalog.read(target, run.settings.selection()));
    List<Table> unlogged = selected(Catalog.readUnlogged(target, run.settings.selection()));
    Map<TableName, Table> twins = new HashMap<>();
    for (Table table : Catalog.read(source, run.settings.selection())) {
      twins.put(table.name(), table);
    }
    for (Table table : Catalog.readUnlogged(source, run.settings.selection())) {
      twins.put(table.name(), table);
    }
    List<Table> all = new ArrayList<>(logged);
    all.addAll(unlogged);
    Map<TableName, TableShape> now = TableShape.read(target, all);
    Set<Long> published = published(target);
    for (Table table : all) {
      TableShape shape = now.get(table.name());
      if (shape == null) {
        // It went while this was read: the next look says so.
        continue;
      }
      known.put(table.name(), shape);
      boolean inStream = table.kind() != Table.Kind.ORDINARY || published.contains(table.oid());
      look(target, table, shape, planned, twins, logged.contains(table) && inStream);
    }
    Set<String> names = new HashSet<>();
    all.forEach(table -> names.add(table.name().quoted()));
    for (Table twin : twins.values()) {
      String name = twin.name().quoted();
      if (planned.containsKey(name) && !names.contains(name)) {
        uncarried.put("table " + name, "is gone, or has another name");
      }
    }
    for (TableName sequence :
        SequenceValues.missing(
            /* source= */ target, /* target= */ source, run.settings.selection())) {
      uncarried.put("sequence " + sequence.quoted(), "is new");
    }
    if (UncarriedChanges.holdsLargeObjects(run, target)) {
      uncarried.put(SchemaSurvey.LARGE_OBJECTS, "are there, which the stream lacks");
    }
  }

  private void look(
      Connection target,
      Table table,
      TableShape shape,
      Map<String, TableShape> planned,
      Map<TableName, Table> twins,
      boolean inStream)
      throws SQLException {
    String name = "table " + table.name().quoted();
    TableShape before = planned.get(table.name().quoted());
    boolean same = before != null && before.oid() == shape.oid();
    Table twin = twins.get(table.name());
    if (before != null && same && !before.columns().equals(shape.columns())) {
      uncarried.put(
          name,
          "has other columns, another key or replica identity, another parent, or other labels of"
              + " an enum than it had");
    } else if (same && inStream && twin != null) {
      streamed.add(table);
    } else if (twin != null && alike(table, twin)) {
      copied.add(table);
    } else {
      String how = same ? "is not in the stream" : "is new";
      uncarried.put(
          name,
          how
              + (table.kind() == Table.Kind.PARTITIONED ? "" : rows(target, table))
              + (twin == null ? "" : ", and not like that of the source"));
    }
  }

  private List<Table> selected(List<Table> tables) {
    return tables.stream().filter(table -> !leftBehind(table.name())).toList();
  }

  private boolean leftBehind(TableName table) {
    return run.settings.leaveBehind().contains("table " + table.quoted());
  }

  /** What of a table has to be the same on both sides for its rows to be copied. */
  private static boolean alike(Table one, Table other) {
    return one.kind() == other.kind()
        && one.key().equals(other.key())
        && one.partitionOf().equals(other.partitionOf())
        && one.columns().stream()
            .map(TargetChanges::form)
            .toList()
            .equals(other.columns().stream().map(TargetChanges::form).toList());
  }

  /** Oids of types are each server's own. */
  private static List<Object> form(Column column) {
    return List.of(
        column.name(), column.type(), column.notNull(), column.generated(), column.identity());
  }

  private static String rows(Connection target, Table table) throws SQLException {
    try (Statement statement = target.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT EXISTS (SELECT FROM ONLY " + table.name().quoted() + ")")) {
      row.next();
      return row.getBoolean(1) ? " and has rows" : " and empty";
    }
  }

  private Set<Long> published(Connection target) throws SQLException {
    return new HashSet<>(
        CatalogQuery.list(
            target,
            "SELECT r.prrelid::bigint FROM pg_catalog.pg_publication_rel r"
                + " JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid WHERE p.pubname = ?",
            row -> row.getLong(1),
            run.settings.reverseName()));
  }

  /** What keeps the application from going back, each in words; empty when nothing does. */
  List<String> uncarried() {
    List<String> each = new ArrayList<>();
    uncarried.forEach((object, how) -> each.add(object + " " + how));
    return each;
  }

  /** Throws when something does. */
  void requireNone() {
    if (!uncarried.isEmpty()) {
      throw refusal(uncarried);
    }
  }

  private static CloudDbException refusal(Map<String, String> changes) {
    List<String> each = new ArrayList<>();
    changes.forEach((object, how) -> each.add(object + " " + how));
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "The application was not taken back: the target is not what it was at the switch, and"
                + " the stream of changes brings rows of known tables only: "
                + String.join("; ", each))
        .resource(changes.keySet().iterator().next())
        .nextStep(NEXT)
        .toException();
  }

  /** The tables whose changes are in the stream. */
  List<Table> streamed() {
    return streamed;
  }

  /** The tables that are copied behind the fence: unlogged ones, and those made on both sides. */
  List<Table> copied() {
    return copied;
  }

  /**
   * Behind the fence, where it is quick to see: nothing was made, altered or dropped since the last
   * look.
   */
  void requireNoneSince(Connection target, Duration limit) throws SQLException {
    UncommittedTables.awaitNone(target, limit);
    Map<String, String> since = new TreeMap<>();
    Map<Long, TableName> tables = Catalog.names(target, run.settings.selection());
    Set<Long> oids = new HashSet<>();
    known.values().forEach(shape -> oids.add(shape.oid()));
    tables.forEach(
        (oid, table) -> {
          if (!oids.contains(oid) && !leftBehind(table)) {
            since.put("table " + table.quoted(), "is new");
          }
        });
    List<Table> looked = new ArrayList<>(streamed);
    looked.addAll(copied);
    Map<TableName, TableShape> now = TableShape.read(target, looked);
    for (Table table : looked) {
      TableShape before = known.get(table.name());
      TableShape shape = now.get(table.name());
      if (shape == null) {
        since.put("table " + table.name().quoted(), "is gone, or has another name");
      } else if (before == null || !before.columns().equals(shape.columns())) {
        since.put("table " + table.name().quoted(), "was altered");
      }
    }
    if (UncarriedChanges.holdsLargeObjects(run, target)) {
      since.put(SchemaSurvey.LARGE_OBJECTS, "are there, which the stream lacks");
    }
    if (!since.isEmpty()) {
      throw refusal(since);
    }
  }
}
