/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.JournalEntry;
import io.clouddb.migration.state.StateStore;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whoever may create objects in a database gains nothing by the name that he gives them: a whole
 * migration runs between databases in which each name of the catalog has a namesake before it.
 */
class ShadowedNamesTest {
  /**
   * What runs between versions that write a definition differently, with options of users, where
   * TRUNCATE is refused, or where the whole database is selected. {@code QualifiedNamesTest} reads
   * these like all others. Others hold advice that begins like a statement.
   */
  private static final Set<String> UNREACHED =
      Set.of("EmptiedTables", "Rewording", "TableWriter", "UncarriedChanges", "UserOptions");

  private static final Duration LONG = Duration.ofDays(365_000);

  private static final String[] SCHEMA = {
    // A function of the application that turns the session of whoever calls it.
    "CREATE FUNCTION public.turn(n bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN"
        + " PERFORM pg_catalog.set_config('search_path', '"
        + Shadows.PATH
        + "', false); RETURN true; END $$",
    "CREATE TYPE public.pair AS (a int, b text)",
    "CREATE TABLE public.account (name public.citext PRIMARY KEY, mood public.mood,"
        + " code varchar(20) UNIQUE, n bigint, label text,"
        + " twice bigint GENERATED ALWAYS AS (n * 2) STORED, CHECK (public.turn(n)))",
    "CREATE INDEX ON public.account (lower(label)) WHERE public.turn(n) AND label <> ''",
    "CREATE TABLE public.alias (alias public.folded, kind varchar(5), mood public.mood,"
        + " note text, PRIMARY KEY (alias, kind, mood))",
    "ALTER TABLE public.alias ADD CHECK (note <> 'x' AND length(note) < 99)",
    "CREATE TABLE public.pile (name public.citext, p public.pair, t text, v varchar(9),"
        + " j jsonb, c char(4), k regclass, b bytea, at timestamptz, big bigint)",
    "ALTER TABLE public.pile REPLICA IDENTITY FULL",
    "CREATE TABLE public.counted (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        + " number int UNIQUE DEFERRABLE INITIALLY DEFERRED, always int GENERATED ALWAYS AS"
        + " IDENTITY, name public.citext REFERENCES public.account ON UPDATE CASCADE)",
    "CREATE TABLE public.part (at date, id uuid, PRIMARY KEY (at, id)) PARTITION BY RANGE (at)",
    "CREATE TABLE public.part_1 PARTITION OF public.part FOR VALUES FROM ('2025-01-01') TO"
        + " ('2026-01-01')",
    "CREATE TABLE public.pairs (p public.pair PRIMARY KEY, n numeric)",
    "CREATE UNLOGGED TABLE public.scratch (id int PRIMARY KEY, name public.citext)",
    "CREATE TABLE public.emptied (id text PRIMARY KEY)",
    "CREATE VIEW public.glad AS SELECT name, label FROM public.account WHERE mood::text = 'glad'",
    "CREATE MATERIALIZED VIEW public.heavy AS SELECT name, n FROM public.account WHERE n > 100",
    "CREATE FUNCTION public.noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        + " PERFORM public.turn(1); RETURN NEW; END $$",
    "CREATE TRIGGER noted BEFORE INSERT OR UPDATE ON public.account FOR EACH ROW EXECUTE"
        + " FUNCTION public.noted()",
    "ALTER TABLE public.account ENABLE ALWAYS TRIGGER noted",
    "COMMENT ON TABLE public.account IS 'of the shop'",
    "INSERT INTO public.account SELECT 'Name ' || i, CASE WHEN i % 2 = 0 THEN 'sad' ELSE 'glad'"
        + " END::public.mood, 'c' || i, i, 'l' || i FROM generate_series(1, 300) i",
    "INSERT INTO public.alias SELECT 'Alias ' || i, 'k' || i % 3, 'sad', 'n'"
        + " FROM generate_series(1, 50) i",
    "INSERT INTO public.pile SELECT ('P' || i % 7)::public.citext, ROW(i, NULL)::public.pair, NULL, 'v', '{\"a\": 1.0}'::jsonb, 'c',"
        + " 'public.account'::regclass, 'a'::bytea, now(), i FROM generate_series(1, 40) i",
    "INSERT INTO public.pile (t) VALUES (NULL), (NULL)",
    "INSERT INTO public.counted (number, name) SELECT i, 'NAME ' || i FROM generate_series(1, 20) i",
    "INSERT INTO public.part SELECT date '2025-01-01' + i, gen_random_uuid()"
        + " FROM generate_series(1, 30) i",
    "INSERT INTO public.pairs SELECT ROW(i, 'b')::public.pair, i FROM generate_series(1, 20) i",
    "INSERT INTO public.scratch SELECT i, 'S' || i FROM generate_series(1, 20) i",
    "INSERT INTO public.emptied SELECT 'e' || i FROM generate_series(1, 20) i",
    "REFRESH MATERIALIZED VIEW public.heavy",
    "ANALYZE"
  };

  /** A table whose rows are written, and whose check is looked at, as its owner. */
  private static final String[] ALSO_OF_ANOTHER = {
    "CREATE TABLE public.rented (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, label text,"
        + " CHECK (public.turn(id)))",
    "INSERT INTO public.rented (label) SELECT 'r' || i FROM generate_series(1, 40) i",
    "GRANT CREATE ON SCHEMA public TO shop_app",
    "ALTER TABLE public.rented OWNER TO shop_app"
  };

  /** Of all kinds, some of them many of a kind at once. */
  private static final String[] CHANGES = {
    "INSERT INTO public.account SELECT 'New ' || i, 'sad', 'n' || i, i, NULL"
        + " FROM generate_series(1, 30) i",
    "UPDATE public.account SET label = label || '!' WHERE n < 50",
    "UPDATE public.account SET name = upper(name::text)::public.citext WHERE n = 60",
    "UPDATE public.account SET name = 'Other' WHERE n = 70",
    "UPDATE public.account SET code = 'z' || code, label = repeat('x', 9000) WHERE n > 290",
    "DELETE FROM public.account WHERE n BETWEEN 100 AND 130",
    "DELETE FROM public.account WHERE n = 131",
    "UPDATE public.alias SET note = 'm' WHERE kind = 'k1'",
    "UPDATE public.alias SET alias = 'ALIAS 3' WHERE alias::text = 'Alias 3'",
    "UPDATE public.alias SET mood = 'glad' WHERE kind = 'k0'",
    "DELETE FROM public.alias WHERE kind = 'k2'",
    "UPDATE public.pile SET v = 'w' WHERE big = 1",
    "UPDATE public.pile SET t = 'u', name = NULL WHERE big IN (2, 3)",
    "DELETE FROM public.pile WHERE big IN (4, 5, 6)",
    "DELETE FROM public.pile WHERE ctid IN (SELECT ctid FROM public.pile WHERE big IS NULL LIMIT 1)",
    "UPDATE public.counted SET number = 21 - number",
    "UPDATE public.counted SET id = DEFAULT, always = DEFAULT WHERE number = 3",
    "UPDATE public.pairs SET n = n + 0.10",
    "DELETE FROM public.pairs WHERE n < 5",
    "UPDATE public.pairs SET p = ROW(100, 'c') WHERE n > 20",
    "INSERT INTO public.part SELECT date '2025-06-01', gen_random_uuid()",
    "UPDATE public.rented SET label = label || '!' WHERE id < 20",
    "DELETE FROM public.rented WHERE id > 30",
    "TRUNCATE public.emptied",
    "INSERT INTO public.emptied VALUES ('again')"
  };

  @Test
  @Tag("slow")
  void aMigrationThereAndBackCallsNoStranger() throws Exception {
    try (TwoDatabases both = TwoDatabases.startForBothWays(16, 17, false)) {
      thereAndBack(both);
    }
  }

  @Test
  @Tag("slow")
  void aMigrationWithReplicaRoleCallsNoStranger() throws Exception {
    try (TwoDatabases both = TwoDatabases.startForBothWays(15, 18, true)) {
      thereAndBack(both);
    }
  }

  private static void thereAndBack(TwoDatabases both) throws Exception {
    prepare(both);
    RouteStore route =
        RouteStore.jdbc(both.target.toBuilder().database("state").build().dataSource(), "shop");
    // The next run goes on with this copy.
    MigrationReport interrupted =
        migration(both, route).connections(1).state(failingInTheCopy(both)).build().run();
    assertThat(interrupted.failure().orElseThrow()).contains("No space left");
    MigrationReport failed =
        migration(both, route)
            .listener(RecordingListener.at(MigrationStep.VALIDATE, () -> spoil(both)))
            .build()
            .run();
    assertThat(failed.failure().orElseThrow()).contains("rows differ");
    CountDownLatch reversing = new CountDownLatch(1);
    RecordingListener listener =
        new RecordingListener(
            step -> {
              if (step == MigrationStep.CDC) {
                run(both.source, CHANGES);
              } else if (step == MigrationStep.REVERSE) {
                reversing.countDown();
              }
            });
    Migration migration = migration(both, route).listener(listener).build();
    assertThat(migration.repair().rowsRepaired()).isEqualTo(5);
    migration.preflight();
    CompletableFuture<MigrationReport> there = CompletableFuture.supplyAsync(migration::run);
    Eventually.until(
        "the wait for the word",
        Duration.ofMinutes(2),
        () ->
            there.isDone()
                || listener.notices().stream()
                    .anyMatch(n -> n.startsWith("Ready for the cutover")));
    assertThat(there).as(() -> String.valueOf(there.getNow(null))).isNotDone();
    migration.rehearse();
    migration.cutOver();
    CompletableFuture.anyOf(there, CompletableFuture.runAsync(() -> await(reversing))).get();
    assertThat(reversing.getCount()).as(() -> String.valueOf(there.getNow(null))).isZero();
    run(
        both.target,
        "UPDATE public.account SET label = 'back' WHERE n < 20",
        "INSERT INTO public.pile (name) VALUES ('Back')",
        "UPDATE public.scratch SET name = 'back'");
    List<String> onTarget = content(both.target);

    MigrationReport back = migration.rollback();

    assertThat(back.status())
        .as(String.valueOf(back.failure()))
        .isEqualTo(MigrationReport.Status.ROLLED_BACK);
    assertThat(content(both.source)).isEqualTo(onTarget);
    migration.releaseTarget();
    for (EmbeddedPostgres server : List.of(both.sourceServer, both.targetServer)) {
      assertThat(hits(server)).isEmpty();
    }
    assertThat(definitions(both.target)).isEqualTo(definitions(both.source));
    assertThat(
            SqlOfSources.unreached(
                List.of(
                    Files.readString(both.sourceServer.log()),
                    Files.readString(both.targetServer.log()))))
        .isSubsetOf(UNREACHED);
    // And a stranger would have been seen.
    assertThatThrownBy(() -> TwoDatabases.ask(both.source, "SELECT quote_ident('a')"))
        .hasMessageContaining(Shadows.HIT);
    assertThat(hits(both.sourceServer)).hasSize(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(120, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static MigrationBuilder migration(TwoDatabases both, RouteStore route) {
    return Migration.builder()
        // turn() is another role's, and the check of shop_app's table calls it.
        .trustCodeOf("shop_app")
        .id("shop")
        .from(both.source)
        .to(both.target)
        .tables("public.*")
        .cutoverOnRequest(true)
        .reverseReplication(LONG)
        .route(route)
        .state(journal(both));
  }

  private static StateStore journal(TwoDatabases both) {
    return StateStore.jdbc(both.target.toBuilder().database("state").build().dataSource());
  }

  private static StateStore failingInTheCopy(TwoDatabases both) {
    AtomicInteger copied = new AtomicInteger();
    return id -> {
      Journal journal = journal(both).open(id);
      return new Journal() {
        @Override
        public List<JournalEntry> entries() {
          return journal.entries();
        }

        @Override
        public JournalEntry append(String kind, Map<String, String> data) {
          if (kind.equals("copy.table") && copied.incrementAndGet() > 2) {
            throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, "No space left").toException();
          }
          return journal.append(kind, data);
        }

        @Override
        public void close() {
          journal.close();
        }
      };
    };
  }

  private static void prepare(TwoDatabases both) throws SQLException, IOException {
    for (EmbeddedPostgres server : List.of(both.sourceServer, both.targetServer)) {
      ConnectionDetails superuser = server.superuser().toBuilder().database("shop").build();
      String admin = server == both.sourceServer ? "source_admin" : "target_admin";
      TwoDatabases.run(superuser, "GRANT shop_app TO " + admin);
      Shadows.cast(superuser, admin);
    }
    TwoDatabases.run(
        both.targetServer.superuser(),
        "CREATE DATABASE state OWNER target_admin TEMPLATE shop",
        "ALTER DATABASE state SET search_path = " + Shadows.PATH);
    run(both.source, SCHEMA);
    run(both.source, ALSO_OF_ANOTHER);
    for (EmbeddedPostgres server : List.of(both.sourceServer, both.targetServer)) {
      server.setting("log_statement", "all").setting("log_line_prefix", "%a ").reload();
    }
  }

  private static void spoil(TwoDatabases both) {
    run(
        both.target,
        "DELETE FROM public.counted WHERE lower(name::text) = 'name 7'",
        "DELETE FROM public.account WHERE n = 7",
        "UPDATE public.alias SET note = 'spoilt' WHERE alias::text = 'Alias 7'",
        "DELETE FROM public.pile WHERE big = 7",
        "INSERT INTO public.pairs VALUES (ROW(7, 'extra'), 7)");
  }

  /** As an application that knows what it does. */
  private static void run(ConnectionDetails database, String... statements) {
    try (Connection connection = PinnedSession.open(database, "application");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute("SET search_path = pg_catalog");
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> content(ConnectionDetails database) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = PinnedSession.open(database, "look");
        Statement statement = connection.createStatement()) {
      for (String table :
          List.of(
              "account", "alias", "pile", "counted", "part", "pairs", "scratch", "emptied",
              "rented")) {
        try (ResultSet row =
            statement.executeQuery(
                "SELECT t::text COLLATE \"C\" FROM public." + table + " t ORDER BY 1")) {
          while (row.next()) {
            rows.add(table + " " + row.getString(1));
          }
        }
      }
    }
    return rows;
  }

  /** As they are read in a session that looks into the catalog only. */
  private static String definitions(ConnectionDetails database) throws SQLException {
    try (Connection connection = PinnedSession.open(database, "look");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT string_agg(conrelid::regclass || pg_get_constraintdef(oid), E'\\n'"
                    + " ORDER BY conrelid::regclass::text, conname) FROM pg_constraint"
                    + " WHERE conrelid::regclass::text LIKE 'public.%' AND contype = 'c'")) {
      row.next();
      return row.getString(1);
    }
  }

  private static List<String> hits(EmbeddedPostgres server) throws IOException {
    List<String> lines = Files.readAllLines(server.log(), StandardCharsets.UTF_8);
    List<String> hits = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(Shadows.HIT)) {
        hits.add(String.join("\n", lines.subList(i, Math.min(i + 6, lines.size()))));
      }
    }
    return hits;
  }
}
