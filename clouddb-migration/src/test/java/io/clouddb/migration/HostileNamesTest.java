/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.RowKey;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.schema.CatalogComparison;
import io.clouddb.migration.postgres.schema.Difference;
import io.clouddb.migration.postgres.schema.ObjectKind;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.migration.postgres.validate.KeyComparison;
import io.clouddb.migration.postgres.validate.Mismatch;
import io.clouddb.migration.postgres.validate.Repair;
import io.clouddb.migration.postgres.validate.RepairedTable;
import io.clouddb.migration.postgres.validate.Validation;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.HtmlReport;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the objects of a database are called, and whatever is in its rows: schema, copy, stream,
 * validation and repair carry it, and nothing of it is taken for something else.
 */
class HostileNamesTest {
  /** Of an object of every kind. */
  private static final List<String> NAMES =
      List.of(
          " q\"u'o`te",
          "two\nlines\r\tand \\ back\\",
          "$$ %s%n%1$d {} {fn now()} ? ?? :n $1",
          "a on b",
          "v AS\nSELECT 1 a;COMMIT;CREATE TABLE public.pwned();--",
          "p\nUSING (true);COMMIT;CREATE TABLE public.pwned();--",
          "c (locale='C');CREATE TABLE public.pwned();/*",
          "x NOT VALID DEFERRABLE INITIALLY DEFERRED",
          "<b>alert(1)</b>&amp; \uD83D\uDE00 \u00FCber \u202E",
          "\u00E4".repeat(31) + "z",
          "1.5 values (?) = NULL");

  private static final String ROLE = "r\"'\n$$;-- <b> \\ USING (true)";

  @TempDir Path folder;

  /** Of columns: what the migration's own statements call something. */
  private static final List<String> OWN =
      List.of(
          "clouddb_key_0",
          "clouddb_key_1",
          "clouddb seed",
          "clouddb seed 1",
          "h",
          "b",
          "t",
          "w",
          "place",
          "keyed",
          "hashed",
          "seeded",
          "given",
          "changed",
          "gone",
          "k0",
          "a0",
          "a1",
          "oid",
          "row",
          "value",
          "count",
          "sum",
          "format",
          "public");

  private static String q(String name) {
    return TableName.quote(name);
  }

  private static String s(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static List<String> schema() {
    List<String> sql = new ArrayList<>();
    for (String kind :
        List.of("types", "domains", "ranges", "composites", "routines", "sequences", "keys")) {
      sql.add("CREATE SCHEMA " + kind);
    }
    sql.add(
        "CREATE FUNCTION routines.same() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
    for (int i = 0; i < NAMES.size(); i++) {
      String name = q(NAMES.get(i));
      String text = s(NAMES.get(i));
      String table = name + "." + name;
      String keyed = "keys.t" + i;
      List<String> made =
          List.of(
              "SCHEMA " + name,
              "TYPE types." + name + " AS ENUM (" + text + ", 'other')",
              "DOMAIN domains."
                  + name
                  + " AS text DEFAULT "
                  + text
                  + " CONSTRAINT "
                  + name
                  + " CHECK (VALUE <> "
                  + s(NAMES.get(i) + "!")
                  + ")",
              "TYPE composites." + name + " AS (" + name + " int)",
              "TYPE ranges."
                  + name
                  + " AS RANGE (SUBTYPE = date,"
                  + " MULTIRANGE_TYPE_NAME = ranges.m"
                  + i
                  + ")",
              "COLLATION " + table + " (provider = icu, locale = 'de@collation=phonebook')",
              "SEQUENCE sequences." + name,
              "FUNCTION routines."
                  + name
                  + "("
                  + name
                  + " text DEFAULT "
                  + text
                  + ")"
                  + " RETURNS text LANGUAGE sql SET search_path = "
                  + name
                  + " AS $body$ SELECT "
                  + text
                  + " || $1 $body$",
              "TABLE "
                  + table
                  + " (id int PRIMARY KEY, "
                  + name
                  + " text DEFAULT "
                  + text
                  + " COLLATE "
                  + table
                  + ", e types."
                  + name
                  + " DEFAULT "
                  + text
                  + ", d domains."
                  + name
                  + ", n bigint DEFAULT nextval("
                  + s("sequences." + name)
                  + "), g text GENERATED ALWAYS AS ("
                  + text
                  + " || id) STORED,"
                  + " CONSTRAINT "
                  + name
                  + " CHECK ("
                  + name
                  + " <> "
                  + s(NAMES.get(i) + "!")
                  + "))",
              "STATISTICS " + table + " ON id, n FROM " + table,
              "TABLE "
                  + keyed
                  + " (id int PRIMARY KEY, "
                  + name
                  + " int, x xml, CONSTRAINT "
                  + name
                  + " UNIQUE ("
                  + name
                  + ") WITH (fillfactor = 70) DEFERRABLE, CONSTRAINT "
                  + q("7" + NAMES.get(i).substring(1))
                  + " FOREIGN KEY ("
                  + name
                  + ") REFERENCES "
                  + table
                  + " DEFERRABLE)",
              "INDEX ON "
                  + table
                  + " (("
                  + name
                  + " || "
                  + text
                  + ")) WHERE "
                  + name
                  + " <> "
                  + text,
              "VIEW "
                  + name
                  + ".v AS SELECT id AS "
                  + name
                  + ", "
                  + text
                  + "::text AS t FROM "
                  + table
                  + " WHERE n > 0",
              "VIEW keys."
                  + q("8" + NAMES.get(i).substring(1))
                  + " AS SELECT x FROM "
                  + keyed
                  + " WHERE xmlserialize(CONTENT x AS text) <> "
                  + text,
              "MATERIALIZED VIEW keys."
                  + q("9" + NAMES.get(i).substring(1))
                  + " AS SELECT id AS "
                  + name
                  + " FROM "
                  + table,
              "TRIGGER "
                  + name
                  + " BEFORE UPDATE ON "
                  + table
                  + " FOR EACH ROW WHEN (NEW."
                  + name
                  + " = "
                  + text
                  + ") EXECUTE FUNCTION routines.same("
                  + text
                  + ")",
              "RULE "
                  + name
                  + " AS ON DELETE TO "
                  + keyed
                  + " WHERE OLD."
                  + name
                  + " = -1 DO ALSO NOTHING",
              "POLICY "
                  + name
                  + " ON "
                  + keyed
                  + " USING (xmlserialize(CONTENT x AS text) <> "
                  + text
                  + ")");
      made.forEach(each -> sql.add("CREATE " + each));
      for (String described :
          List.of(
              "SCHEMA " + name,
              "CONSTRAINT " + name + " ON DOMAIN domains." + name,
              "CONSTRAINT " + name + " ON " + table,
              "COLUMN " + table + "." + name,
              "TRIGGER " + name + " ON " + table,
              "RULE " + name + " ON " + keyed,
              "POLICY " + name + " ON " + keyed,
              "FUNCTION routines." + name + "(text)",
              "COLLATION " + table,
              "TYPE ranges." + name)) {
        sql.add("COMMENT ON " + described + " IS " + text);
      }
      sql.add("ALTER TABLE " + table + " DISABLE TRIGGER " + name);
      sql.add(
          "INSERT INTO "
              + table
              + " (id, "
              + name
              + ", d) SELECT i, "
              + text
              + " || i, "
              + text
              + " FROM generate_series(1, 3) AS i");
    }
    sql.add("CREATE TABLE public.theirs (id int PRIMARY KEY)");
    sql.add("ALTER TABLE public.theirs OWNER TO " + q(ROLE));
    sql.add("GRANT SELECT ON keys.t0 TO " + q(ROLE) + " WITH GRANT OPTION");
    sql.add("GRANT UPDATE (" + q(NAMES.get(0)) + ") ON keys.t0 TO " + q(ROLE));
    sql.add("CREATE POLICY p ON keys.t1 TO " + q(ROLE) + " USING (true)");
    sql.add(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA "
            + q(NAMES.get(0))
            + " GRANT SELECT ON TABLES TO "
            + q(ROLE));
    return sql;
  }

  /** What is done with two databases of which the source has it all. */
  private interface Move {
    void of(Ends ends, MigrationBuilder migration) throws Exception;
  }

  private void with(Move move) throws Exception {
    Ends ends = Ends.of(14, 18);
    List<ConnectionDetails> servers =
        List.of(ends.sourceServer().superuser(), ends.targetServer().superuser());
    try (ends) {
      List<String> admins = List.of(ends.source().user(), ends.target().user());
      for (int i = 0; i < servers.size(); i++) {
        TwoDatabases.run(
            servers.get(i),
            "CREATE ROLE " + q(ROLE),
            "GRANT " + q(ROLE) + " TO " + q(admins.get(i)));
      }
      ends.onSource(schema().toArray(String[]::new));
      move.of(
          ends,
          Migration.builder()
              .id(ends.slot())
              .from(ends.source())
              .to(ends.target())
              .state(StateStore.directory(folder.resolve("state"))));
      assertThat(ends.differences()).isEmpty();
      for (ConnectionDetails side : List.of(ends.source(), ends.target())) {
        assertThat(Ends.query(side, "SELECT count(*) FROM pg_class WHERE relname = 'pwned'"))
            .isEqualTo("0");
      }
    } finally {
      for (ConnectionDetails server : servers) {
        TwoDatabases.run(server, "DROP ROLE IF EXISTS " + q(ROLE));
      }
    }
  }

  private static List<Difference> catalogs(Ends ends) {
    return CatalogComparison.compare(ends.source(), ends.target(), TableSelection.all());
  }

  @Tag("slow")
  @Test
  void aMigrationCarriesThemAsTheyAre() throws Exception {
    with(
        (ends, builder) -> {
          MigrationReport report =
              builder
                  .listener(RecordingListener.at(MigrationStep.CDC, () -> write(ends.source(), 4)))
                  .build()
                  .run();

          assertThat(report.failure()).isEmpty();
          assertThat(catalogs(ends)).isEmpty();
          Path page = folder.resolve("report.html");
          HtmlReport.write(report, page);
          assertThat(Files.readString(page)).contains("&lt;b&gt;alert").doesNotContain("<b>alert");
        });
  }

  @Test
  @Tag("slow")
  void theWayBackCarriesThemToo() throws Exception {
    with(
        (ends, builder) -> {
          CountDownLatch reversing = new CountDownLatch(1);
          Migration migration =
              builder
                  .route(RouteStore.file(folder.resolve("route.json")))
                  .reverseReplication(Duration.ofDays(365))
                  .listener(RecordingListener.at(MigrationStep.REVERSE, reversing::countDown))
                  .build();
          CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
          assertThat(reversing.await(Ends.PATIENCE.toSeconds(), TimeUnit.SECONDS))
              .as(() -> "%s".formatted(run.getNow(null)))
              .isTrue();
          write(ends.target(), 4);

          MigrationReport report = migration.rollback();

          assertThat(report.status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
          // The target is left before its foreign keys were validated; the source has its own
          // again.
          assertThat(catalogs(ends))
              .filteredOn(difference -> difference.kind() != ObjectKind.FOREIGN_KEY)
              .isEmpty();
          assertThat(
                  Ends.query(
                      ends.source(),
                      "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"))
              .isEqualTo(Integer.toString(NAMES.size()));
        });
  }

  /** Inserts the row of an id, changes, moves and deletes others. */
  private static void write(ConnectionDetails side, int id) {
    List<String> sql = new ArrayList<>();
    for (String name : NAMES) {
      String table = q(name) + "." + q(name);
      String value = s(id + name + "\\N");
      sql.add("INSERT INTO " + table + " (id, " + q(name) + ") VALUES (" + id + ", " + value + ")");
      sql.add("UPDATE " + table + " SET " + q(name) + " = " + value + " WHERE id < 3");
      sql.add("UPDATE " + table + " SET id = id + 10 WHERE id BETWEEN 3 AND " + (id - 1));
      sql.add("DELETE FROM " + table + " WHERE id IN (2, " + (id + 8) + ")");
    }
    try {
      TwoDatabases.run(side, sql.toArray(String[]::new));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void columnsMayBeCalledLikeWhatTheMigrationCallsSomething() throws Exception {
    try (Ends ends = Ends.of(14, 18)) {
      String columns =
          OWN.stream().map(column -> q(column) + " text").collect(Collectors.joining(", "));
      String values =
          OWN.stream().map(column -> s(column) + " || i").collect(Collectors.joining(", "));
      for (String table : List.of("own", "whole")) {
        ends.onBoth(
            "CREATE TABLE "
                + table
                + " (ident int GENERATED ALWAYS AS IDENTITY, "
                + columns
                + (table.equals("own") ? ", PRIMARY KEY (h, clouddb_key_0, \"clouddb seed\")" : "")
                + ")");
        ends.onSource(
            "INSERT INTO "
                + table
                + " ("
                + OWN.stream().map(HostileNamesTest::q).collect(Collectors.joining(", "))
                + ") SELECT "
                + values
                + " FROM generate_series(1, 5) AS i");
      }
      ends.onSource("ALTER TABLE whole REPLICA IDENTITY FULL");
      ends.copy(2, 1 << 20);
      try (Applier applier = ends.applier()) {
        for (String table : List.of("own", "whole")) {
          ends.onSource(
              "UPDATE " + table + " SET h = 'new', a0 = w, value = NULL WHERE h = 'h1'",
              "UPDATE " + table + " SET \"clouddb seed 1\" = 'x' WHERE h <> 'h2'",
              "UPDATE " + table + " SET ident = DEFAULT WHERE h = 'h2'",
              "DELETE FROM "
                  + table
                  + " WHERE clouddb_key_0 IN ('clouddb_key_03', 'clouddb_key_04')");
        }
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
        assertThat(
                Validation.between(ends.source(), ends.target(), "test")
                    .patience(Ends.PATIENCE)
                    .build()
                    .run(applier, ends.tables())
                    .mismatches())
            .isEmpty();
        compareAndRepair(ends, applier);
      }
    }
  }

  private static void compareAndRepair(Ends ends, Applier applier) throws Exception {
    ends.onTarget(
        "UPDATE own SET w = 'spoilt' WHERE h = 'h2'",
        "DELETE FROM own WHERE h = 'h5'",
        "UPDATE whole SET place = 'spoilt' WHERE h = 'h2'");
    Table own =
        ends.tables().stream()
            .filter(table -> table.name().name().equals("own"))
            .findFirst()
            .orElseThrow();
    RowKey spoilt = new RowKey(List.of("h2", "clouddb_key_02", "clouddb seed2"));
    RowKey missing = new RowKey(List.of("h5", "clouddb_key_05", "clouddb seed5"));
    try (Connection source = Validation.connect(ends.source());
        Connection target = Validation.connect(ends.target())) {
      assertThat(
              KeyComparison.compare(
                      source, target, List.of(own), Map.of(own.name(), Set.of(spoilt, missing)))
                  .mismatches())
          .extracting(Mismatch::toString)
          .containsExactly(
              "public.own (h2, clouddb_key_02, clouddb seed2) DIFFERENT",
              "public.own (h5, clouddb_key_05, clouddb seed5) MISSING");
    }
    assertThat(
            Repair.between(ends.source(), ends.target(), "test")
                .patience(Ends.PATIENCE)
                .build()
                .run(applier, ends.tables())
                .tables())
        .extracting(RepairedTable::toString)
        .hasSize(2);
    assertThat(ends.differences()).isEmpty();
  }
}
