/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.migration.postgres.apply.RowKey;
import io.clouddb.migration.postgres.catalog.Table;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * Compares one table as two connections see it: count and sum of hashes of about a thousand rows a
 * bucket in one pass on each end, then the rows of those buckets that differ, by key.
 */
final class TableComparison {
  private static final int ROWS_PER_BUCKET = 1000;
  private static final long MAX_BUCKETS = 1 << 17;

  /** 64 MiB: some hundred thousand rows, after which it is said how far the pass is. */
  private static final long PART_PAGES = 8192;

  /** Each part may have rows in every bucket. */
  private static final long MOST_PARTS = 64;

  private static final int BUCKETS_PER_LOOK = 256;
  private static final int LOOKS = 4;
  private static final int FETCH_SIZE = 2000;

  private static final BigInteger MASK = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  /** Count and sum of one bucket. */
  record Bucket(long rows, BigInteger sum) {
    static final Bucket EMPTY = new Bucket(0, BigInteger.ZERO);

    private Bucket plus(Bucket other) {
      return new Bucket(rows + other.rows, sum.add(other.sum));
    }
  }

  private final Table table;
  private final long buckets;
  private final long partPages;

  TableComparison(Table table, long estimatedRows) {
    this(table, estimatedRows, PART_PAGES);
  }

  TableComparison(Table table, long estimatedRows, long partPages) {
    this.partPages = partPages;
    this.table = table;
    this.buckets = Math.max(1, Math.min(MAX_BUCKETS, estimatedRows / ROWS_PER_BUCKET));
  }

  /**
   * One pass over the table on one end, a large one in parts. Rows that the snapshot sees are
   * before the end that the table has now; the last part has no end all the same.
   */
  Map<Integer, Bucket> pass(Connection end, LongConsumer compared) throws SQLException {
    long pages = pages(end);
    long step = Math.max(partPages, (pages + MOST_PARTS - 1) / MOST_PARTS);
    Map<Integer, Bucket> result = new HashMap<>();
    for (long from = 0; from == 0 || from < pages; from += step) {
      String range = from == 0 ? "" : "ctid OPERATOR(pg_catalog.>=) '(" + from + ",0)'";
      if (from + step < pages) {
        range +=
            (range.isEmpty() ? "" : " AND ")
                + "ctid OPERATOR(pg_catalog.<) '("
                + (from + step)
                + ",0)'";
      }
      compared.accept(part(end, range.isEmpty() ? "" : " WHERE " + range, result));
    }
    return result;
  }

  private long part(Connection end, String where, Map<Integer, Bucket> into) throws SQLException {
    RowHash hash = RowHash.on(end, table);
    String sql =
        "SELECT b, pg_catalog.count(*), pg_catalog.sum(h) FROM (SELECT "
            + bucketOf(hash.rowSeed())
            + " AS b, "
            + hash.seededRow()
            + " AS h FROM "
            + hash.seededRows(where)
            + ") AS hashed GROUP BY b";
    long compared = 0;
    try (Statement statement = end.createStatement();
        // All at once: a cursor would keep the server from reading the table by several workers.
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        Bucket bucket = new Bucket(rows.getLong(2), new BigInteger(rows.getString(3)));
        compared += bucket.rows;
        into.merge(rows.getInt(1), bucket, Bucket::plus);
      }
    }
    return compared;
  }

  private long pages(Connection end) throws SQLException {
    try (PreparedStatement statement =
        end.prepareStatement(
            "SELECT pg_catalog.pg_relation_size(pg_catalog.to_regclass(?))"
                + " OPERATOR(pg_catalog./) pg_catalog.current_setting('block_size')::bigint")) {
      statement.setString(1, table.name().quoted());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  /** What two passes say, and which rows it is when they differ. */
  ValidatedTable judge(
      Map<Integer, Bucket> left,
      Map<Integer, Bucket> right,
      Connection source,
      Connection target,
      int listed)
      throws SQLException {
    Set<Integer> all = new TreeSet<>(left.keySet());
    all.addAll(right.keySet());
    List<Integer> differing =
        all.stream()
            .filter(
                b ->
                    !left.getOrDefault(b, Bucket.EMPTY).equals(right.getOrDefault(b, Bucket.EMPTY)))
            .toList();
    List<Mismatch> mismatches = new ArrayList<>();
    int looked = 0;
    while (looked < differing.size() && looked < LOOKS * BUCKETS_PER_LOOK) {
      int to = Math.min(looked + BUCKETS_PER_LOOK, differing.size());
      mismatches.addAll(look(differing.subList(looked, to), source, target));
      looked = to;
    }
    int unseen = differing.size() - looked;
    return new ValidatedTable(
        table.name(),
        rows(left),
        rows(right),
        digest(left),
        digest(right),
        (long) mismatches.size() + unseen,
        unseen == 0,
        mismatches.stream().sorted().limit(listed).toList());
  }

  private String bucketOf(String seed) {
    return "(("
        + seed
        + " OPERATOR(pg_catalog.&) 9223372036854775807) OPERATOR(pg_catalog.%) "
        + buckets
        + ")";
  }

  private static long rows(Map<Integer, Bucket> side) {
    return side.values().stream().mapToLong(Bucket::rows).sum();
  }

  private static String digest(Map<Integer, Bucket> side) {
    BigInteger sum =
        side.values().stream().map(Bucket::sum).reduce(BigInteger.ZERO, BigInteger::add);
    return String.format("%016x", sum.and(MASK));
  }

  private List<Mismatch> look(List<Integer> differing, Connection source, Connection target)
      throws SQLException {
    return !table.key().isEmpty()
        ? byKey(differing, source, target)
        : byWholeRow(differing, source, target);
  }

  private List<Mismatch> byKey(List<Integer> differing, Connection source, Connection target)
      throws SQLException {
    Map<RowKey, Long> expected = new HashMap<>();
    fetch(
        source,
        String.join(", ", RowHash.keyTexts(table)),
        differing,
        rows -> expected.put(key(rows), rows.getLong(1)));
    List<Mismatch> found = new ArrayList<>();
    fetch(
        target,
        String.join(", ", RowHash.keyTexts(table)),
        differing,
        rows -> {
          RowKey key = key(rows);
          Long wanted = expected.remove(key);
          if (wanted == null) {
            found.add(Mismatch.of(table.name(), Mismatch.Kind.EXTRA, key));
          } else if (wanted != rows.getLong(1)) {
            found.add(Mismatch.of(table.name(), Mismatch.Kind.DIFFERENT, key));
          }
        });
    expected.keySet().stream()
        .sorted()
        .forEach(key -> found.add(Mismatch.of(table.name(), Mismatch.Kind.MISSING, key)));
    return found;
  }

  private RowKey key(ResultSet rows) throws SQLException {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      values.add(rows.getString(i + 2));
    }
    return new RowKey(values);
  }

  /** Without a key rows are alike or not; those left over on an end are named by their place. */
  private List<Mismatch> byWholeRow(List<Integer> differing, Connection source, Connection target)
      throws SQLException {
    Map<Long, List<String>> places = new HashMap<>();
    fetch(
        source,
        "ctid::pg_catalog.text",
        differing,
        rows ->
            places.computeIfAbsent(rows.getLong(1), h -> new ArrayList<>()).add(rows.getString(2)));
    List<Mismatch> found = new ArrayList<>();
    fetch(
        target,
        "ctid::pg_catalog.text",
        differing,
        rows -> {
          List<String> alike = places.get(rows.getLong(1));
          if (alike == null || alike.isEmpty()) {
            found.add(
                Mismatch.withoutKey(
                    table.name(), Mismatch.Kind.EXTRA, rows.getString(2), rows.getLong(1)));
          } else {
            alike.remove(alike.size() - 1);
          }
        });
    places.forEach(
        (h, left) ->
            left.forEach(
                place ->
                    found.add(Mismatch.withoutKey(table.name(), Mismatch.Kind.MISSING, place, h))));
    return found;
  }

  /** What to do with a row: its hash, then what names it. */
  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private void fetch(Connection end, String naming, List<Integer> differing, RowReader reader)
      throws SQLException {
    RowHash hash = RowHash.on(end, table);
    String sql =
        "SELECT "
            + hash.seededRow()
            + ", "
            + naming
            + " FROM "
            + hash.seededRows("")
            + " WHERE "
            + bucketOf(hash.rowSeed())
            + " OPERATOR(pg_catalog.=) ANY (?)";
    Array wanted = end.createArrayOf("int8", differing.toArray());
    try (PreparedStatement statement = end.prepareStatement(sql)) {
      statement.setFetchSize(FETCH_SIZE);
      statement.setArray(1, wanted);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          reader.read(rows);
        }
      }
    } finally {
      wanted.free();
    }
  }
}
