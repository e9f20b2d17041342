/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.edgecases;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.report.TableReport;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamesAndCollationsTest {
  private static final String LONG = "\"" + "n".repeat(61) + "é\"";

  private static final List<String> SCHEMA =
      List.of(
          "CREATE SCHEMA \"Sales \"\"EU\"\"\"",
          "CREATE SCHEMA \"select\"",
          "CREATE TABLE \"Sales \"\"EU\"\"\".\"Order.Items\" (\"Id\" int PRIMARY KEY,"
              + " \"a \"\"b\"\" 'c'\" text, \"user\" text, "
              + LONG
              + " text)",
          "CREATE TABLE \"select\".\"table\" (\"from\" int PRIMARY KEY, \"where\" text)",
          "CREATE TABLE \"select\"." + LONG + " (" + LONG + " int PRIMARY KEY)",
          "CREATE TABLE public.\"table\" (\"from\" text PRIMARY KEY)",
          "CREATE TABLE public.\"Table\" (\"From\" serial PRIMARY KEY)",
          "CREATE TABLE \"*\" (id int PRIMARY KEY)",
          "CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2',"
              + " deterministic = false)",
          "CREATE TABLE words (word text COLLATE folded PRIMARY KEY, n int)",
          "CREATE TABLE local_words (word text COLLATE \"en-x-icu\" PRIMARY KEY, n int)",
          "INSERT INTO words SELECT 'Wort ' || i, i FROM generate_series(1, 3000) i",
          "INSERT INTO local_words SELECT x || i, i FROM generate_series(1, 500) i,"
              + " unnest(ARRAY['a', 'Ä', 'z', 'Z', '-', ' ', 'ß']) x",
          "CREATE TYPE pair AS (a int, b text)",
          "CREATE TABLE by_uuid (id uuid PRIMARY KEY, v text)",
          "CREATE TABLE by_bytes (id bytea PRIMARY KEY, v text)",
          "CREATE TABLE by_pair (id pair PRIMARY KEY, v text)",
          "CREATE TABLE by_several (a text, b timestamptz, c numeric, d bool, v text,"
              + " PRIMARY KEY (c, a, d, b))",
          "CREATE TABLE by_text (id text PRIMARY KEY, v text)",
          "CREATE TABLE by_char (id char(5) PRIMARY KEY, v text)",
          "CREATE TABLE never_filled (id int PRIMARY KEY)");

  private static final List<String> ROUND =
      List.of(
          "INSERT INTO \"Sales \"\"EU\"\"\".\"Order.Items\" VALUES ({n}, '{n}', '{n}', '{n}')",
          "UPDATE \"Sales \"\"EU\"\"\".\"Order.Items\" SET \"a \"\"b\"\" 'c'\" = NULL, "
              + LONG
              + " = 'new' WHERE \"Id\" = {n} - 2",
          "INSERT INTO \"select\".\"table\" VALUES ({n}, 'x')",
          "UPDATE \"select\".\"table\" SET \"from\" = -\"from\" WHERE \"from\" = {n} - 3",
          "INSERT INTO \"select\"." + LONG + " VALUES ({n})",
          "INSERT INTO public.\"table\" VALUES ('{n}')",
          "INSERT INTO public.\"Table\" DEFAULT VALUES",
          "INSERT INTO \"*\" VALUES ({n})",
          "UPDATE words SET n = -n, word = upper(word) WHERE word = 'wORT {n}'",
          "DELETE FROM words WHERE word = 'WORT ' || ({n} - 5)::text",
          "INSERT INTO local_words VALUES ('Öl {n}', {n}), ('ol {n}', {n}), ('-x{n}', {n})",
          "DELETE FROM local_words WHERE word IN ('Ä{n}', 'a{n}')",
          "INSERT INTO by_uuid VALUES (md5('{n}')::uuid, '{n}')",
          "UPDATE by_uuid SET v = 'u' WHERE id = md5(({n} - 1)::text)::uuid",
          "INSERT INTO by_bytes VALUES (decode(md5('{n}'), 'hex') || '\\x00'::bytea, '{n}')",
          "UPDATE by_bytes SET v = 'u'"
              + " WHERE id = decode(md5(({n} - 1)::text), 'hex') || '\\x00'::bytea",
          "INSERT INTO by_pair VALUES (ROW({n}, NULL)::pair, '{n}'), (ROW({n}, '')::pair, 'empty')",
          "UPDATE by_pair SET id = ROW(-{n}, 'x')::pair WHERE id = ROW({n} - 1, '')::pair",
          "INSERT INTO by_several VALUES ('a ', 'infinity', {n}.50, true, 'v'),"
              + " ('a', '2020-01-01 00:00+00', {n}.5, true, 'v')",
          "UPDATE by_several SET v = NULL WHERE c = {n} - 0.5 AND a = 'a '",
          "INSERT INTO by_text VALUES ('k{n}', '0'), ('k{n} ', '1'), (' k{n}', '2'), ('K{n}', '3')",
          "UPDATE by_text SET v = 'u' WHERE id = 'k' || ({n} - 1) || ' '",
          "DELETE FROM by_text WHERE id = 'k' || ({n} - 2)",
          "INSERT INTO by_char VALUES ('{n} ', 'v')",
          "UPDATE by_char SET v = 'u' WHERE id = ({n} - 1)::text::char(5)");

  private LiveCase live;

  @BeforeAll
  void migrate(@TempDir Path folder) throws Exception {
    live = LiveCase.migrate(16, 18, true, folder, SCHEMA, ROUND);
  }

  @AfterAll
  void stop() {
    live.close();
  }

  @Test
  void namesOfEveryKindAreKeptApart() throws SQLException {
    live.assertHolds(
        "\"Sales \"\"EU\"\"\".\"Order.Items\"",
        "\"select\".\"table\"",
        "\"select\"." + LONG,
        "public.\"table\"",
        "public.\"Table\"",
        "\"*\"");
    live.assertSame(
        "SELECT string_agg(attrelid::regclass::text || '.' || attname::text, ','"
            + " ORDER BY attrelid::regclass::text, attname)"
            + " FROM (SELECT attrelid, attname FROM pg_attribute a JOIN pg_class c"
            + " ON c.oid = a.attrelid WHERE c.relkind = 'r' AND attnum > 0 AND c.oid >= 16384"
            + " AND relnamespace::regnamespace::text NOT LIKE 'pg%') a");
  }

  @Test
  void keysThatEachServerSortsInItsOwnWayAreNotMixedUp() throws SQLException {
    live.assertHolds("words", "local_words");
    live.assertSame("SELECT count(*) FROM words WHERE word = 'wOrT 2999'");
  }

  @Test
  void keysOfEveryTypeFindTheirRow() throws SQLException {
    live.assertHolds("by_uuid", "by_bytes", "by_pair", "by_several", "by_text", "by_char");
  }

  @Test
  void theReportSaysWhatWasComparedAndHowMuchOfIt() throws SQLException {
    List<TableReport> tables = live.report().tables();
    assertThat(tables)
        .extracting(TableReport::table)
        .contains("public.never_filled", "public.words", "select.table", "public.*")
        .hasSize(
            Integer.parseInt(
                TwoDatabases.ask(
                    live.target(),
                    "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND oid >= 16384"
                        + " AND relnamespace::regnamespace::text NOT LIKE 'pg%'"
                        + " AND relnamespace::regnamespace::text <> 'information_schema'")));
    assertThat(tables)
        .filteredOn(table -> table.table().equals("public.never_filled"))
        .singleElement()
        .satisfies(
            table -> {
              assertThat(table.rowsCopied()).isZero();
              assertThat(table.rowsValidated()).isZero();
            });
    assertThat(tables)
        .filteredOn(table -> table.table().equals("public.local_words"))
        .singleElement()
        .satisfies(
            table -> {
              assertThat(table.rowsCopied()).isGreaterThan(1000);
              assertThat(table.rowsValidated()).isGreaterThan(1000);
            });
    assertThat(live.report().rowsValidated()).isGreaterThan(3000);
  }
}
