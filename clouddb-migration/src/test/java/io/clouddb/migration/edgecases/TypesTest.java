/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.edgecases;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every value is copied, inserted, updated and deleted while the migration runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TypesTest {
  /** By table: its type, then values of it. */
  private static final Map<String, List<String>> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put(
        "exact",
        List.of(
            "numeric",
            "'NaN'",
            "'Infinity'",
            "'-Infinity'",
            "1.0",
            "1.00",
            "'1e-1000'",
            "repeat('9', 3000)::numeric",
            "-0.000"));
    VALUES.put(
        "double_one",
        List.of(
            "float8", "'-0'", "'NaN'", "'-Infinity'", "0.1", "1.7976931348623157e308", "5e-324"));
    VALUES.put("single_one", List.of("float4", "'-0'", "'NaN'", "0.1", "3.4e38", "1e-45"));
    VALUES.put(
        "moment",
        List.of(
            "timestamptz",
            "'infinity'",
            "'-infinity'",
            "'4713-01-01 00:00:00 BC'",
            "'294276-12-31 23:59:59.999999+00'",
            "'2024-03-31 02:30:00 Europe/Berlin'"));
    VALUES.put("local_moment", List.of("timestamp", "'infinity'", "'0001-01-01 00:00:00 BC'"));
    VALUES.put("day", List.of("date", "'infinity'", "'4713-11-24 BC'", "'5874897-12-31'"));
    VALUES.put("clock", List.of("time", "'24:00:00'", "'00:00:00.000001'"));
    VALUES.put("zoned_clock", List.of("timetz", "'24:00:00+14'", "'12:00:00-15:59:59'"));
    VALUES.put("span", List.of("interval", "'1 day'", "'24:00:00'", "'-178000000 years'"));
    VALUES.put("list", List.of("int[]", "'{}'", "'{1,NULL}'", "'[0:1][2:3]={{1,2},{3,NULL}}'"));
    VALUES.put("texts", List.of("text[]", "ARRAY['', 'NULL', NULL, 'a,\"b\\', '{}']"));
    VALUES.put("feeling", List.of("mood", "'sad'", "'o''k, \"fine\"'", "'between'"));
    VALUES.put("feelings", List.of("mood[]", "'{sad,NULL,between}'"));
    VALUES.put("even_one", List.of("even", "2", "-4"));
    VALUES.put("two", List.of("pair", "'(1,)'::pair", "'(,)'::pair", "ROW(2, 'x,\"()')::pair"));
    VALUES.put("twos", List.of("pair[]", "ARRAY[ROW(1, 'a')::pair, NULL]"));
    VALUES.put("span_of", List.of("tstzrange", "'empty'", "'[\"2020-01-01 00:00+00\",infinity)'"));
    VALUES.put("own_span", List.of("floatrange", "'[-0,1.5)'", "'(,)'"));
    VALUES.put("spans", List.of("int4multirange", "'{}'", "'{[1,3),[5,9)}'"));
    VALUES.put("store", List.of("hstore", "'a=>1, \"B b\"=>NULL'", "''"));
    VALUES.put("folded", List.of("citext", "'MiXed'", "''"));
    VALUES.put("address", List.of("inet", "'::1'", "'10.0.0.1/8'", "'10.0.0.1'"));
    VALUES.put("document", List.of("xml", "'<a b=\"1\">ü</a>'", "'text only'"));
    VALUES.put("words", List.of("tsvector", "'''a b'':1A,2 c'", "''"));
    VALUES.put("bits", List.of("bit varying", "B''", "B'010'"));
    VALUES.put(
        "json_text",
        List.of("json", "'null'", "'{\"b\": 1, \"a\": 1.0, \"b\": 2}'", "' [1e400] '"));
    VALUES.put(
        "json_tree",
        List.of(
            "jsonb", "'null'", "'{\"b\": 1, \"a\": 1.00}'", "'123456789012345678901234567890.10'"));
    VALUES.put(
        "bytes",
        List.of("bytea", "''", "'\\x00ff00'", "decode(repeat('00ff5c27', 500000), 'hex')"));
    VALUES.put(
        "characters",
        List.of("text", "''", "'grüße 😀'", "E'\\\\N\\t\\r\\n\\\\.'", "repeat('é', 9000)"));
    VALUES.put("padded", List.of("char(4)", "'a'", "''", "' b'"));
    VALUES.put("number_of", List.of("oid", "4294967295", "0"));
  }

  private LiveCase live;

  @BeforeAll
  void migrate(@TempDir Path folder) throws Exception {
    List<String> schema = new ArrayList<>();
    schema.add("CREATE EXTENSION hstore");
    schema.add("CREATE EXTENSION citext");
    schema.add("CREATE TYPE mood AS ENUM ('sad', 'o''k, \"fine\"')");
    schema.add("ALTER TYPE mood ADD VALUE 'between' AFTER 'sad'");
    schema.add("CREATE DOMAIN even AS int CHECK (VALUE % 2 = 0)");
    schema.add("CREATE TYPE pair AS (a int, b text)");
    schema.add("CREATE TYPE floatrange AS RANGE (subtype = float8)");
    List<String> round = new ArrayList<>();
    VALUES.forEach(
        (table, values) -> {
          schema.add("CREATE TABLE " + table + " (id int PRIMARY KEY, v " + values.get(0) + ")");
          int count = values.size();
          schema.add("INSERT INTO " + table + " VALUES (-" + count + ", NULL)");
          for (int i = 1; i < count; i++) {
            schema.add("INSERT INTO " + table + " VALUES (-" + i + ", " + values.get(i) + ")");
          }
          // One value a round, in turn; the one before becomes NULL and that before goes.
          for (int i = 1; i < count; i++) {
            round.add(
                "INSERT INTO "
                    + table
                    + " SELECT {n}, "
                    + values.get(i)
                    + " WHERE {n} % "
                    + (count - 1)
                    + " = "
                    + (i - 1));
          }
          round.add("UPDATE " + table + " SET v = NULL WHERE id = {n} - 20");
          round.add(
              "UPDATE "
                  + table
                  + " SET v = (SELECT w.v FROM "
                  + table
                  + " w WHERE w.id = -1 - {n} % "
                  + count
                  + ") WHERE id = {n} - 10");
          round.add("DELETE FROM " + table + " WHERE id = {n} - 30");
        });
    live = LiveCase.migrate(15, 17, true, folder, schema, round);
  }

  @AfterAll
  void stop() {
    live.close();
  }

  @Test
  void numbersKeepTheirScaleTheirSignAndWhatIsNone() throws SQLException {
    live.assertHolds("exact", "double_one", "single_one", "number_of");
    live.assertSame(
        "SELECT string_agg(encode(float8send(v), 'hex'), ',' ORDER BY id) FROM double_one");
    live.assertSame(
        "SELECT string_agg(encode(float4send(v), 'hex'), ',' ORDER BY id) FROM single_one");
  }

  @Test
  void timesKeepInfinityFarYearsAndZones() throws SQLException {
    live.assertHolds("moment", "local_moment", "day", "clock", "zoned_clock", "span");
  }

  @Test
  void bitsAreNoNumbersAndEnumsKeepTheirOrder() throws SQLException {
    live.assertHolds("bits", "feeling");
    live.assertSame(
        "SELECT string_agg(v::text, ',' ORDER BY v, id) FROM feeling WHERE id BETWEEN -9 AND -1");
  }

  @Test
  void valuesThatHoldValuesKeepTheirShapeAndTheirNulls() throws SQLException {
    live.assertHolds("list", "texts", "feelings", "even_one", "two", "twos");
    live.assertHolds("span_of", "own_span", "spans");
    live.assertHolds("store", "folded", "address", "document", "words");
  }

  @Test
  void jsonNullIsNotNullAndNumbersAndOrderStay() throws SQLException {
    live.assertHolds("json_text", "json_tree");
    live.assertSame(
        "SELECT count(*) FILTER (WHERE v IS NULL) || ' ' || count(*) FILTER (WHERE v = 'null')"
            + " FROM json_tree");
  }

  @Test
  void bytesAndCharactersStayAsTheyAre() throws SQLException {
    live.assertHolds("bytes", "characters", "padded");
    live.assertSame(
        "SELECT string_agg(octet_length(v)::text, ',' ORDER BY id) FROM bytes WHERE v IS NOT NULL");
  }
}
