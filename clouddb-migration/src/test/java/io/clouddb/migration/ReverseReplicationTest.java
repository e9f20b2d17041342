/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** After the switch the old source stays current, and the application can go back to it. */
class ReverseReplicationTest {
  private static final int CUSTOMERS = 500;
  private static final Duration LONG = Duration.ofDays(365_000);

  @TempDir Path folder;

  private MigrationBuilder migration(TwoDatabases both, RouteStore route) {
    return both.migration(folder).route(route).reverseReplication(LONG);
  }

  /** The state of triggers that reverse replication may not leave changed. */
  private static String triggers(TwoDatabases both) throws SQLException {
    return TwoDatabases.ask(
        both.source,
        "SELECT string_agg(concat(tgrelid::regclass, '.', tgname, ':', tgenabled), ','"
            + " ORDER BY tgname)"
            + " FROM pg_trigger WHERE NOT tgisinternal");
  }

  private static String foreignKeys(TwoDatabases both) throws SQLException {
    return TwoDatabases.ask(
        both.source,
        "SELECT string_agg(concat(conrelid::regclass, '.', conname, ':', convalidated, ' ',"
            + " pg_get_constraintdef(oid)), ',' ORDER BY conname) FROM pg_constraint"
            + " WHERE contype = 'f'");
  }

  @Tag("slow")
  @Test
  void takesTheApplicationBackToAnOlderVersion() throws Exception {
    takesTheApplicationBackWithAllThatItWroteOnTheTarget(14, 15, false);
  }

  @ParameterizedTest
  @CsvSource({"16, 16, true", "15, 18, false"})
  void takesTheApplicationBackWithAllThatItWroteOnTheTarget(int from, int to, boolean replicaRole)
      throws Exception {
    try (TwoDatabases both = TwoDatabases.startForBothWays(from, to, replicaRole);
        RouteStore route = RouteStore.file(folder.resolve("route.json"));
        SwitchableDataSource shop = both.follow(route)) {
      ShopSchema.create(both.source, CUSTOMERS);
      TwoDatabases.run(
          both.source,
          "ALTER TABLE customers ADD COLUMN note text",
          "INSERT INTO customers (name) VALUES ('goes')",
          "CREATE FUNCTION note_customer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
              + " NEW.note := 'seen by the trigger ' || pg_trigger_depth(); RETURN NEW; END $$",
          "CREATE TRIGGER always BEFORE INSERT ON customers FOR EACH ROW"
              + " EXECUTE FUNCTION note_customer()",
          "ALTER TABLE customers ENABLE ALWAYS TRIGGER always");
      String triggers = triggers(both);
      String foreignKeys = foreignKeys(both);
      CountDownLatch reversing = new CountDownLatch(1);
      Migration migration =
          migration(both, route)
              .listener(RecordingListener.at(MigrationStep.REVERSE, reversing::countDown))
              .build();
      MigrationReport report;
      ShopWriters writers = new ShopWriters(shop, 2, CUSTOMERS);
      try {
        CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
        if (!reversing.await(120, TimeUnit.SECONDS)) {
          throw new AssertionError("No reverse replication; the run gave " + run.getNow(null));
        }
        int switched = writers.written();
        Eventually.until("writes on the target", () -> writers.written() > switched + 200);
        // What only the target's triggers, keys and sequences made comes back too.
        TwoDatabases.run(
            both.target,
            "INSERT INTO customers (name, balance) VALUES ('new on the target', 7)",
            "UPDATE customers SET name = name || '!' WHERE id % 100 = 0",
            "DELETE FROM customers WHERE name = 'goes'");
        // A return does not wait for that, and then says that both sides differ in it.
        Eventually.until(
            "the target's foreign keys are valid",
            () ->
                TwoDatabases.ask(
                        both.target,
                        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated")
                    .equals("0"));

        report = migration.rollback();

        assertThat(run.get(60, TimeUnit.SECONDS)).isEqualTo(report);
        int back = writers.written();
        Eventually.until("writes on the source", () -> writers.written() > back + 50);
      } finally {
        writers.close();
      }

      assertThat(report.status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
      assertThat(report.failure().orElse("")).contains("taken back to the source");
      assertThat(report.findings()).noneMatch(f -> f.code().equals("schema.differs"));
      assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);
      assertThat(writers.errors()).isEmpty();
      assertThat(writers.lost(both.source)).isEmpty();
      assertThat(writers.unknown(both.source)).isEmpty();
      assertThat(
              TwoDatabases.ask(
                  both.source, "SELECT note FROM customers WHERE name = 'new on the target'"))
          .isEqualTo("seen by the trigger 1");
      assertThat(
              TwoDatabases.ask(both.source, "SELECT count(*) FROM customers WHERE name = 'goes'"))
          .isEqualTo("0");
      assertThat(
              TwoDatabases.ask(
                  both.source,
                  "SELECT (SELECT count(*) FROM audit) = (SELECT count(*) FROM orders)"))
          .as("the source's own trigger did not fire for what came back")
          .isEqualTo("t");
      assertThat(triggers(both)).isEqualTo(triggers);
      assertThat(foreignKeys(both)).isEqualTo(foreignKeys);
      nothingIsLeft(both);
      // The target refuses what a forgotten application would write there.
      assertThatThrownBy(
              () -> TwoDatabases.run(both.target, "INSERT INTO audit (what) VALUES ('late')"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
      migration.releaseTarget();
      TwoDatabases.run(both.target, "INSERT INTO audit (what) VALUES ('late')");
    }
  }

  private static void nothingIsLeft(TwoDatabases both) throws SQLException {
    for (ConnectionDetails side : List.of(both.source, both.target)) {
      assertThat(TwoDatabases.ask(side, "SELECT count(*) FROM pg_replication_slots"))
          .isEqualTo("0");
      assertThat(TwoDatabases.ask(side, "SELECT count(*) FROM pg_publication")).isEqualTo("0");
      assertThat(
              TwoDatabases.ask(
                  side,
                  "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                      + " WHERE n.nspname = 'clouddb_migration'"))
          .isEqualTo("0");
    }
    assertThat(
            TwoDatabases.ask(
                both.source,
                "SELECT count(*) FROM pg_namespace WHERE nspname = 'clouddb_migration'"))
        .isEqualTo("0");
  }

  @Test
  @Tag("slow")
  void finishesInAnotherRunAndLeavesTheSourceAsACopy() throws Exception {
    try (TwoDatabases both = TwoDatabases.startForBothWays(16, 17, false);
        RouteStore route = RouteStore.file(folder.resolve("route.json"));
        SwitchableDataSource shop = both.follow(route)) {
      ShopSchema.create(both.source, CUSTOMERS);
      String triggers = triggers(both);
      String foreignKeys = foreignKeys(both);
      ShopWriters writers = new ShopWriters(shop, 2, CUSTOMERS);
      try {
        assertThat(MigrationProcess.run(folder, both, "start-of-REVERSE"))
            .isEqualTo(MigrationProcess.DIED);
        int switched = writers.written();
        Eventually.until("writes on the target", () -> writers.written() > switched + 100);
        Migration migration = migration(both, route).build();
        assertThatThrownBy(migration::abort).isInstanceOf(ConditionFailedException.class);
      } finally {
        writers.close();
      }
      CountDownLatch current = new CountDownLatch(1);
      Migration migration =
          migration(both, route)
              .listener(RecordingListener.at(MigrationStep.REVERSE, current::countDown))
              .build();
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      assertThat(current.await(60, TimeUnit.SECONDS)).isTrue();
      Eventually.until("the source to be current", () -> writers.lost(both.source).isEmpty());

      MigrationReport report = migration.finish();

      assertThat(run.get(60, TimeUnit.SECONDS)).isEqualTo(report);
      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(writers.errors()).isEmpty();
      assertThat(writers.lost(both.target)).isEmpty();
      assertThat(writers.unknown(both.source)).isEmpty();
      assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM pg_replication_slots"))
          .isEqualTo("0");
      assertThat(TwoDatabases.ask(both.target, "SELECT count(*) FROM pg_replication_slots"))
          .isEqualTo("0");
      migration.releaseSource();
      assertThat(triggers(both)).isEqualTo(triggers);
      assertThat(foreignKeys(both)).isEqualTo(foreignKeys);
      nothingIsLeft(both);
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "start-of-REVERSE, true, 16, 16",
    "rollback:after-PAUSING-TARGET, false, 14, 16",
    "rollback:after-PAUSED-TARGET, true, 16, 17",
    "rollback:before-OPEN-SOURCE, false, 16, 16",
    "rollback:after-OPEN-SOURCE, true, 16, 16",
    "rollback:start-of-CLEANUP, false, 17, 18"
  })
  void goesBackAlsoWhenItIsKilled(String moment, boolean replicaRole, int from, int to)
      throws Exception {
    try (TwoDatabases both = TwoDatabases.startForBothWays(from, to, replicaRole);
        RouteStore route = RouteStore.file(folder.resolve("route.json"));
        SwitchableDataSource shop = both.follow(route)) {
      ShopSchema.create(both.source, CUSTOMERS);
      String triggers = triggers(both);
      String foreignKeys = foreignKeys(both);
      ShopWriters writers = new ShopWriters(shop, 2, CUSTOMERS);
      MigrationReport report;
      try {
        assertThat(MigrationProcess.run(folder, both, moment)).isEqualTo(MigrationProcess.DIED);

        Migration migration = migration(both, route).build();
        // A rollback that was asked for is gone on with by the same command, too.
        report =
            moment.equals("start-of-REVERSE") || moment.contains("before-OPEN")
                ? migration.rollback()
                : migration.run();

        int back = writers.written();
        Eventually.until("writes on the source", () -> writers.written() > back + 50);
      } finally {
        writers.close();
      }
      assertThat(report.failure().orElse("")).contains("taken back to the source");
      assertThat(report.status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
      assertThat(writers.errors()).isEmpty();
      assertThat(writers.lost(both.source)).isEmpty();
      assertThat(writers.unknown(both.source)).isEmpty();
      assertThat(triggers(both)).isEqualTo(triggers);
      assertThat(foreignKeys(both)).isEqualTo(foreignKeys);
      nothingIsLeft(both);
    }
  }

  @Tag("slow")
  @Test
  void bringsBackTruncationsPartitionsAndTablesWithoutAKey() throws Exception {
    try (TwoDatabases both = TwoDatabases.startForBothWays(16, 16, false);
        RouteStore route = RouteStore.file(folder.resolve("route.json"))) {
      TwoDatabases.run(
          both.source,
          "CREATE TABLE log (at int, what text)",
          "ALTER TABLE log REPLICA IDENTITY FULL",
          "INSERT INTO log SELECT i, 'old' FROM generate_series(1, 100) i",
          "CREATE TABLE part (id int PRIMARY KEY, what text) PARTITION BY RANGE (id)",
          "CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (100)",
          "CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (100) TO (200)",
          "INSERT INTO part SELECT i, 'old' FROM generate_series(1, 150) i",
          "CREATE TABLE parent (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, up bigint"
              + " REFERENCES parent ON DELETE CASCADE, big text)",
          "INSERT INTO parent (up, big) SELECT NULL, repeat(md5(i::text), 300)"
              + " FROM generate_series(1, 20) i",
          "CREATE UNLOGGED TABLE cache (id int PRIMARY KEY, what text)",
          "INSERT INTO cache SELECT i, 'old' FROM generate_series(1, 50) i",
          "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
              + " NEW.what := upper(NEW.what); RETURN NEW; END $$",
          "CREATE TRIGGER shout BEFORE INSERT ON cache FOR EACH ROW EXECUTE FUNCTION shout()",
          "CREATE TABLE emptied (id int PRIMARY KEY)",
          "INSERT INTO emptied SELECT generate_series(1, 100)");
      CountDownLatch reversing = new CountDownLatch(1);
      Migration migration =
          migration(both, route)
              .listener(RecordingListener.at(MigrationStep.REVERSE, reversing::countDown))
              .build();
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      if (!reversing.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("No reverse replication; the run gave " + run.getNow(null));
      }
      TwoDatabases.run(
          both.target,
          "UPDATE log SET what = 'new' WHERE at % 2 = 0",
          "DELETE FROM log WHERE at % 10 = 1",
          "UPDATE part SET id = id + 60 WHERE id BETWEEN 95 AND 99 AND id + 60 > 150",
          "DELETE FROM part WHERE id = 7",
          "INSERT INTO parent (up, big) VALUES (1, 'child')",
          "UPDATE parent SET up = 2 WHERE id = 3",
          "DELETE FROM parent WHERE id = 1",
          "DELETE FROM cache WHERE id > 40",
          "INSERT INTO cache VALUES (99, 'new')",
          "UPDATE cache SET what = 'quiet' WHERE id = 1",
          "TRUNCATE emptied",
          "INSERT INTO emptied VALUES (7)",
          "BEGIN; SET CONSTRAINTS ALL DEFERRED; UPDATE part SET what = what || '!'; COMMIT",
          // Any role can write this message. What comes with it is a change like any other.
          "BEGIN; SELECT pg_logical_emit_message(true, 'clouddb.apply', '');"
              + " INSERT INTO log VALUES (1000, 'forged'); DELETE FROM log WHERE at = 2; COMMIT");

      assertThat(TwoDatabases.ask(both.target, "SELECT what FROM cache WHERE id = 99"))
          .isEqualTo("NEW");

      MigrationReport report = migration.rollback();

      assertThat(report.failure().orElse("")).contains("taken back to the source");
      assertThat(TwoDatabases.ask(both.source, "SELECT what FROM cache WHERE id = 1"))
          .isEqualTo("quiet");
      assertThat(report.findings()).anyMatch(f -> f.code().equals("target.imitated-mark"));
      for (String table : List.of("log", "part", "part_2", "parent", "emptied", "cache")) {
        String rows = "SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM " + table + " t";
        assertThat(TwoDatabases.ask(both.source, rows))
            .as(table)
            .isEqualTo(TwoDatabases.ask(both.target, rows));
      }
      assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM parent WHERE big = 'child'"))
          .as("the cascade of the target came back as a change, not as one more cascade")
          .isEqualTo("0");
      TwoDatabases.run(both.source, "INSERT INTO parent (big) VALUES ('next')");
      assertThat(TwoDatabases.ask(both.source, "SELECT max(id) FROM parent")).isEqualTo("22");
    }
  }

  @Test
  void refusesToGoBackWithoutAWayBack() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true);
        RouteStore route = RouteStore.file(folder.resolve("route.json"))) {
      ShopSchema.create(both.source, 10);
      Migration migration = migration(both, route).reverseReplication(Duration.ZERO).build();
      assertThat(migration.run().status()).isEqualTo(MigrationReport.Status.COMPLETED);

      assertThatThrownBy(migration::rollback)
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("no reverse replication");
      assertThatThrownBy(() -> migration(both, route).id("other").build().run())
          .hasMessageContaining("target.wal-level");
    }
  }
}
