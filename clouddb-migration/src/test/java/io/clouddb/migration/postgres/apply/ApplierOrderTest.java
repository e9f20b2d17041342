/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.testing.Ends;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of different rows are written together; what the rows come to is the same. */
class ApplierOrderTest {
  private static final String BIG =
      "(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 300) i)";

  /** All that was written while the applier was held arrives in one batch. */
  private static void applyTogether(Ends ends, Applier applier, List<String> statements)
      throws Exception {
    applier.hold(Ends.PATIENCE);
    ends.onSource(statements.toArray(String[]::new));
    applier.release();
    ends.catchUp(applier);
  }

  @Test
  void keepsTheOrderOfTheChangesOfOneRow() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth(
          "CREATE TABLE a (id int PRIMARY KEY, n int, t text)",
          "CREATE TABLE two (a text, b int, v text, PRIMARY KEY (b, a))",
          "CREATE TABLE toast (id int PRIMARY KEY, big text, n int)",
          "ALTER TABLE toast ALTER big SET STORAGE EXTERNAL");
      ends.onSource(
          "INSERT INTO a SELECT i, 0, 'r' FROM generate_series(1, 50) i",
          "INSERT INTO two SELECT 'k' || i, i % 3, 'v' FROM generate_series(1, 20) i",
          "INSERT INTO toast SELECT i, " + BIG + ", 0 FROM generate_series(1, 5) i");
      ends.copy(1, 1 << 20);
      try (Applier applier = ends.applier()) {
        applyTogether(
            ends,
            applier,
            List.of(
                // A row that is counted up, one that comes and goes, and goes and comes.
                "UPDATE a SET n = n + 1 WHERE id = 1",
                "UPDATE a SET n = n + 1 WHERE id = 1",
                "INSERT INTO a VALUES (100, 1, 'x')",
                "UPDATE a SET n = 2 WHERE id = 100",
                "DELETE FROM a WHERE id = 100",
                "INSERT INTO a VALUES (100, 3, E'tab\\t, line\\n, return\\r, back\\\\slash')",
                "UPDATE a SET n = 9 WHERE id = 2",
                "DELETE FROM a WHERE id = 2",
                "INSERT INTO a VALUES (2, NULL, '\\N')",
                // Keys that move on, and back, and into the place of one that left.
                "UPDATE a SET id = 200 WHERE id = 3",
                "UPDATE a SET id = 3 WHERE id = 4",
                "UPDATE a SET id = 4, t = 'was 3' WHERE id = 200",
                "UPDATE a SET t = 'was 4' WHERE id = 3",
                "DELETE FROM a WHERE id = 4",
                "INSERT INTO a VALUES (4, 4, '')",
                "UPDATE two SET b = b + 10 WHERE a = 'k3'",
                "UPDATE two SET v = 'moved' WHERE a = 'k3'",
                "UPDATE two SET v = NULL WHERE b = 1",
                "DELETE FROM two WHERE b = 2",
                // The value that an update left out is that of the update before.
                "UPDATE toast SET big = 'new ' || " + BIG + " WHERE id = 1",
                "UPDATE toast SET n = 1 WHERE id <= 2",
                "UPDATE toast SET n = n + 1",
                "INSERT INTO toast VALUES (6, " + BIG + ", 0)",
                "UPDATE toast SET n = 6 WHERE id = 6"));
        assertThat(ends.differences()).isEmpty();
        assertThat(applier.counters().retries()).isZero();
      }
    }
  }

  @Test
  void goesBackToTheOrderWhenAConstraintAsksForIt() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE a (id int PRIMARY KEY, seat text UNIQUE)");
      ends.onSource("INSERT INTO a VALUES (1, 'one'), (2, 'two')");
      ends.copy(1, 1 << 20);
      try (Applier applier = ends.applier()) {
        for (int round = 0; round < 5; round++) {
          // In one transaction, so certainly in one batch: both rows have the seat in their turn.
          ends.onSource(
              "BEGIN; INSERT INTO a VALUES (3, 'three'); DELETE FROM a WHERE id = 3;"
                  + " INSERT INTO a VALUES (4, 'three'); DELETE FROM a WHERE id = 4;"
                  + " UPDATE a SET seat = 'free' WHERE id = 1;"
                  + " UPDATE a SET seat = 'one' WHERE id = 2; COMMIT",
              "UPDATE a SET seat = 'two' WHERE id = 1",
              "UPDATE a SET seat = 'free' WHERE id = 2",
              "UPDATE a SET seat = 'one' WHERE id = 1",
              "UPDATE a SET seat = 'two' WHERE id = 2");
          ends.catchUp(applier);
          assertThat(ends.differences()).isEmpty();
          assertThat(applier.failure()).isNotDone();
        }
        // It was tried three times, and then no more.
        assertThat(applier.counters().retries()).isEqualTo(3);
      }
    }
  }

  /** Every kind of change in every order, with and without another unique index. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void comesToTheSameRowsAsTheSource(boolean uniqueAside) throws Exception {
    SplittableRandom random = new SplittableRandom(uniqueAside ? 11 : 7);
    try (Ends ends = Ends.withReplicaRole(16, 16)) {
      ends.onBoth(
          "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
          "CREATE TABLE a (id int PRIMARY KEY, n int, code varchar(8), fixed char(6),"
              + " price numeric(9,2), tags varchar(5)[], m mood, j jsonb, b bytea, at timestamptz(3))",
          uniqueAside ? "CREATE UNIQUE INDEX ON a (n)" : "CREATE INDEX ON a (n)");
      ends.copy(1, 1 << 20);
      try (Applier applier =
          ends.applier(ends.options().commitAfter(Duration.ofMillis(50)).build())) {
        List<String> statements = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
          statements.add(
              "DO $$ BEGIN " + change(random) + "; EXCEPTION WHEN unique_violation THEN END $$");
        }
        for (int from = 0; from < statements.size(); from += 500) {
          applyTogether(ends, applier, statements.subList(from, from + 500));
          assertThat(ends.differences()).isEmpty();
        }
        assertThat(applier.failure()).isNotDone();
      }
    }
  }

  private static String change(SplittableRandom random) {
    int id = random.nextInt(40);
    int n = random.nextInt(1000);
    return switch (random.nextInt(6)) {
      case 0, 1 ->
          "INSERT INTO a VALUES (%1$d, %2$d, 'c%2$d', 'f', %2$d.5, ARRAY['x', NULL, 'y,\"z'],"
                  .formatted(id, n)
              + " 'happy', '{\"k\": [1, 2]}', '\\x00ff5c', '2026-01-01 12:00:00.1234+02')";
      case 2 ->
          "UPDATE a SET n = %d, code = NULL, m = 'sad', fixed = 'ab' WHERE id = %d"
              .formatted(n, id);
      case 3 -> "UPDATE a SET id = %d WHERE id = %d".formatted(n % 40, id);
      case 4 ->
          "UPDATE a SET tags = NULL, price = price + 0.01 WHERE id %% 7 = %d".formatted(id % 7);
      default -> "DELETE FROM a WHERE id = %d".formatted(id);
    };
  }
}
