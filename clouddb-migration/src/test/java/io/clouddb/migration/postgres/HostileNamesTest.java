/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.RowKey;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.schema.CatalogComparison;
import io.clouddb.migration.postgres.schema.SchemaSurvey;
import io.clouddb.migration.postgres.schema.SchemaTransfer;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.migration.postgres.validate.KeyComparison;
import io.clouddb.migration.postgres.validate.Mismatch;
import io.clouddb.migration.postgres.validate.Repair;
import io.clouddb.migration.postgres.validate.RepairedTable;
import io.clouddb.migration.postgres.validate.Validation;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Whatever the objects of a database are called, and whatever is in its rows: schema, copy, stream,
 * validation and repair carry it, and nothing of it is taken for something else.
 */
class HostileNamesTest {
  /** Of an object of every kind. */
  private static final List<String> NAMES =
      List.of(
          "q\"u'o`te",
          "two\nlines\r\tand \\ back\\",
          "$$ %s%n%1$d {} {fn now()} ? ?? :n $1",
          "a on b",
          "v AS\nSELECT 1 a;COMMIT;CREATE TABLE public.pwned();--",
          "p\nUSING (true);COMMIT;CREATE TABLE public.pwned();--",
          "c (locale='C');CREATE TABLE public.pwned();/*",
          "x DEFERRABLE INITIALLY DEFERRED",
          "fk NOT VALID",
          "<script>alert(1)</script>&amp;",
          "\uD83D\uDE00 \u00FCber \u202E",
          "\u00E4".repeat(31) + "z",
          "1.5e3",
          "select",
          "values (?) = NULL",
          " ");

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
    sql.add("CREATE FUNCTION routines.same() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
    for (int i = 0; i < NAMES.size(); i++) {
      String name = q(NAMES.get(i));
      String text = s(NAMES.get(i));
      String table = name + "." + name;
      String keyed = "keys.t" + i;
      List<String> made =
          List.of(
              "SCHEMA " + name,
              "TYPE types." + name + " AS ENUM (" + text + ", 'other')",
              "DOMAIN domains." + name + " AS text DEFAULT " + text
                  + " CONSTRAINT " + name + " CHECK (VALUE <> " + s(NAMES.get(i) + "!") + ")",
              "TYPE composites." + name + " AS (" + name + " int)",
              "TYPE ranges." + name + " AS RANGE (SUBTYPE = date,"
                  + " MULTIRANGE_TYPE_NAME = ranges.m" + i + ")",
              "COLLATION " + table + " (provider = icu, locale = 'de@collation=phonebook')",
              "SEQUENCE sequences." + name,
              "FUNCTION routines." + name + "(" + name + " text DEFAULT " + text + ")"
                  + " RETURNS text LANGUAGE sql SET search_path = " + name
                  + " AS $body$ SELECT " + text + " || $1 $body$",
              "TABLE " + table + " (id int PRIMARY KEY, " + name + " text DEFAULT " + text
                  + " COLLATE " + table + ", e types." + name + " DEFAULT " + text
                  + ", d domains." + name + ", n bigint DEFAULT nextval(" + s("sequences." + name)
                  + "), g text GENERATED ALWAYS AS (" + text + " || id) STORED,"
                  + " CONSTRAINT " + name + " CHECK (" + name + " <> " + s(NAMES.get(i) + "!") + "))",
              "STATISTICS " + table + " ON id, n FROM " + table,
              "TABLE " + keyed + " (" + name + " int, x xml, CONSTRAINT " + name
                  + " UNIQUE (" + name + ") WITH (fillfactor = 70) DEFERRABLE, CONSTRAINT "
                  + q("7" + NAMES.get(i).substring(1)) + " FOREIGN KEY (" + name + ") REFERENCES "
                  + table + " DEFERRABLE)",
              "INDEX ON " + table + " ((" + name + " || " + text + ")) WHERE " + name + " <> " + text,
              "VIEW " + name + ".v AS SELECT id AS " + name + ", " + text + "::text AS t FROM " + table
                  + " WHERE n > 0",
              "VIEW keys." + q("8" + NAMES.get(i).substring(1)) + " AS SELECT x FROM " + keyed
                  + " WHERE xmlserialize(CONTENT x AS text) <> " + text,
              "MATERIALIZED VIEW keys." + q("9" + NAMES.get(i).substring(1)) + " AS SELECT id AS "
                  + name + " FROM " + table,
              "TRIGGER " + name + " BEFORE UPDATE ON " + table + " FOR EACH ROW WHEN (NEW." + name
                  + " = " + text + ") EXECUTE FUNCTION routines.same(" + text + ")",
              "RULE " + name + " AS ON DELETE TO " + keyed + " WHERE OLD." + name
                  + " = -1 DO ALSO NOTHING",
              "POLICY " + name + " ON " + keyed + " USING (xmlserialize(CONTENT x AS text) <> "
                  + text + ")");
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
      sql.add("INSERT INTO " + table + " (id, " + name + ", d) SELECT i, " + text + " || i, " + text
          + " FROM generate_series(1, 3) AS i");
    }
    for (String name : List.of("own", "whole")) {
      sql.add(
          "CREATE TABLE public." + name + " ("
              + OWN.stream().map(column -> q(column) + " text").collect(Collectors.joining(", "))
              + (name.equals("own") ? ", PRIMARY KEY (h, clouddb_key_0, \"clouddb seed\")" : "") + ")");
      sql.add(
          "INSERT INTO public." + name + " SELECT "
              + OWN.stream().map(column -> s(column) + " || i").collect(Collectors.joining(", "))
              + " FROM generate_series(1, 5) AS i");
    }
    sql.add("ALTER TABLE public.whole REPLICA IDENTITY FULL");
    // Both are public.a.b.c in a message.
    sql.add("CREATE TABLE public.\"a.b.c\" (id int PRIMARY KEY)");
    return sql;
  }

  @Test
  void areCarriedAsTheyAre() throws Exception {
    try (Ends ends = Ends.of(14, 18)) {
      ends.onSource(schema().toArray(String[]::new));
      TableSelection all = TableSelection.all();
      try (Connection from = CatalogSession.open(ends.source());
          Connection to = CatalogSession.open(ends.target())) {
        SchemaSurvey survey = SchemaSurvey.of(from, to, all, Set.of());
        assertThat(survey.notCarried()).isEmpty();
        assertThat(survey.rehearse(to, Set.of())).isEmpty();
      }
      SchemaTransfer transfer = SchemaTransfer.of(ends.source(), ends.target(), all);
      transfer.beforeData();
      ends.copy(2, 1 << 20);
      transfer.afterData();
      transfer.addForeignKeys(true);
      transfer.finish();
      assertThat(ends.differences()).isEmpty();

      try (Applier applier = ends.applier()) {
        write(ends);
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
        assertThat(validation(ends).run(applier, ends.tables()).mismatches()).isEmpty();
        compareAndRepair(ends, applier);
      }
      try (Connection to = CatalogSession.open(ends.target())) {
        transfer.prepareTakeover(false).make(to);
      }
      assertThat(CatalogComparison.compare(ends.source(), ends.target(), all)).isEmpty();
      for (var side : List.of(ends.source(), ends.target())) {
        assertThat(Ends.query(side, "SELECT count(*) FROM pg_class WHERE relname = 'pwned'"))
            .isEqualTo("0");
      }
    }
  }

  private static Validation validation(Ends ends) {
    return Validation.between(ends.source(), ends.target(), "test").patience(Ends.PATIENCE).build();
  }

  private static void write(Ends ends) throws Exception {
    List<String> sql = new ArrayList<>();
    for (String name : NAMES) {
      String table = q(name) + "." + q(name);
      sql.add("INSERT INTO " + table + " (id, " + q(name) + ") VALUES (4, " + s(name + "\\N") + ")");
      sql.add("UPDATE " + table + " SET " + q(name) + " = " + s(name + "\t") + " WHERE id < 3");
      sql.add("UPDATE " + table + " SET id = 30 WHERE id = 3");
      sql.add("DELETE FROM " + table + " WHERE id = 2");
    }
    for (String table : List.of("own", "whole")) {
      sql.add("UPDATE " + table + " SET h = 'new', a0 = w, value = NULL WHERE h = 'h1'");
      sql.add("UPDATE " + table + " SET \"clouddb seed 1\" = 'x' WHERE h <> 'h2'");
      sql.add("DELETE FROM " + table + " WHERE clouddb_key_0 IN ('clouddb_key_03', 'clouddb_key_04')");
    }
    ends.onSource(sql.toArray(String[]::new));
  }

  private static void compareAndRepair(Ends ends, Applier applier) throws Exception {
    ends.onTarget(
        "UPDATE own SET w = 'spoilt' WHERE h = 'h2'",
        "DELETE FROM own WHERE h = 'h5'",
        "UPDATE whole SET place = 'spoilt' WHERE h = 'h2'");
    Table own =
        ends.tables().stream().filter(table -> table.name().name().equals("own")).findFirst().orElseThrow();
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
