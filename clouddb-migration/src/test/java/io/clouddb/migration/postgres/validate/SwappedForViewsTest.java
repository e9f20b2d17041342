/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.apply.RowKey;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.schema.SequenceValues;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read by its name may have become something else since the catalog was read. */
class SwappedForViewsTest {
  private static void prepare(Ends ends, String... theirs) throws Exception {
    ends.asSuperuser(
        ends.sourceServer(),
        "CREATE TABLE public.ran (who text)",
        "GRANT ALL ON public.ran TO PUBLIC",
        "CREATE ROLE " + stranger(ends),
        "GRANT " + stranger(ends) + " TO " + ends.source().user(),
        "GRANT ALL ON SCHEMA public TO " + stranger(ends),
        "SET ROLE " + stranger(ends),
        "CREATE FUNCTION public.pwn(value text) RETURNS text LANGUAGE plpgsql AS 'BEGIN"
            + " INSERT INTO public.ran VALUES (current_user); RETURN value; END'");
    ends.asSuperuser(ends.sourceServer(), "SET ROLE " + stranger(ends), String.join(";", theirs));
  }

  private static String stranger(Ends ends) {
    return ends.source().user() + "_stranger";
  }

  private static String ran(Ends ends) throws Exception {
    return Ends.query(ends.source(), "SELECT DISTINCT who FROM public.ran");
  }

  private static void compare(Ends ends, List<Table> tables, String key) throws Exception {
    try (Connection source = Validation.connect(ends.source());
        Connection target = Validation.connect(ends.source())) {
      KeyComparison.compare(
          source,
          target,
          tables,
          Map.of(new TableName("public", "t"), Set.of(new RowKey(List.of(key)))));
    } catch (java.sql.SQLException e) {
      // Refused is as good.
    }
  }

  private static void gone(Ends ends) throws Exception {
    ends.asSuperuser(
        ends.sourceServer(),
        "DROP OWNED BY " + stranger(ends) + " CASCADE",
        "DROP ROLE " + stranger(ends));
  }

  @Test
  void aViewInPlaceOfATableRunsNothing() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      prepare(ends, "CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a')");
      try {
        List<Table> tables =
            ends.tables().stream().filter(t -> t.name().name().equals("t")).toList();
        ends.asSuperuser(
            ends.sourceServer(),
            "SET ROLE " + stranger(ends),
            "ALTER TABLE t RENAME TO t_old",
            "CREATE VIEW t AS SELECT ctid, id, public.pwn(v) AS v FROM t_old");

        compare(ends, tables, "1");

        assertThat(ran(ends)).isEmpty();
      } finally {
        gone(ends);
      }
    }
  }

  @Test
  void aViewInPlaceOfASequenceRunsNothing() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      prepare(ends, "CREATE SEQUENCE s");
      try {
        ends.onTarget("CREATE SEQUENCE s");
        ends.asSuperuser(
            ends.sourceServer(),
            "SET ROLE " + stranger(ends),
            "DROP SEQUENCE s",
            "CREATE VIEW s AS SELECT length(public.pwn('a'))::bigint AS last_value,"
                + " true AS is_called");
        try (Connection source = PinnedSession.open(ends.source(), "test");
            Connection target = PinnedSession.open(ends.target(), "test")) {
          SequenceValues.copy(source, target, List.of(new TableName("public", "s")));
        } catch (java.sql.SQLException e) {
          // Refused is as good.
        }
        assertThat(ran(ends)).isEmpty();
      } finally {
        gone(ends);
      }
    }
  }

  /** Made when the query for the rows was prepared already, and the pause has begun. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"e, b", "e[], `{b,a}`"})
  void aCastOfSomebodyElseIsNotUsed(String type, String key) throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      prepare(
          ends,
          "CREATE TYPE e AS ENUM ('a', 'b')",
          "CREATE TABLE t (id " + type + ", n int, PRIMARY KEY (id, n))",
          "INSERT INTO t VALUES ('" + key + "', 1)",
          "CREATE FUNCTION public.evil(value text) RETURNS "
              + type
              + " LANGUAGE plpgsql AS 'BEGIN"
              + " INSERT INTO public.ran VALUES (current_user); RETURN NULL; END'");
      try (Connection source = Validation.connect(ends.source());
          Connection target = Validation.connect(ends.source())) {
        List<Table> tables =
            ends.tables().stream().filter(t -> t.name().name().equals("t")).toList();
        KeyComparison comparison = new KeyComparison(source, target);
        comparison.prepare(tables);
        ends.asSuperuser(
            ends.sourceServer(),
            "SET ROLE " + stranger(ends),
            "CREATE CAST (text AS " + type + ") WITH FUNCTION public.evil(text)");
        List<RowKey> keys = List.of(new RowKey(List.of(key, "1")));

        assertThat(
                comparison
                    .compare(tables, Map.of(tables.get(0).name(), Set.copyOf(keys)))
                    .mismatches())
            .isEmpty();
        assertThat(KeyComparison.rows(source, tables.get(0), keys)).containsOnlyKeys(keys);

        assertThat(ran(ends)).isEmpty();
      } finally {
        gone(ends);
      }
    }
  }

  /** What is escaped in the text of an array and in JSON. */
  @Test
  void aKeyOfATypeOfSomebodysMayHaveAnyText() throws Exception {
    String hostile = "\u0001\n\"\\ {,}' ü\uD83D\uDE00";
    try (Ends ends = Ends.of(16, 16)) {
      String quoted = hostile.replace("'", "''");
      ends.onSource(
          "CREATE TYPE e AS ENUM ('a', '" + quoted + "')",
          "CREATE TABLE t (id e, what text, PRIMARY KEY (id, what))",
          "INSERT INTO t VALUES ('" + quoted + "', '" + quoted + "')");
      try (Connection source = Validation.connect(ends.source())) {
        RowKey key = new RowKey(List.of(hostile, hostile));
        assertThat(KeyComparison.rows(source, ends.tables().get(0), List.of(key)))
            .containsOnlyKeys(key);
      }
    }
  }
}
