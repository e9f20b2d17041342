/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.apply.RowKey;
import io.clouddb.migration.postgres.catalog.KeyType;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Compares single rows by their keys. For the pause of a cutover, when nothing is written and a
 * pass over whole tables would take too long.
 */
public final class KeyComparison {
  private static final int KEYS_AT_ONCE = 5000;

  private final End source;
  private final End target;

  /**
   * Compares over two sessions; what it reads of the catalogs it keeps. Used by one thread.
   *
   * @param source a connection of {@link Validation#connect}
   * @param target a connection of {@link Validation#connect}
   */
  public KeyComparison(Connection source, Connection target) {
    this.source = new End(source);
    this.target = new End(target);
  }

  /**
   * What the comparison said.
   *
   * @param keys how many keys were looked up
   * @param mismatches the rows that differ; a key that neither end has any more is no difference
   */
  public record Result(long keys, List<Mismatch> mismatches) {
    /** Keeps the list unmodifiable. */
    public Result {
      mismatches = List.copyOf(mismatches);
    }
  }

  /**
   * Compares rows.
   *
   * @param source a connection of {@link Validation#connect}
   * @param target a connection of {@link Validation#connect}
   * @param tables the tables, all of which have a key
   * @param keys the keys by table
   * @return the rows that differ
   * @throws SQLException when an end cannot be read
   */
  public static Result compare(
      Connection source,
      Connection target,
      Collection<Table> tables,
      Map<TableName, Set<RowKey>> keys)
      throws SQLException {
    return new KeyComparison(source, target).compare(tables, keys);
  }

  /**
   * Reads all that {@link #compare(Collection, Map)} needs beside the rows.
   *
   * @param tables the tables that will be compared
   * @throws SQLException when an end cannot be read
   */
  public void prepare(Collection<Table> tables) throws SQLException {
    for (Table table : tables) {
      if (table.kind() == Table.Kind.ORDINARY && !table.key().isEmpty()) {
        source.lookup(table);
        target.lookup(table);
      }
    }
  }

  /**
   * Compares rows, both ends at once.
   *
   * @param tables the tables, all of which have a key
   * @param keys the keys by table
   * @return the rows that differ
   * @throws SQLException when an end cannot be read
   */
  public Result compare(Collection<Table> tables, Map<TableName, Set<RowKey>> keys)
      throws SQLException {
    List<Mismatch> mismatches = new ArrayList<>();
    long compared = 0;
    for (Table table : tables) {
      List<RowKey> wanted = new ArrayList<>(keys.getOrDefault(table.name(), Set.of()));
      for (int from = 0; from < wanted.size(); from += KEYS_AT_ONCE) {
        List<RowKey> part = wanted.subList(from, Math.min(from + KEYS_AT_ONCE, wanted.size()));
        compare(table, part, mismatches);
        compared += part.size();
      }
    }
    return new Result(compared, mismatches.stream().sorted().toList());
  }

  private void compare(Table table, List<RowKey> keys, List<Mismatch> into) throws SQLException {
    FutureTask<Map<RowKey, Found>> there = new FutureTask<>(() -> target.rows(table, keys));
    Thread thread = new Thread(there, "clouddb-compare");
    thread.setDaemon(true);
    thread.start();
    Map<RowKey, Found> here;
    try {
      here = source.rows(table, keys);
    } catch (SQLException | RuntimeException e) {
      try {
        result(there);
      } catch (SQLException | RuntimeException other) {
        e.addSuppressed(other);
      }
      throw e;
    }
    compare(table, here, result(there), into);
  }

  /** Not before the session is free again. */
  private static <T> T result(FutureTask<T> task) throws SQLException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof SQLException sql) {
            throw sql;
          }
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * The rows of a key on one end, of which there are several only where it has no unique index.
   *
   * @param hash of the row
   * @param places where they are
   */
  record Found(long hash, List<String> places) {
    private Found and(Found other) {
      List<String> all = new ArrayList<>(places);
      all.addAll(other.places);
      return new Found(31 * hash + other.hash, all);
    }
  }

  private static void compare(
      Table table, Map<RowKey, Found> left, Map<RowKey, Found> right, List<Mismatch> into) {
    Set<RowKey> all = new TreeSet<>(left.keySet());
    all.addAll(right.keySet());
    for (RowKey key : all) {
      Found expected = left.get(key);
      Found found = right.get(key);
      if (expected == null) {
        into.add(Mismatch.of(table.name(), Mismatch.Kind.EXTRA, key));
      } else if (found == null) {
        into.add(Mismatch.of(table.name(), Mismatch.Kind.MISSING, key));
      } else if (expected.hash != found.hash) {
        into.add(Mismatch.of(table.name(), Mismatch.Kind.DIFFERENT, key));
      }
    }
  }

  /** Looks rows up; keys of which there is none are not in the result. */
  static Map<RowKey, Found> rows(Connection end, Table table, List<RowKey> keys)
      throws SQLException {
    return new End(end).rows(table, keys);
  }

  /** One side, and what was read of its catalogs. */
  private static final class End {
    private final Connection connection;
    private final Map<TableName, Lookup> lookups = new HashMap<>();

    End(Connection connection) {
      this.connection = connection;
    }

    /** The query for rows of a table, and how the keys are given to it. */
    private record Lookup(String sql, WantedKeys wanted) {}

    Lookup lookup(Table table) throws SQLException {
      Lookup known = lookups.get(table.name());
      if (known == null) {
        known = build(table);
        lookups.put(table.name(), known);
      }
      return known;
    }

    private Lookup build(Table table) throws SQLException {
      RowHash hash = RowHash.on(connection, table);
      Map<String, KeyType> types = KeyType.read(connection, table.name());
      List<KeyType> keyTypes = new ArrayList<>();
      List<String> joins = new ArrayList<>();
      for (int i = 0; i < table.key().size(); i++) {
        String column = table.key().get(i);
        KeyType type = types.get(column);
        if (type == null) {
          throw new SQLException(table.name() + " has no column " + column, "42703");
        }
        keyTypes.add(type);
        joins.add(type.equal("t." + TableName.quote(column), "wanted.key_" + i));
      }
      WantedKeys wanted = WantedKeys.of(keyTypes);
      // In a query of its own the table's columns are called what they like.
      return new Lookup(
          "SELECT found.* FROM "
              + wanted.sql()
              + " CROSS JOIN LATERAL (SELECT "
              + String.join(", ", RowHash.keyTexts(table))
              + ", "
              + hash.row(hash.seed())
              + ", t.ctid::pg_catalog.text FROM ONLY "
              + table.name().quoted()
              + " AS t WHERE "
              + String.join(" AND ", joins)
              + ") AS found",
          wanted);
    }

    Map<RowKey, Found> rows(Table table, List<RowKey> keys) throws SQLException {
      Map<RowKey, Found> found = new HashMap<>();
      Lookup lookup = lookup(table);
      try (PreparedStatement statement = connection.prepareStatement(lookup.sql)) {
        lookup.wanted.bind(statement, keys);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= table.key().size(); i++) {
              values.add(rows.getString(i));
            }
            int next = table.key().size() + 1;
            Found one = new Found(rows.getLong(next), List.of(rows.getString(next + 1)));
            found.merge(new RowKey(values), one, Found::and);
          }
        }
      }
      return found;
    }
  }
}
