/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.copy.UnloggedTables;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.migration.postgres.validate.Repair;
import io.clouddb.migration.postgres.validate.Validation;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Code that the owner of a table adds on the side that is written, when preflight is over. */
class TrustedCodeTest {
  private static String owner(Ends ends) {
    return ends.source().user() + "_owner";
  }

  /**
   * Ends with a table of somebody who is not trusted, and a place where code of his can be seen.
   */
  private interface Scene {
    void play(Ends ends) throws Exception;
  }

  private static void withTable(boolean replicaRole, String persistence, Scene scene)
      throws Exception {
    try (Ends ends = replicaRole ? Ends.withReplicaRole(16, 16) : Ends.of(16, 16)) {
      List<EmbeddedPostgres> servers = List.of(ends.sourceServer(), ends.targetServer());
      for (EmbeddedPostgres server : servers) {
        ends.asSuperuser(
            server,
            "CREATE ROLE " + owner(ends),
            "GRANT " + owner(ends) + " TO " + ends.source().user(),
            "CREATE SCHEMA theirs AUTHORIZATION " + owner(ends),
            "CREATE TABLE public.ran (who text)",
            "GRANT ALL ON public.ran TO PUBLIC",
            "CREATE TABLE public.own (id int PRIMARY KEY)",
            "ALTER TABLE public.own OWNER TO " + ends.source().user(),
            "SET ROLE " + owner(ends),
            "CREATE " + persistence + " TABLE theirs.t (id int PRIMARY KEY)",
            "CREATE FUNCTION theirs.pwn() RETURNS boolean LANGUAGE plpgsql AS"
                + " 'BEGIN RESET ROLE; INSERT INTO public.ran VALUES (current_user);"
                + " RETURN true; END'",
            "CREATE FUNCTION theirs.fire() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN PERFORM theirs.pwn(); RETURN NEW; END'",
            "RESET ROLE",
            "ALTER TABLE public.ran OWNER TO " + ends.source().user());
      }
      try {
        scene.play(ends);
      } finally {
        for (EmbeddedPostgres server : servers) {
          ends.asSuperuser(
              server, "DROP OWNED BY " + owner(ends) + " CASCADE", "DROP ROLE " + owner(ends));
        }
      }
    }
  }

  private static void add(Ends ends, String sql) throws Exception {
    ends.asSuperuser(ends.targetServer(), "SET ROLE " + owner(ends), sql);
  }

  private static void refused(Ends ends, String code, ThrowingCallable writing) throws Exception {
    assertThatThrownBy(writing)
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.CONDITION_FAILED);
              assertThat(e.details().toString()).contains("trustCodeOf(\"" + owner(ends) + "\")");
            })
        .hasMessageContaining(code + " of the role " + owner(ends))
        .hasMessageContaining("\"theirs\".\"t\"");
    assertThat(Ends.query(ends.target(), "SELECT who FROM public.ran")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "true, function theirs.pwn(), ALTER TABLE theirs.t ADD CHECK (theirs.pwn())",
        "false, function theirs.pwn(), ALTER TABLE theirs.t ADD CHECK (theirs.pwn())",
        "true, function theirs.fire(), `CREATE TRIGGER x BEFORE INSERT ON theirs.t FOR EACH ROW"
            + " EXECUTE FUNCTION theirs.fire(); ALTER TABLE theirs.t ENABLE ALWAYS TRIGGER x`",
        "true, function theirs.fire(), `CREATE TRIGGER x AFTER TRUNCATE ON theirs.t"
            + " EXECUTE FUNCTION theirs.fire(); ALTER TABLE theirs.t ENABLE REPLICA TRIGGER x`",
        "false, function theirs.fire(), `CREATE TRIGGER x BEFORE INSERT ON theirs.t FOR EACH ROW"
            + " EXECUTE FUNCTION theirs.fire()`",
        "true, function theirs.pwn(), `CREATE TRIGGER x BEFORE UPDATE ON theirs.t FOR EACH ROW"
            + " WHEN (theirs.pwn()) EXECUTE FUNCTION suppress_redundant_updates_trigger();"
            + " ALTER TABLE theirs.t ENABLE ALWAYS TRIGGER x`",
        "true, rule x, `CREATE RULE x AS ON INSERT TO theirs.t DO ALSO SELECT 1;"
            + " ALTER TABLE theirs.t ENABLE ALWAYS RULE x`",
      })
  void stopsTheApplier(boolean replicaRole, String code, String added) throws Exception {
    withTable(
        replicaRole,
        "",
        ends -> {
          ends.copy(1, 1 << 20);
          // While it is under way, and has not met the table yet.
          try (Applier applier = ends.applier()) {
            ends.onSource("INSERT INTO own VALUES (1)");
            ends.catchUp(applier);
            add(ends, added);
            ends.onSource(
                "BEGIN; INSERT INTO own VALUES (2); INSERT INTO theirs.t VALUES (1); COMMIT");
            refused(ends, code, () -> ends.catchUp(applier));
          }
          // When it begins anew.
          try (Applier applier = ends.applier()) {
            refused(ends, code, () -> ends.catchUp(applier));
          }
          assertThat(
                  Ends.query(
                      ends.target(), "SELECT id FROM public.own UNION ALL SELECT id FROM theirs.t"))
              .isEqualTo("1");

          // When somebody has read it.
          ends.onTarget("ALTER TABLE public.ran RENAME TO was");
          add(
              ends,
              "CREATE OR REPLACE FUNCTION theirs.pwn() RETURNS boolean LANGUAGE sql AS 'SELECT true'");
          try (Applier applier =
              ends.applier(ends.options().trusting(TrustedCode.of(Set.of(owner(ends)))).build())) {
            ends.catchUp(applier);
          }
          assertThat(Ends.query(ends.target(), "SELECT id FROM theirs.t")).isEqualTo("1");
        });
  }

  /** What pg_depend does not tell of, and what only the side that is written has. */
  @Test
  void nothingIsOverlooked() throws Exception {
    withTable(
        false,
        "",
        ends -> {
          add(ends, "ALTER FUNCTION theirs.pwn() IMMUTABLE");
          for (String[] one :
              new String[][] {
                {
                  "function theirs.pwn()",
                  "CREATE STATISTICS theirs.s ON id, (id > 0 AND theirs.pwn()) FROM theirs.t",
                  "DROP STATISTICS theirs.s"
                },
                {
                  "function theirs.pwn()",
                  "ALTER TABLE theirs.t ADD COLUMN more boolean;"
                      + " ALTER TABLE theirs.t ALTER COLUMN more SET DEFAULT theirs.pwn()",
                  "ALTER TABLE theirs.t DROP COLUMN more"
                },
                {
                  "function theirs.pwn()",
                  "CREATE DOMAIN theirs.d AS boolean; ALTER TABLE theirs.t ADD COLUMN more"
                      + " theirs.d; ALTER DOMAIN theirs.d SET DEFAULT theirs.pwn()",
                  "ALTER TABLE theirs.t DROP COLUMN more; DROP DOMAIN theirs.d"
                },
                {
                  "function pg_catalog.set_config(text, text, boolean) in type theirs.d",
                  "CREATE DOMAIN theirs.d AS text; ALTER TABLE theirs.t ADD COLUMN more"
                      + " theirs.d; ALTER DOMAIN theirs.d SET DEFAULT"
                      + " set_config('role', 'none', false)",
                  "ALTER TABLE theirs.t DROP COLUMN more; DROP DOMAIN theirs.d"
                },
                {
                  "function pg_catalog.set_config(text, text, boolean) in constraint back on table"
                      + " theirs.t",
                  "ALTER TABLE theirs.t ADD CONSTRAINT back"
                      + " CHECK (set_config('role', 'none', false) IS NOT NULL)",
                  "ALTER TABLE theirs.t DROP CONSTRAINT back"
                },
                {
                  "function pg_catalog.query_to_xml(query text, nulls boolean, tableforest boolean,"
                      + " targetns text) in trigger x on table theirs.t",
                  "CREATE TRIGGER x BEFORE UPDATE ON theirs.t FOR EACH ROW WHEN (query_to_xml("
                      + "'SELECT theirs.pwn()', true, true, '') IS NOT NULL)"
                      + " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
                  "DROP TRIGGER x ON theirs.t"
                },
                {
                  "view t",
                  "ALTER TABLE theirs.t RENAME TO was;"
                      + " CREATE VIEW theirs.t AS SELECT id FROM theirs.was WHERE theirs.pwn()",
                  "DROP VIEW theirs.t; ALTER TABLE theirs.was RENAME TO t"
                },
              }) {
            add(ends, one[1]);
            try (Connection writing = PinnedSession.openToWrite(ends.target(), "test")) {
              refused(
                  ends, one[0], () -> TrustedCode.of(Set.of()).requireRows(writing, ends.tables()));
              TrustedCode.of(Set.of(owner(ends))).requireRows(writing, ends.tables());
              add(ends, one[2]);
              TrustedCode.of(Set.of()).requireRows(writing, ends.tables());
            }
          }
        });
  }

  /** The planner works out what an immutable function gives for constants, as whoever reads. */
  @Test
  void stopsWhoReads() throws Exception {
    withTable(
        true,
        "",
        ends -> {
          ends.onSource("INSERT INTO theirs.t VALUES (1)");
          ends.copy(1, 1 << 20);
          try (Applier applier = ends.applier()) {
            ends.catchUp(applier);
            for (EmbeddedPostgres server : List.of(ends.targetServer(), ends.sourceServer())) {
              indexLater(ends, server);
              refused(
                  ends,
                  "function theirs.later()",
                  () ->
                      Validation.between(ends.source(), ends.target(), "test")
                          .patience(Ends.PATIENCE)
                          .build()
                          .run(applier, ends.tables()));
              assertThat(Ends.query(ends.source(), "SELECT who FROM public.ran")).isEmpty();
              if (server == ends.targetServer()) {
                ends.asSuperuser(server, "DROP INDEX theirs.later");
              }
            }
          }
        });
  }

  @Test
  void stopsTheCopyBeforeItReads() throws Exception {
    withTable(
        true,
        "",
        ends -> {
          indexLater(ends, ends.sourceServer());
          refused(ends, "function theirs.later()", () -> ends.copy(1, 1 << 20));
          assertThat(Ends.query(ends.source(), "SELECT who FROM public.ran")).isEmpty();
        });
  }

  /** CREATE INDEX itself refuses a function that changes roles. */
  private static void indexLater(Ends ends, EmbeddedPostgres server) throws Exception {
    ends.asSuperuser(
        server,
        "SET ROLE " + owner(ends),
        "CREATE FUNCTION theirs.later() RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS"
            + " 'BEGIN RETURN true; END'",
        "CREATE INDEX later ON theirs.t (id) WHERE theirs.later()",
        "CREATE OR REPLACE FUNCTION theirs.later() RETURNS boolean IMMUTABLE"
            + " LANGUAGE plpgsql AS 'BEGIN RETURN theirs.pwn(); END'");
  }

  /** Then the table is written as the migration's own role, without any RESET ROLE. */
  @Test
  void stopsAtATableThatForcesRowSecurityOnItsOwnerFromNowOn() throws Exception {
    withTable(
        true,
        "",
        ends -> {
          ends.asSuperuser(
              ends.targetServer(), "ALTER ROLE " + ends.target().user() + " BYPASSRLS");
          ends.copy(1, 1 << 20);
          try (Applier applier = ends.applier()) {
            ends.catchUp(applier);
          }
          add(
              ends,
              "ALTER TABLE theirs.t ENABLE ROW LEVEL SECURITY;"
                  + " ALTER TABLE theirs.t FORCE ROW LEVEL SECURITY;"
                  + " ALTER TABLE theirs.t ADD CHECK (theirs.pwn())");
          ends.onSource("INSERT INTO theirs.t VALUES (1)");
          try (Applier applier = ends.applier()) {
            refused(ends, "function theirs.pwn()", () -> ends.catchUp(applier));
          }
        });
  }

  /** In replica role a trigger that is merely enabled does not fire. */
  @Test
  void whatDoesNotFireIsNoReason() throws Exception {
    withTable(
        true,
        "",
        ends -> {
          add(
              ends,
              "CREATE TRIGGER x BEFORE INSERT ON theirs.t FOR EACH ROW"
                  + " EXECUTE FUNCTION theirs.fire()");
          ends.onSource("INSERT INTO theirs.t VALUES (1)");
          ends.copy(1, 1 << 20);
          try (Applier applier = ends.applier()) {
            ends.onSource("INSERT INTO theirs.t VALUES (2)");
            ends.catchUp(applier);
          }
          assertThat(Ends.query(ends.target(), "SELECT count(*) FROM theirs.t")).isEqualTo("2");
          assertThat(Ends.query(ends.target(), "SELECT who FROM public.ran")).isEmpty();
        });
  }

  @Test
  void stopsTheCopyBeforeItEmptiesATable() throws Exception {
    withTable(
        true,
        "",
        ends -> {
          add(
              ends,
              "CREATE TRIGGER x BEFORE TRUNCATE ON theirs.t EXECUTE FUNCTION theirs.fire();"
                  + " ALTER TABLE theirs.t ENABLE ALWAYS TRIGGER x");
          ends.onTarget("INSERT INTO own VALUES (7)");
          refused(ends, "function theirs.fire()", () -> ends.copy(1, 1 << 20));
          assertThat(Ends.query(ends.target(), "SELECT id FROM public.own")).isEqualTo("7");
        });
  }

  @Test
  void stopsTheCopyOfUnloggedTables() throws Exception {
    withTable(
        true,
        "UNLOGGED",
        ends -> {
          List<Table> tables;
          try (Connection source = PinnedSession.open(ends.source(), "test")) {
            tables = Catalog.readUnlogged(source, TableSelection.all());
          }
          ends.onSource("INSERT INTO theirs.t VALUES (1)");
          TrustedCode nobodys = TrustedCode.of(Set.of());
          try (UnloggedTables copy =
              UnloggedTables.open(ends.source(), ends.target(), tables, "test", nobodys)) {
            add(ends, "ALTER TABLE theirs.t ADD CHECK (theirs.pwn())");
            refused(ends, "function theirs.pwn()", copy::copy);
          }
          refused(
              ends,
              "function theirs.pwn()",
              () -> UnloggedTables.copy(ends.source(), ends.target(), tables, "test", nobodys));
          assertThat(Ends.query(ends.target(), "SELECT id FROM theirs.t")).isEmpty();
        });
  }

  @Test
  void stopsARepair() throws Exception {
    withTable(
        true,
        "",
        ends -> {
          ends.onSource("INSERT INTO theirs.t VALUES (1), (2)");
          ends.copy(1, 1 << 20);
          try (Applier applier = ends.applier()) {
            ends.catchUp(applier);
            ends.onTarget("DELETE FROM theirs.t WHERE id = 1");
            add(ends, "ALTER TABLE theirs.t ADD CHECK (theirs.pwn()) NOT VALID");
            Repair.Builder repair =
                Repair.between(ends.source(), ends.target(), "test").patience(Ends.PATIENCE);
            refused(
                ends, "function theirs.pwn()", () -> repair.build().run(applier, ends.tables()));
            assertThat(Ends.query(ends.target(), "SELECT id FROM theirs.t")).isEqualTo("2");
          }
        });
  }

  @Test
  void theSessionKeepsItsMemory() throws Exception {
    withTable(
        true,
        "",
        ends -> {
          try (Connection connection = PinnedSession.openForBatches(ends.target(), "test");
              Statement statement = connection.createStatement()) {
            statement.execute("SET work_mem = '7MB'");
            TrustedCode.of(Set.of()).require(connection, List.of(new TableName("theirs", "t")));
            try (ResultSet row = statement.executeQuery("SHOW work_mem")) {
              row.next();
              assertThat(row.getString(1)).isEqualTo("7MB");
            }
          }
        });
  }
}
