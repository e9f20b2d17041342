/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.edgecases;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.TwoDatabases;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two ends that write the same values in other ways: text in another encoding; dates, numbers,
 * bytes and names by other settings of the roles and the databases.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class EncodingsTest {
  private static final List<String> SCHEMA =
      List.of(
          "CREATE TYPE stärke AS ENUM ('süß', 'heiß')",
          "CREATE DOMAIN wort AS text CHECK (VALUE <> 'Ä')",
          "CREATE TABLE größen (id int PRIMARY KEY, länge text DEFAULT 'ä', wie stärke, w wort,"
              + " fest char(6), kurz varchar(5), j jsonb, js json, dokument xml, namen text[],"
              + " groß text GENERATED ALWAYS AS (länge || 'é') STORED)",
          "ALTER TABLE größen ALTER länge SET STORAGE EXTERNAL",
          "CREATE INDEX größen_länge ON größen (md5(länge)) WHERE länge <> 'ü'",
          "COMMENT ON TABLE größen IS 'Größen: ÄÖÜ'",
          "CREATE VIEW übersicht AS SELECT id, 'ß' || kurz AS \"kürzer\" FROM größen",
          "CREATE FUNCTION grüße() RETURNS text LANGUAGE sql AS $$ SELECT 'Grüße' $$",
          "CREATE TABLE nach_wort (wort text PRIMARY KEY, n int)",
          "CREATE TABLE ohne_schlüssel (a text, b char(3))",
          "ALTER TABLE ohne_schlüssel REPLICA IDENTITY FULL",
          "CREATE TABLE momente (id int PRIMARY KEY, t timestamptz, d date, i interval, f float8,"
              + " r float4, b bytea, m money, c regclass, a float8[], n numeric, x xml)",
          "INSERT INTO größen (id, länge, wie, w, fest, kurz, j, namen) SELECT -i,"
              + " repeat('éà' || i, 3000), 'süß', 'ÿ', 'ñ', 'öäüßÿ', '{\"ß\": \"é\"}',"
              + " ARRAY['Ü', NULL, ''] FROM generate_series(1, 20) i",
          "INSERT INTO nach_wort SELECT 'Wörter ' || i, i FROM generate_series(1, 2000) i",
          "INSERT INTO ohne_schlüssel SELECT 'ß', 'ü' FROM generate_series(1, 5)",
          "INSERT INTO momente SELECT -i, '2024-03-04 05:06:07.89+00', '2024-03-04', '-1 mon 2 days',"
              + " 0.1 + 0.2, 0.1::float4 / 3, '\\x005c27ff', 12.5::numeric::money, 'nach_wort',"
              + " ARRAY[1e-300, 0.1 + 0.7], 1.0, '<a/>' FROM generate_series(1, 20) i");

  private static final List<String> ROUND =
      List.of(
          "INSERT INTO größen (id, länge, wie, w, fest, kurz, j, js, dokument, namen) VALUES ({n},"
              + " 'Länge {n} ÀÉ', 'heiß', 'wört', 'é{n}', 'ü', '{\"ä\": [\"ö\"]}', '{\"ä\" : 1}',"
              + " '<ü>é</ü>', ARRAY['ñ{n}'])",
          "UPDATE größen SET kurz = 'ß{n}' WHERE id = {n} - 2",
          "UPDATE größen SET kurz = 'neu' WHERE id = -1 - {n} % 20",
          "DELETE FROM größen WHERE id = {n} - 9",
          "UPDATE nach_wort SET wort = 'geändert {n}' WHERE wort = 'Wörter {n}'",
          "UPDATE nach_wort SET n = -n WHERE wort = 'geändert ' || ({n} - 1)",
          "DELETE FROM nach_wort WHERE wort = 'geändert ' || ({n} - 3)",
          "INSERT INTO ohne_schlüssel VALUES ('ß', 'ü'), ('{n}é', 'ö')",
          "UPDATE ohne_schlüssel SET a = 'Ä' WHERE a = ({n} - 1) || 'é'",
          "DELETE FROM ohne_schlüssel WHERE a = 'Ä' AND b = 'ö'",
          "INSERT INTO momente VALUES ({n}, '2024-10-27 00:30:00+00', '1999-12-31', '1 day 25:00',"
              + " {n} / 3.0::float8, {n} / 7.0::float4, decode('00ff5c', 'hex'),"
              + " 3.25::numeric::money, 'momente', ARRAY[{n} / 9.0::float8, NULL], {n}.10, 'text')",
          "UPDATE momente SET t = t + '1 s', i = i * 2, m = m * 2, f = -f WHERE id = {n} - 1",
          "UPDATE momente SET b = b || '\\x27'::bytea WHERE id = -1 - {n} % 20");

  /** By which a session writes values in other ways, or is ended, or sees and does less. */
  private static final List<String> SETTINGS =
      List.of(
          "DateStyle = 'German, DMY'",
          "IntervalStyle = 'sql_standard'",
          "TimeZone = 'Asia/Kathmandu'",
          "extra_float_digits = -5",
          "bytea_output = 'escape'",
          "quote_all_identifiers = on",
          "statement_timeout = '900ms'",
          "lock_timeout = '10ms'",
          "idle_in_transaction_session_timeout = '700ms'",
          "default_transaction_isolation = 'serializable'",
          "default_transaction_read_only = on",
          "array_nulls = off",
          "xmloption = 'document'",
          "standard_conforming_strings = off",
          "backslash_quote = on",
          "check_function_bodies = on",
          "client_min_messages = 'error'",
          "synchronous_commit = off");

  private LiveCase live;

  @BeforeAll
  void migrate(@TempDir Path folder) throws Exception {
    TwoDatabases both = TwoDatabases.start(15, 17, false);
    both.recreate("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    List<String> schema = new ArrayList<>(SCHEMA);
    schema.add("GRANT ALL ON ALL TABLES IN SCHEMA public TO shop_app");
    // After it, since the owner's own sessions write nothing any more then.
    for (String setting : SETTINGS) {
      schema.add("ALTER ROLE CURRENT_USER IN DATABASE shop SET " + setting);
    }
    for (String setting : SETTINGS) {
      String other = setting.replace("German, DMY", "SQL, MDY").replace("Kathmandu", "Tokyo");
      TwoDatabases.run(
          both.targetServer.superuser(), "ALTER ROLE target_admin IN DATABASE shop SET " + other);
    }
    live = LiveCase.migrate(both, folder, schema, ROUND);
    TwoDatabases.run(
        both.targetServer.superuser(), "ALTER ROLE target_admin IN DATABASE shop RESET ALL");
  }

  @AfterAll
  void stop() {
    live.close();
  }

  @Test
  @DisplayName("Text is converted from the source's encoding, in rows, keys, names and definitions")
  void textIsConverted() throws SQLException {
    live.assertHolds("größen", "nach_wort", "ohne_schlüssel");
    live.assertSame("SELECT grüße() || obj_description('größen'::regclass)");
    live.assertSame("SELECT string_agg(\"kürzer\", ',' ORDER BY id) FROM übersicht");
    live.assertSame("SELECT pg_get_indexdef('größen_länge'::regclass)");
    live.assertSame("SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum");
    assertThat(TwoDatabases.ask(live.target(), "SELECT octet_length(w) FROM größen WHERE id = -15"))
        .isEqualTo("2");
  }

  @Test
  @DisplayName("Settings of roles by which values are written otherwise change none of them")
  void settingsOfRolesChangeNoValue() throws SQLException {
    live.assertHolds("momente");
  }
}
