/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import static java.util.stream.Collectors.joining;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableOwners;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Empties tables of the target, also where foreign keys stand that do not fire in the session.
 * TRUNCATE looks at the foreign keys all the same, by the tables that it is told: one of a
 * partitioned table stands in its way also when all the partitions are among them.
 *
 * <p>TRUNCATE fires triggers, so each owner's tables are emptied as he. Where that cannot be, the
 * migration's own role does it, unless a trigger of somebody else would run then.
 */
public final class EmptiedTables {
  private static final String REFERRED_TO = "0A000";

  /** The key of the migration's own role, which no role is called. */
  private static final Set<String> OWN = Set.of("");

  /** What fires for TRUNCATE in this session and is not as trusted as its role. */
  private static final String FIRING =
      """
      SELECT pg_catalog.format('%I on %s', t.tgname, q.name)
      FROM pg_catalog.unnest(?::pg_catalog.text[]) q (name)
      JOIN pg_catalog.pg_trigger t
        ON t.tgrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(q.name)::pg_catalog.oid
      JOIN pg_catalog.pg_proc f ON f.oid OPERATOR(pg_catalog.=) t.tgfoid
      JOIN pg_catalog.pg_roles o ON o.oid OPERATOR(pg_catalog.=) f.proowner
      JOIN pg_catalog.pg_roles me ON me.rolname OPERATOR(pg_catalog.=) current_user
      WHERE (t.tgtype OPERATOR(pg_catalog.&) 32::pg_catalog.int2)
          OPERATOR(pg_catalog.<>) 0::pg_catalog.int2
        AND t.tgenabled OPERATOR(pg_catalog.=) ANY (
          CASE WHEN pg_catalog.current_setting('session_replication_role')
              OPERATOR(pg_catalog.=) 'replica'
            THEN '{A,R}'::pg_catalog."char"[] ELSE '{A,O}'::pg_catalog."char"[] END)
        AND NOT o.rolsuper AND NOT pg_catalog.pg_has_role(o.oid, me.oid, 'MEMBER')
      ORDER BY 1
      """;

  private EmptiedTables() {}

  /**
   * Empties them, all or none.
   *
   * @param target a session that acts as the migration's own role, and does so afterwards; in a
   *     transaction, which goes on, or in auto-commit mode
   * @param tables the tables that hold the rows themselves: ordinary ones and partitions
   * @param owners as whom they are written to
   * @throws SQLException when the database refuses
   * @throws io.clouddb.error.CloudDbException of category CONDITION_FAILED when a trigger of
   *     somebody else would run as the migration
   */
  public static void empty(Connection target, Collection<TableName> tables, TableOwners owners)
      throws SQLException {
    if (tables.isEmpty()) {
      return;
    }
    boolean autoCommit = target.getAutoCommit();
    target.setAutoCommit(false);
    boolean done = false;
    try (Statement statement = target.createStatement()) {
      empty(target, statement, byOwner(tables, owners));
      done = true;
    } finally {
      if (autoCommit) {
        if (done) {
          target.commit();
        } else {
          target.rollback();
        }
      }
      target.setAutoCommit(autoCommit);
    }
  }

  private static Map<String, List<TableName>> byOwner(
      Collection<TableName> tables, TableOwners owners) {
    Map<String, List<TableName>> of = new LinkedHashMap<>();
    for (TableName table : tables) {
      String owner = owners.of(table);
      of.computeIfAbsent(owner == null ? "" : owner, key -> new ArrayList<>()).add(table);
    }
    return of;
  }

  private static void empty(
      Connection target, Statement statement, Map<String, List<TableName>> byOwner)
      throws SQLException {
    Savepoint before = target.setSavepoint();
    try {
      asOwners(target, byOwner, tables -> truncate(statement, tables));
      target.releaseSavepoint(before);
    } catch (SQLException e) {
      if (!REFERRED_TO.equals(e.getSQLState())) {
        throw e;
      }
      target.rollback(before);
      if (inReplicaRole(statement)) {
        asOwners(target, byOwner, tables -> delete(statement, tables));
      } else if (byOwner.size() == 1) {
        // ON DELETE CASCADE would reach further.
        throw e;
      } else {
        // Perhaps a foreign key from one owner's table to another's.
        List<TableName> all = byOwner.values().stream().flatMap(List::stream).toList();
        requireNoneFires(target, all, e);
        truncate(statement, all);
      }
    }
  }

  private interface Emptying {
    void empty(List<TableName> tables) throws SQLException;
  }

  private static void asOwners(
      Connection target, Map<String, List<TableName>> byOwner, Emptying how) throws SQLException {
    for (Map.Entry<String, List<TableName>> of : byOwner.entrySet()) {
      if (!byOwner.keySet().equals(OWN)) {
        TableOwners.act(target, of.getKey().isEmpty() ? null : of.getKey());
      }
      how.empty(of.getValue());
    }
    if (!byOwner.keySet().equals(OWN)) {
      TableOwners.act(target, null);
    }
  }

  private static void truncate(Statement statement, List<TableName> tables) throws SQLException {
    // Not CASCADE: nothing else may go.
    statement.execute(
        tables.stream()
            .map(table -> "ONLY " + table.quoted())
            .collect(joining(", ", "TRUNCATE ", "")));
  }

  private static void delete(Statement statement, List<TableName> tables) throws SQLException {
    for (TableName table : tables) {
      statement.execute("DELETE FROM ONLY " + table.quoted());
    }
  }

  private static void requireNoneFires(
      Connection target, List<TableName> tables, SQLException because) throws SQLException {
    List<String> firing =
        CatalogQuery.list(
            target,
            FIRING,
            row -> row.getString(1),
            target.createArrayOf(
                "text", tables.stream().map(TableName::quoted).toArray(String[]::new)));
    if (!firing.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "A foreign key joins tables of several owners, which so are emptied together and by"
                  + " the migration's own role; with its rights these triggers would run: "
                  + String.join("; ", firing)
                  + ". Nothing was emptied")
          .nextStep("Disable these triggers where the tables are emptied, and run it again.")
          .toException(because);
    }
  }

  private static boolean inReplicaRole(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT pg_catalog.current_setting('session_replication_role')"
                + " OPERATOR(pg_catalog.=) 'replica'")) {
      row.next();
      return row.getBoolean(1);
    }
  }
}
