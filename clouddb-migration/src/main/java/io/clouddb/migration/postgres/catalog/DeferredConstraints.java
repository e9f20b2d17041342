/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Constraints that are checked at the end of a transaction. Their checks can be code of the table's
 * owner (an expression of an exclusion constraint, a constraint trigger), and COMMIT runs it as
 * whoever the session acts for then. So before that, each owner's are checked as he.
 *
 * <p>{@code SET CONSTRAINTS} knows names in a schema and no tables: a name that tables of several
 * owners have is not deferred at all.
 */
public final class DeferredConstraints {
  /** But for foreign keys, whose checks are the server's own and act for the table's owner. */
  private static final String DEFERRABLE =
      """
      SELECT n.nspname, c.relname, pg_catalog.format('%I.%I', s.nspname, k.conname) AS name
      FROM pg_catalog.pg_constraint k
      JOIN pg_catalog.pg_namespace s ON s.oid OPERATOR(pg_catalog.=) k.connamespace
      JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) k.conrelid
      JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
      WHERE k.condeferrable AND k.contype OPERATOR(pg_catalog.<>) 'f'
      """;

  private static final String ANY =
      "SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE condeferrable)";

  private final TableOwners owners;
  private final boolean any;
  private final Map<TableName, List<String>> names;
  private final Set<String> shared;

  private DeferredConstraints(
      TableOwners owners, boolean any, Map<TableName, List<String>> names, Set<String> shared) {
    this.owners = owners;
    this.any = any;
    this.names = names;
    this.shared = shared;
  }

  private record Constraint(TableName table, String name) {}

  /**
   * Reads them.
   *
   * @param connection a session of the migration's role
   * @param owners as whom tables are written to
   * @return those that there are now
   * @throws SQLException when the catalogs cannot be read
   */
  public static DeferredConstraints read(Connection connection, TableOwners owners)
      throws SQLException {
    boolean any = CatalogQuery.list(connection, ANY, row -> row.getBoolean(1)).get(0);
    Map<TableName, List<String>> names = new HashMap<>();
    Set<String> shared = new TreeSet<>();
    if (any) {
      Map<String, @Nullable String> writers = new HashMap<>();
      for (Constraint found :
          CatalogQuery.list(
              connection,
              DEFERRABLE,
              row ->
                  new Constraint(
                      new TableName(row.getString(1), row.getString(2)), row.getString(3)))) {
        @Nullable String owner = owners.of(found.table);
        if (writers.containsKey(found.name) && !Objects.equals(writers.get(found.name), owner)) {
          shared.add(found.name);
        }
        writers.put(found.name, owner);
        if (owner != null) {
          names.merge(
              found.table,
              List.of(found.name),
              (before, more) -> {
                Set<String> both = new TreeSet<>(before);
                both.addAll(more);
                return List.copyOf(both);
              });
        }
      }
    }
    return new DeferredConstraints(owners, any, names, shared);
  }

  /**
   * Defers what can be, to {@link #check} or the end of the transaction.
   *
   * @param connection a session in a transaction
   * @throws SQLException when the database refuses
   */
  public void defer(Connection connection) throws SQLException {
    if (any) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET CONSTRAINTS ALL DEFERRED");
        if (!shared.isEmpty()) {
          statement.execute(immediate(shared));
        }
      }
    }
  }

  /**
   * Checks what others own of the tables that were written, each as its owner. Afterwards the
   * session acts for the last of them, if there was one.
   *
   * @param connection a session in a transaction
   * @param written the tables
   * @return whether there was one
   * @throws SQLException when rows violate a constraint
   */
  public boolean check(Connection connection, Collection<TableName> written) throws SQLException {
    Map<String, Set<String>> byOwner = new TreeMap<>();
    for (TableName table : written) {
      @Nullable String owner = owners.of(table);
      if (owner != null && names.containsKey(table)) {
        byOwner.computeIfAbsent(owner, key -> new TreeSet<>()).addAll(names.get(table));
      }
    }
    for (Map.Entry<String, Set<String>> of : byOwner.entrySet()) {
      TableOwners.act(connection, of.getKey());
      try (Statement statement = connection.createStatement()) {
        statement.execute(immediate(of.getValue()));
      }
    }
    return !byOwner.isEmpty();
  }

  private static String immediate(Collection<String> names) {
    return "SET CONSTRAINTS " + String.join(", ", names) + " IMMEDIATE";
  }
}
