/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Spoils rows of the target beside the applier, and says what a comparison has to find of it.
 *
 * <p>Quiet rows stay spoiled until they are {@linkplain #repaired repaired}. A busy row is spoiled
 * while the applier is held, which fixes after which of its writer's transactions that was; it has
 * to be found unless a later one of them wrote the row before the compared position.
 */
final class Corruptions implements AutoCloseable {
  private static final TableName WIDE = new TableName("public", "wide");
  private static final TableName PAIRS = new TableName("public", "pairs");

  /** A spoiled busy row: its key, and how many logged transactions the target had. */
  private record Busy(long key, long after) {}

  private final Connection target;
  private final BusyWriters writers;
  private final List<String> quiet = new ArrayList<>();
  private final List<Busy> busy = new ArrayList<>();
  private int column;

  Corruptions(Ends ends, BusyWriters writers) throws SQLException {
    this.writers = writers;
    this.target = PinnedSession.open(ends.target(), "spoiler");
    execute("SET search_path = public, pg_catalog");
  }

  /** Spoils 25 rows or pairs of rows. */
  void spoil(Random random, Applier applier) throws SQLException {
    List<Long> ids =
        LongStream.rangeClosed(1, WideTable.QUIET).boxed().collect(Collectors.toList());
    Collections.shuffle(ids, random);
    int next = 0;
    for (int i = 0; i < 10; i++) {
      long id = ids.get(next++);
      spoilValue(random, column++ % WideTable.TYPES.size(), "id = " + id, true);
      quiet.add(found(WIDE, "(" + id + ")", Mismatch.Kind.DIFFERENT));
    }
    for (int i = 0; i < 2; i++) {
      long one = ids.get(next++);
      long other = ids.get(next++);
      swap(random, one, other);
      quiet.add(found(WIDE, "(" + one + ")", Mismatch.Kind.DIFFERENT));
      quiet.add(found(WIDE, "(" + other + ")", Mismatch.Kind.DIFFERENT));
    }
    for (int i = 0; i < 2; i++) {
      long id = ids.get(next++);
      require(1, "DELETE FROM wide WHERE id = " + id);
      quiet.add(found(WIDE, "(" + id + ")", Mismatch.Kind.MISSING));
    }
    long extra = -1L - random.nextInt(1000);
    require(1, WideTable.insert(extra, random, true));
    quiet.add(found(WIDE, "(" + extra + ")", Mismatch.Kind.EXTRA));
    spoilPairs(random);
    spoilPlain(random);
    applier.hold(Ends.PATIENCE);
    try {
      spoilBusy(random);
    } finally {
      applier.release();
    }
  }

  private void spoilValue(Random random, int number, String where, boolean large)
      throws SQLException {
    List<String> values = WideTable.values(WideTable.TYPES.get(number), large);
    Collections.shuffle(values, random);
    for (String value : values) {
      String name = "c" + number;
      if (1
          == update(
              "UPDATE wide SET "
                  + name
                  + " = "
                  + value
                  + " WHERE "
                  + where
                  + " AND "
                  + WideTable.differ(name, value))) {
        return;
      }
    }
    throw new AssertionError("No other value of " + WideTable.TYPES.get(number));
  }

  private void swap(Random random, long one, long other) throws SQLException {
    int first = random.nextInt(WideTable.TYPES.size());
    for (int i = 0; i < WideTable.TYPES.size(); i++) {
      String name = "c" + (first + i) % WideTable.TYPES.size();
      if (2
          == update(
              "UPDATE wide AS w SET "
                  + name
                  + " = o."
                  + name
                  + " FROM wide AS o WHERE (w.id, o.id) IN ((%1$d, %2$d), (%2$d, %1$d)) AND "
                      .formatted(one, other)
                  + WideTable.differ("w." + name, "o." + name))) {
        return;
      }
    }
    throw new AssertionError("Two rows are the same");
  }

  /** NULL against empty, either way, a value and a lost row. */
  private void spoilPairs(Random random) throws SQLException {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 1; i <= 500; i++) {
      numbers.add(i);
    }
    Collections.shuffle(numbers, random);
    int empty = numbers.stream().filter(i -> i % 3 == 0).findFirst().orElseThrow();
    int none = numbers.stream().filter(i -> i % 3 == 2).findFirst().orElseThrow();
    int lost = numbers.stream().filter(i -> i % 3 == 1).findFirst().orElseThrow();
    require(1, "UPDATE pairs SET note = NULL WHERE a = 'quiet " + empty + "'");
    require(1, "UPDATE pairs SET note = '' WHERE a = 'quiet " + none + "'");
    require(1, "DELETE FROM pairs WHERE a = 'quiet " + lost + "'");
    quiet.add(found(PAIRS, pair(empty), Mismatch.Kind.DIFFERENT));
    quiet.add(found(PAIRS, pair(none), Mismatch.Kind.DIFFERENT));
    quiet.add(found(PAIRS, pair(lost), Mismatch.Kind.MISSING));
  }

  private static String pair(int number) {
    return "(quiet " + number + ", " + number % 7 + ")";
  }

  /** One of two that are alike is lost, one is there three times, one has another value. */
  private void spoilPlain(Random random) throws SQLException {
    int first = -1 - random.nextInt(10);
    String one = " WHERE ctid = (SELECT min(ctid) FROM plain WHERE n = %d)";
    require(1, "DELETE FROM plain" + one.formatted(first));
    quiet.add(plain(first, "-0", Mismatch.Kind.MISSING));
    require(1, "INSERT INTO plain SELECT * FROM plain" + one.formatted(first - 10));
    quiet.add(plain(first - 10, "-0", Mismatch.Kind.EXTRA));
    require(1, "UPDATE plain SET f = 0" + one.formatted(first - 20));
    quiet.add(plain(first - 20, "-0", Mismatch.Kind.MISSING));
    quiet.add(plain(first - 20, "0", Mismatch.Kind.EXTRA));
  }

  private static String plain(int number, String value, Mismatch.Kind kind) {
    return "public.plain ("
        + number
        + ",quiet,"
        + value
        + ",\"{\"\"a\"\": 1.0}\",\"2020-01-01 00:00:00+00\") "
        + kind;
  }

  private void spoilBusy(Random random) throws SQLException {
    List<Long> rows =
        LongStream.rangeClosed(WideTable.QUIET + 1, WideTable.QUIET + WideTable.BUSY)
            .filter(row -> busy.stream().noneMatch(b -> BusyWriters.rowOf(b.key) == row))
            .boxed()
            .collect(Collectors.toList());
    Collections.shuffle(rows, random);
    for (long row : rows.subList(0, Math.min(4, rows.size()))) {
      long key = number("SELECT id FROM wide WHERE id IN (%1$d, %1$d + 1000000)".formatted(row));
      spoilValue(random, column++ % WideTable.TYPES.size(), "id = " + key, false);
      busy.add(new Busy(key, number("SELECT count(*) FROM log_" + BusyWriters.writerOf(row))));
    }
  }

  /** What a comparison at a position has to find, given how many logged transactions are in it. */
  List<String> expected(ValidationResult result) {
    busy.removeIf(
        b ->
            writers.touched(
                BusyWriters.rowOf(b.key),
                b.after,
                rows(result, "log_" + BusyWriters.writerOf(BusyWriters.rowOf(b.key)))));
    List<String> expected = new ArrayList<>(quiet);
    busy.forEach(b -> expected.add(found(WIDE, "(" + b.key + ")", Mismatch.Kind.DIFFERENT)));
    return expected;
  }

  private static long rows(ValidationResult result, String table) {
    return result.tables().stream()
        .filter(t -> t.table().name().equals(table))
        .findFirst()
        .orElseThrow()
        .sourceRows();
  }

  /** Checks that exactly the spoiled rows were repaired; the next pass says whether they are. */
  void repaired(RepairResult result) {
    List<String> keyed = quiet.stream().filter(row -> !row.startsWith("public.plain")).toList();
    List<String> possible = new ArrayList<>(keyed);
    busy.forEach(b -> possible.add(found(WIDE, "(" + b.key + ")", Mismatch.Kind.DIFFERENT)));
    List<String> rows =
        result.tables().stream()
            .flatMap(table -> table.rows().stream())
            .filter(row -> row.key().isPresent())
            .map(Mismatch::toString)
            .toList();
    assertThat(rows).containsAll(keyed);
    assertThat(possible).containsAll(rows);
    assertThat(result.rows()).isEqualTo(rows.size() + quiet.size() - keyed.size());
    quiet.clear();
    busy.clear();
  }

  private static String found(TableName table, String key, Mismatch.Kind kind) {
    return table + " " + key + " " + kind;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = target.createStatement()) {
      statement.execute(sql);
    }
  }

  private int update(String sql) throws SQLException {
    try (Statement statement = target.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private void require(int rows, String sql) throws SQLException {
    int changed = update(sql);
    if (changed != rows) {
      throw new AssertionError(changed + " rows instead of " + rows + ": " + sql);
    }
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = target.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    target.close();
  }
}
