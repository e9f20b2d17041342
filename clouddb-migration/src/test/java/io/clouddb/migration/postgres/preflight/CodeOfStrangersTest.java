/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.schema.SchemaTransfer;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a role that may create objects can have preflight run, or overlook. */
class CodeOfStrangersTest {
  private static void role(Ends ends) throws Exception {
    for (EmbeddedPostgres server : List.of(ends.sourceServer(), ends.targetServer())) {
      ends.asSuperuser(
          server,
          "CREATE ROLE " + stranger(ends),
          "GRANT " + stranger(ends) + " TO " + ends.source().user(),
          "GRANT ALL ON SCHEMA public TO " + stranger(ends),
          "GRANT CREATE ON DATABASE " + ends.source().database() + " TO " + stranger(ends));
    }
  }

  private static void gone(Ends ends) throws Exception {
    for (EmbeddedPostgres server : List.of(ends.sourceServer(), ends.targetServer())) {
      ends.asSuperuser(
          server, "DROP OWNED BY " + stranger(ends) + " CASCADE", "DROP ROLE " + stranger(ends));
    }
  }

  private static String stranger(Ends ends) {
    return ends.source().user() + "_stranger";
  }

  private static List<Finding> check(Ends ends) {
    return Preflight.check(
        ends.source(), ends.target(), TableSelection.all(), PreflightOptions.defaults());
  }

  /** The server works out at once what an immutable function gives for constants. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE t (id int PRIMARY KEY, CHECK (public.pure(1) > 0))",
        "CREATE DOMAIN d AS int CHECK (public.pure(1) > 0);"
            + " CREATE TABLE t (id int PRIMARY KEY, d d)",
        "CREATE TABLE t (id int PRIMARY KEY, g int GENERATED ALWAYS AS (id + public.pure(1)) STORED)",
        "CREATE TABLE t (id int NOT NULL) PARTITION BY RANGE ((id + public.pure(1)))",
        "CREATE TABLE t (id int PRIMARY KEY); CREATE INDEX ON t (id) WHERE public.pure(1) > 0",
      })
  void preflightRunsNoCodeOfOthersAsTheMigration(String made) throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      role(ends);
      try {
        // A sequence keeps what it was though the transaction is rolled back.
        ends.onTarget(
            "CREATE SCHEMA spy",
            "CREATE SEQUENCE spy.ran",
            "GRANT USAGE ON SCHEMA spy TO PUBLIC",
            "GRANT ALL ON SEQUENCE spy.ran TO PUBLIC");
        List<String> sql = new ArrayList<>();
        sql.add("SET ROLE " + stranger(ends));
        sql.add(
            "CREATE FUNCTION public.pure(value int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                + " 'BEGIN IF current_user = ''"
                + ends.target().user()
                + "'' AND to_regclass(''spy.ran'') IS NOT NULL THEN"
                + " PERFORM nextval(''spy.ran''); END IF; RETURN value; END'");
        sql.add(made);
        ends.asSuperuser(ends.sourceServer(), sql.toArray(String[]::new));

        Preflight.check(
            ends.source(),
            ends.target(),
            TableSelection.of("public.*"),
            PreflightOptions.defaults());

        assertThat(Ends.query(ends.target(), "SELECT is_called::text FROM spy.ran"))
            .isEqualTo("false");
      } finally {
        gone(ends);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE DOMAIN d AS int CHECK (public.pure(VALUE) > 0); CREATE TYPE c AS (x d);"
            + " CREATE TABLE t (id int PRIMARY KEY, c c)",
        "CREATE DOMAIN d AS int CHECK (public.pure(VALUE) > 0); CREATE TYPE c AS (x d[]);"
            + " CREATE TABLE t (id int PRIMARY KEY, c c[])",
        // Of a trusted extension, which whoever may create in the database can own.
        "CREATE TABLE t (id int PRIMARY KEY, CHECK (public.pure(id) > 0));"
            + " CREATE EXTENSION citext; ALTER EXTENSION citext ADD FUNCTION public.pure(int)",
      })
  void codeThatRunsWhenRowsAreWrittenIsFound(String made) throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      role(ends);
      try {
        ends.asSuperuser(
            ends.sourceServer(),
            "SET ROLE " + stranger(ends),
            "CREATE FUNCTION public.pure(value int) RETURNS int IMMUTABLE LANGUAGE sql AS"
                + " 'SELECT 1'",
            made);

        assertThat(check(ends))
            .filteredOn(finding -> finding.code().equals("source.code"))
            .extracting(Finding::object)
            .containsExactly("public.pure(integer)");
      } finally {
        gone(ends);
      }
    }
  }

  /**
   * Built-in functions are no dependency that the server notes, and some run what they are given;
   * nor does it note what it looks up when it plans or runs an expression.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "constraint t_check on table public.t"
            + " | CHECK (query_to_xml('SELECT public.pure(1)', true, true, '') IS NOT NULL)",
        "constraint t_check on table public.t"
            + " | CHECK (set_config('role', 'none', false) = 'none')",
        "constraint t_check on table public.t | CHECK (pg_input_is_valid('1', 'public.d'))",
        "constraint t_check on table public.t"
            + " | CHECK (array_in('{1}'::cstring, 'public.d'::text::regtype, -1) IS NOT NULL)",
        "constraint t_check on table public.t"
            + " | CHECK (schema_to_xml('public', true, true, '') IS NOT NULL)",
        "constraint c_check | x public.c",
        "operator public.&&&(tsquery,text) | CHECK ('a' OPERATOR(public.&&&) 'b' IS NOT NULL)",
        "public.as_json(public.e) | x public.e CHECK (to_json(x) IS NOT NULL)",
        "public.as_number(public.e) | x public.e REFERENCES public.other",
        "public.pure(integer) | CHECK (JSON_VALUE('5'::jsonb, '$' RETURNING public.n) > 0)",
        "public.differ(integer,integer) | CHECK (NOT id OPERATOR(public.===) 0)",
      })
  void whatTheServerNotesAsNoDependencyIsFound(String object, String part) throws Exception {
    int version = part.contains("JSON_VALUE") ? 17 : 16;
    try (Ends ends = Ends.of(version, version)) {
      role(ends);
      try {
        ends.asSuperuser(
            ends.sourceServer(),
            "SET ROLE " + stranger(ends),
            "CREATE FUNCTION public.pure(value int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE DOMAIN public.c AS text CONSTRAINT c_check CHECK (ts_rewrite('a', VALUE) IS NOT"
                + " NULL)",
            "CREATE DOMAIN public.d AS int",
            "CREATE DOMAIN public.n AS int CHECK (public.pure(VALUE) > 0)",
            "CREATE TYPE public.e AS ENUM ('a')",
            "CREATE FUNCTION public.as_json(public.e) RETURNS json LANGUAGE sql AS"
                + " 'SELECT NULL::json'",
            "CREATE CAST (public.e AS json) WITH FUNCTION public.as_json",
            "CREATE FUNCTION public.as_number(public.e) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE CAST (public.e AS int) WITH FUNCTION public.as_number AS IMPLICIT",
            "CREATE FUNCTION public.differ(int, int) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            "CREATE OPERATOR public.=== (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int)",
            "CREATE OPERATOR public.!=== (FUNCTION = public.differ, LEFTARG = int, RIGHTARG = int,"
                + " NEGATOR = OPERATOR(public.===))",
            "CREATE OPERATOR public.&&& (FUNCTION = ts_rewrite, LEFTARG = tsquery, RIGHTARG = text)",
            "CREATE TABLE public.other (id int PRIMARY KEY)",
            "CREATE TABLE public.t (id int PRIMARY KEY, " + part + ")");

        assertThat(check(ends))
            .filteredOn(finding -> finding.code().equals("source.code"))
            .filteredOn(finding -> finding.severity() == Severity.ERROR)
            // Domains are found without their tables, too.
            .filteredOn(finding -> finding.message().contains("\"public\".\"t\""))
            .extracting(Finding::object)
            .contains(object);
      } finally {
        gone(ends);
      }
    }
  }

  /** What keeps the owner of a table from writing to it keeps the migration, which acts as him. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "REVOKE USAGE ON SCHEMA s FROM %s",
        "REVOKE INSERT ON s.t FROM %s",
        "ALTER TABLE s.t ENABLE ROW LEVEL SECURITY; ALTER TABLE s.t FORCE ROW LEVEL SECURITY"
      })
  void anOwnerWhoMayNotWriteIsFoundBeforeTheCopy(String lost) throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      role(ends);
      try {
        for (EmbeddedPostgres server : List.of(ends.sourceServer(), ends.targetServer())) {
          ends.asSuperuser(server, "ALTER ROLE " + ends.source().user() + " BYPASSRLS");
        }
        String[] sql = {
          "CREATE SCHEMA s AUTHORIZATION " + ends.source().user(),
          "GRANT ALL ON SCHEMA s TO " + stranger(ends),
          "SET ROLE " + stranger(ends),
          "CREATE TABLE s.t (id int PRIMARY KEY)",
          "RESET ROLE",
          lost.formatted(stranger(ends)),
        };
        ends.asSuperuser(ends.sourceServer(), sql);

        if (check(ends).stream().noneMatch(f -> f.severity() == Severity.ERROR)) {
          SchemaTransfer transfer =
              SchemaTransfer.of(ends.source(), ends.target(), TableSelection.all());
          transfer.beforeData();
          ends.copy(1, 1 << 20);
          transfer.finish();
          try (Applier applier = ends.applier()) {
            ends.asSuperuser(ends.sourceServer(), "INSERT INTO s.t VALUES (1)");
            ends.catchUp(applier);
            assertThat(ends.differences()).isEmpty();
          }
        }
      } finally {
        gone(ends);
      }
    }
  }

  /** Rows are written with the names of types; a target may have been prepared by somebody. */
  @Test
  void anOwnerWhoMayNotNameATypeIsFound() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      role(ends);
      try {
        for (EmbeddedPostgres server : List.of(ends.sourceServer(), ends.targetServer())) {
          ends.asSuperuser(
              server,
              "CREATE SCHEMA kinds AUTHORIZATION " + ends.source().user(),
              "CREATE DOMAIN kinds.number AS int",
              "CREATE TABLE public.t (id int PRIMARY KEY, n kinds.number)",
              "ALTER TABLE public.t OWNER TO " + stranger(ends));
        }

        assertThat(check(ends))
            .filteredOn(finding -> finding.code().endsWith(".owner-rights"))
            .allSatisfy(
                finding ->
                    assertThat(finding.remedy())
                        .contains("GRANT USAGE ON SCHEMA kinds TO \"" + stranger(ends) + "\""))
            .extracting(finding -> finding.code() + " " + finding.severity())
            .containsExactlyInAnyOrder("source.owner-rights ERROR", "target.owner-rights WARNING");
      } finally {
        gone(ends);
      }
    }
  }

  @Test
  void theOwnerOfAPartitionMayBeAnother() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      role(ends);
      try {
        ends.onSource(
            "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)",
            "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
            "ALTER TABLE p ADD CONSTRAINT few CHECK (id < 1000)");
        ends.asSuperuser(ends.sourceServer(), "ALTER TABLE p OWNER TO " + stranger(ends));
        assertThat(check(ends)).filteredOn(f -> f.severity() == Severity.ERROR).isEmpty();
        SchemaTransfer transfer =
            SchemaTransfer.of(ends.source(), ends.target(), TableSelection.all());
        transfer.beforeData();
        transfer.afterData();
      } finally {
        gone(ends);
      }
    }
  }
}
