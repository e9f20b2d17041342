/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.ChangedKeys;
import io.clouddb.migration.postgres.apply.RowKey;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.migration.postgres.testing.Shop;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidationTest {
  private static Validation validation(Ends ends) {
    return Validation.between(ends.source(), ends.target(), "test").patience(Ends.PATIENCE).build();
  }

  @ParameterizedTest
  @CsvSource("14,18")
  void findsNothingUnderWritesAndEveryCorruptionByKey(int from, int to) throws Exception {
    check(from, to);
  }

  @ParameterizedTest
  @Tag("slow")
  @CsvSource({"14,14", "15,16", "16,16", "17,18", "18,18"})
  void doesSoOnOtherVersionsToo(int from, int to) throws Exception {
    check(from, to);
  }

  @Test
  void readsALargeTableInPartsThatAddUpAndSaysHowFarItIs() throws Exception {
    try (Ends ends = Ends.of(14, 14)) {
      ends.onBoth("CREATE TABLE a (id int PRIMARY KEY, t text)");
      ends.onSource("INSERT INTO a SELECT i, 'x' FROM generate_series(1, 5000) i");
      ends.copy(1, 1 << 20);
      // In another order.
      ends.onTarget(
          "DELETE FROM a WHERE id < 2000",
          "INSERT INTO a SELECT i, 'x' FROM generate_series(1, 1999) i ORDER BY i DESC");
      Table table = ends.tables().get(0);
      try (Connection source = Validation.connect(ends.source());
          Connection target = Validation.connect(ends.target())) {
        TableComparison whole = new TableComparison(table, 5000);
        TableComparison inParts = new TableComparison(table, 5000, 1);
        List<Long> compared = new ArrayList<>();
        var expected = whole.pass(source, compared::add);
        assertThat(compared).containsExactly(5000L);
        compared.clear();
        assertThat(inParts.pass(source, compared::add)).isEqualTo(expected);
        assertThat(compared).hasSizeGreaterThan(10);
        assertThat(compared.stream().mapToLong(rows -> rows).sum()).isEqualTo(5000);
        assertThat(inParts.pass(target, rows -> {})).isEqualTo(expected);
      }
      try (Applier applier = ends.applier()) {
        List<Long> told = Collections.synchronizedList(new ArrayList<>());
        ValidationResult result =
            Validation.between(ends.source(), ends.target(), "test")
                .patience(Ends.PATIENCE)
                .progress(told::add)
                .build()
                .run(applier, ends.tables());
        assertThat(result.rows()).isEqualTo(5000);
        assertThat(Collections.max(told)).isEqualTo(5000);
        assertThatThrownBy(() -> validation(ends).run(applier, List.of()))
            .isInstanceOf(CloudDbException.class)
            .hasMessageContaining("no table to compare");
      }
    }
  }

  @Test
  void comparesTablesAgainThatWereTruncatedMeanwhile() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE a (id int PRIMARY KEY, t text)");
      ends.onSource("INSERT INTO a SELECT i, 'x' FROM generate_series(1, 3000) i");
      ends.copy(1, 1 << 20);
      AtomicBoolean stop = new AtomicBoolean();
      ExecutorService pool = Executors.newSingleThreadExecutor();
      try (Applier applier = ends.applier()) {
        Future<Integer> truncater =
            pool.submit(
                () -> {
                  int rounds = 0;
                  while (!stop.get()) {
                    ends.onSource(
                        "TRUNCATE a",
                        "INSERT INTO a SELECT i, 'r" + rounds + "' FROM generate_series(1, 3000) i",
                        // Long enough for a pass to fit in between.
                        "SELECT pg_sleep(0.3)");
                    rounds++;
                  }
                  return rounds;
                });
        for (int i = 0; i < 8; i++) {
          try {
            assertThat(validation(ends).run(applier, ends.tables()).mismatches()).isEmpty();
          } catch (CloudDbException e) {
            // A machine too slow for a pass in between says so; it never says mismatch.
            assertThat(e.category()).isEqualTo(ErrorCategory.BUSY);
          }
        }
        stop.set(true);
        assertThat(truncater.get()).isPositive();
        ends.catchUp(applier);
        assertThat(validation(ends).run(applier, ends.tables()).rows()).isEqualTo(3000);
      } finally {
        stop.set(true);
        pool.shutdownNow();
      }
    }
  }

  @Test
  void releasesTheApplierAndKeepsTheKeysWhenItFails() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE a (id int PRIMARY KEY)");
      ends.copy(1, 1 << 20);
      try (Applier applier = ends.applier()) {
        applier.recordChangedKeys(true);
        ends.onSource("INSERT INTO a VALUES (1)");
        ends.catchUp(applier);
        var tables = ends.tables();
        ends.onTarget("ALTER TABLE a RENAME id TO other");
        assertThatThrownBy(() -> validation(ends).run(applier, tables))
            .isInstanceOf(CloudDbException.class)
            .hasMessageContaining("public.a");
        ends.onTarget("ALTER TABLE a RENAME other TO id");
        ends.onSource("INSERT INTO a VALUES (2)");
        ends.catchUp(applier);
        assertThat(applier.drainChangedKeys().keys().get(new TableName("public", "a")))
            .containsExactlyInAnyOrder(new RowKey(List.of("1")), new RowKey(List.of("2")));
      }
    }
  }

  /** One of two tables moves to another file in the first pass, so that there is a second. */
  private static ValidationResult validateInTwoPasses(
      Ends ends, Applier applier, OnCall whenTheFirstIsRead, OnCall inTheSecondPass)
      throws Exception {
    List<Table> tables = ends.tables();
    AtomicInteger calls = new AtomicInteger();
    return Validation.between(ends.source(), ends.target(), "test")
        .patience(Ends.PATIENCE)
        .workers(1)
        .progress(
            rows -> {
              // Each table is read on both ends: the larger one first, the other in both passes.
              switch (calls.incrementAndGet()) {
                case 1 -> {
                  whenTheFirstIsRead.run();
                  call(() -> ends.onSource("VACUUM FULL small"));
                }
                case 5 -> inTheSecondPass.run();
                default -> {}
              }
            })
        .build()
        .run(applier, tables);
  }

  private interface OnCall {
    void run();
  }

  private interface Call {
    void run() throws Exception;
  }

  private static void call(Call call) {
    try {
      call.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Ends twoTables() throws Exception {
    Ends ends = Ends.of(16, 16);
    ends.onBoth(
        "CREATE TABLE large (id int PRIMARY KEY, t text)", "CREATE TABLE small (LIKE large)");
    ends.onBoth("ALTER TABLE small ADD PRIMARY KEY (id)");
    ends.onSource(
        "INSERT INTO large SELECT i, 'x' FROM generate_series(1, 3000) i",
        "INSERT INTO small VALUES (1, 'x'), (2, 'x')");
    ends.copy(1, 1 << 20);
    return ends;
  }

  @Test
  void keepsTheKeysThatChangedBetweenItsPasses() throws Exception {
    try (Ends ends = twoTables();
        Applier applier = ends.applier()) {
      ValidationResult result =
          validateInTwoPasses(
              ends,
              applier,
              () ->
                  call(
                      () -> {
                        ends.onSource(
                            "UPDATE large SET t = 'y' WHERE id = 7",
                            "UPDATE small SET t = 'y' WHERE id = 1");
                        ends.catchUp(applier);
                        // A write that is lost: the table was compared before.
                        ends.onTarget("UPDATE large SET t = 'lost' WHERE id = 7");
                      }),
              () -> {});
      assertThat(result.same()).isTrue();
      ChangedKeys changed = applier.drainChangedKeys();
      // What the second pass compared is not looked at once more.
      assertThat(changed.keys()).containsOnlyKeys(new TableName("public", "large"));
      try (Connection source = Validation.connect(ends.source());
          Connection target = Validation.connect(ends.target())) {
        assertThat(
                KeyComparison.compare(source, target, ends.tables(), changed.keys()).mismatches())
            .extracting(Mismatch::toString)
            .containsExactly("public.large (7) DIFFERENT");
      }
    }
  }

  @Test
  void keepsTheKeysOfATableThatItCouldNotCompare() throws Exception {
    try (Ends ends = twoTables();
        Applier applier = ends.applier()) {
      ends.catchUp(applier);
      applier.recordChangedKeys(true);
      ends.onSource(
          "UPDATE large SET t = 'y' WHERE id = 7", "UPDATE small SET t = 'y' WHERE id = 1");
      ends.catchUp(applier);
      assertThatThrownBy(
              () ->
                  validateInTwoPasses(
                      ends,
                      applier,
                      () -> {},
                      () -> {
                        throw new IllegalStateException("the second pass fails");
                      }))
          .isInstanceOf(CloudDbException.class);
      assertThat(applier.drainChangedKeys().keys())
          .isEqualTo(Map.of(new TableName("public", "small"), Set.of(new RowKey(List.of("1")))));
    }
  }

  private static void check(int from, int to) throws Exception {
    try (Ends ends = from > 14 ? Ends.withReplicaRole(from, to) : Ends.of(from, to);
        Shop shop = new Shop(ends.source())) {
      ends.onBoth(Shop.schema());
      ends.onSource(Shop.FULL_IDENTITY);
      ends.onSource(Shop.rows(2000));
      shop.start(3);
      ends.copy(2, 256 << 10);
      try (Applier applier = ends.applier()) {
        Validation validation = validation(ends);
        for (int i = 0; i < 5; i++) {
          ValidationResult result = validation.run(applier, ends.tables());
          assertThat(result.mismatches()).isEmpty();
          assertThat(result.same()).isTrue();
          assertThat(result.rows()).isGreaterThan(11_000);
        }
        ends.onTarget(
            "UPDATE quiet SET n = 1.250 WHERE id = 10",
            "UPDATE quiet SET f = 0 WHERE id = 11",
            "UPDATE quiet SET j = '{\"a\": 1.00}' WHERE id = 12",
            "UPDATE quiet SET t = NULL WHERE id = 13",
            "DELETE FROM quiet WHERE id = 14",
            "INSERT INTO quiet VALUES (-1, 'extra', 0, NULL, 0)",
            "UPDATE quiet SET t = CASE id WHEN 20 THEN 't21' ELSE 't20' END WHERE id IN (20, 21)",
            "INSERT INTO event VALUES ('2001-01-01', 'nobody wrote this', 1)");
        ValidationResult result = validation.run(applier, ends.tables());
        assertThat(result.mismatches())
            .extracting(Mismatch::toString)
            .filteredOn(text -> text.startsWith("public.quiet"))
            .containsExactlyInAnyOrder(
                "public.quiet (10) DIFFERENT",
                "public.quiet (11) DIFFERENT",
                "public.quiet (12) DIFFERENT",
                "public.quiet (13) DIFFERENT",
                "public.quiet (14) MISSING",
                "public.quiet (-1) EXTRA",
                "public.quiet (20) DIFFERENT",
                "public.quiet (21) DIFFERENT");
        assertThat(result.mismatchCount()).isEqualTo(9);
        assertThat(result.mismatches())
            .filteredOn(m -> m.table().equals(new TableName("public", "event")))
            .singleElement()
            .satisfies(
                m -> {
                  assertThat(m.kind()).isEqualTo(Mismatch.Kind.EXTRA);
                  assertThat(m.row()).startsWith("ctid (").endsWith("on the target");
                });
        shop.stop();
        ends.onTarget("DELETE FROM event WHERE what = 'nobody wrote this'");
        ends.catchUp(applier);
        comparesChangedKeys(ends, applier, shop);
      }
    }
  }

  private static void comparesChangedKeys(Ends ends, Applier applier, Shop shop) throws Exception {
    applier.hold(Ends.PATIENCE);
    ChangedKeys changed = applier.drainChangedKeys();
    assertThat(shop.commits()).isPositive();
    assertThat(changed.keys()).containsKey(new TableName("public", "orders"));
    assertThat(changed.wholeTables()).contains(new TableName("public", "event"));
    try (Connection source = Validation.connect(ends.source());
        Connection target = Validation.connect(ends.target())) {
      KeyComparison.Result clean =
          KeyComparison.compare(source, target, ends.tables(), changed.keys());
      assertThat(clean.mismatches()).isEmpty();
      assertThat(clean.keys()).isPositive();
      var wholeTables =
          ends.tables().stream().filter(t -> changed.wholeTables().contains(t.name())).toList();
      assertThat(Validation.compareTables(source, target, wholeTables, 5))
          .isNotEmpty()
          .allMatch(ValidatedTable::same);
      var key =
          changed.keys().getOrDefault(new TableName("public", "customer"), Set.of()).stream()
              .filter(k -> k.values().get(0).length() < 6)
              .findFirst()
              .orElseThrow();
      ends.onTarget("UPDATE customer SET balance = -1 WHERE id = " + key.values().get(0));
      assertThat(KeyComparison.compare(source, target, ends.tables(), changed.keys()).mismatches())
          .containsExactly(
              Mismatch.of(new TableName("public", "customer"), Mismatch.Kind.DIFFERENT, key));
    }
    applier.release();
  }
}
