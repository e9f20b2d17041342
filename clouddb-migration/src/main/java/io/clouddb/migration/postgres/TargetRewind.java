/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes from the target what an interrupted run made too early for what comes next: triggers and
 * rules that would fire when changes are applied, foreign keys that keep a table from being copied
 * again. What the source has too was made by the migration, in a target that was empty, and is made
 * again. What somebody else made stands in the way as well: it goes, and is told as it was.
 */
final class TargetRewind {
  private static final String TRIGGERS =
      """
      SELECT n.nspname, c.relname, t.tgname, t.tgparentid = 0,
             format('DROP TRIGGER %I ON %I.%I', t.tgname, n.nspname, c.relname),
             pg_get_triggerdef(t.oid)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE NOT t.tgisinternal AND c.relkind IN ('r', 'p')
      UNION ALL
      SELECT n.nspname, c.relname, r.rulename, true,
             format('DROP RULE %I ON %I.%I', r.rulename, n.nspname, c.relname),
             pg_get_ruledef(r.oid)
        FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p')
      """;
  private static final String FOREIGN_KEYS =
      """
      SELECT n.nspname, c.relname, k.conname, k.conparentid = 0,
             format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, c.relname, k.conname),
             format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname,
               pg_get_constraintdef(k.oid))
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE k.contype = 'f'
      """;

  private final TableSelection selection;
  private final Set<Name> triggersOfSource;
  private final Set<Name> foreignKeysOfSource;
  private final Consumer<String> notice;

  private record Name(TableName table, String name) {}

  /** One that can be dropped. A partition's copy of its parent's cannot, and goes with it. */
  private record Found(Name name, boolean own, String drop, String definition) {}

  private TargetRewind(
      TableSelection selection,
      Set<Name> triggersOfSource,
      Set<Name> foreignKeysOfSource,
      Consumer<String> notice) {
    this.selection = selection;
    this.triggersOfSource = triggersOfSource;
    this.foreignKeysOfSource = foreignKeysOfSource;
    this.notice = notice;
  }

  /**
   * Looks at what the source has.
   *
   * @param source read only now: it may be lost when the target is rewound
   * @param notice hears of what was dropped and is not the source's
   */
  static TargetRewind of(Connection source, TableSelection selection, Consumer<String> notice)
      throws SQLException {
    return new TargetRewind(
        selection, names(source, TRIGGERS), names(source, FOREIGN_KEYS), notice);
  }

  /** Drops triggers and rules. */
  void dropTriggers(Connection target) throws SQLException {
    drop(target, TRIGGERS, triggersOfSource);
  }

  /** Drops foreign keys. */
  void dropForeignKeys(Connection target) throws SQLException {
    drop(target, FOREIGN_KEYS, foreignKeysOfSource);
  }

  private void drop(Connection target, String select, Set<Name> ofSource) throws SQLException {
    for (Found found : find(target, select)) {
      if (!found.own || !selection.includes(found.name.table)) {
        continue;
      }
      try (Statement ddl = target.createStatement()) {
        ddl.execute(found.drop);
      }
      if (!ofSource.contains(found.name)) {
        notice.accept(
            "This stood in the migration's way on the target, the source does not have it, and it"
                + " was dropped; make it again after the migration: "
                + found.definition);
      }
    }
  }

  private static Set<Name> names(Connection database, String select) throws SQLException {
    Set<Name> names = new HashSet<>();
    for (Found found : find(database, select)) {
      names.add(found.name);
    }
    return names;
  }

  private static List<Found> find(Connection database, String select) throws SQLException {
    List<Found> found = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(select)) {
      while (row.next()) {
        found.add(
            new Found(
                new Name(new TableName(row.getString(1), row.getString(2)), row.getString(3)),
                row.getBoolean(4),
                row.getString(5),
                row.getString(6)));
      }
    }
    return found;
  }
}
