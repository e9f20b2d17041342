/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.preflight.Finding;
import io.clouddb.migration.postgres.preflight.Preflight;
import io.clouddb.migration.postgres.preflight.PreflightOptions;
import io.clouddb.migration.postgres.preflight.Severity;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code of somebody who is not trusted, in places where the question whose it is does not look. */
@Tag("slow")
class OverlookedCodeTest {
  private static String owner(Ends ends) {
    return ends.source().user() + "_owner";
  }

  private interface Scene {
    void play(Ends ends) throws Exception;
  }

  /** The owner has a schema of his own name, as "$user" in the default search path means it. */
  private static void withOwner(int version, boolean replicaRole, Scene scene) throws Exception {
    try (Ends ends =
        replicaRole ? Ends.withReplicaRole(version, version) : Ends.of(version, version)) {
      List<EmbeddedPostgres> servers = List.of(ends.sourceServer(), ends.targetServer());
      for (EmbeddedPostgres server : servers) {
        ends.asSuperuser(
            server,
            "CREATE ROLE " + owner(ends),
            "GRANT " + owner(ends) + " TO " + ends.source().user(),
            "GRANT CREATE ON DATABASE " + ends.source().database() + " TO " + owner(ends),
            "CREATE SCHEMA " + owner(ends) + " AUTHORIZATION " + owner(ends),
            "GRANT USAGE ON SCHEMA " + owner(ends) + " TO PUBLIC",
            "CREATE TABLE public.ran (who text)",
            "GRANT ALL ON public.ran TO PUBLIC",
            "CREATE TABLE public.own (id int PRIMARY KEY)",
            "ALTER TABLE public.own OWNER TO " + ends.source().user(),
            "SET ROLE " + owner(ends),
            "CREATE TABLE t (id int PRIMARY KEY)",
            "CREATE FUNCTION "
                + owner(ends)
                + ".pwn() RETURNS boolean LANGUAGE plpgsql AS"
                + " 'BEGIN RESET ROLE; INSERT INTO public.ran VALUES (current_user);"
                + " RETURN true; END'",
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

  /** Applies a row of each table after the owner did something on the target. */
  private static void runsNothing(Ends ends, String... added) throws Exception {
    ends.copy(1, 1 << 20);
    try (Applier applier = ends.applier()) {
      ends.catchUp(applier);
      String[] sql = new String[added.length + 1];
      sql[0] = "SET ROLE " + owner(ends);
      for (int i = 0; i < added.length; i++) {
        sql[i + 1] = added[i].replace("OWNER", owner(ends));
      }
      ends.asSuperuser(ends.targetServer(), sql);
      ends.asSuperuser(
          ends.sourceServer(),
          "INSERT INTO " + owner(ends) + ".t VALUES (1)",
          "INSERT INTO public.own VALUES (1)");
      assertThatThrownBy(() -> ends.catchUp(applier))
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("whose owner is not trusted");
    }
    assertThat(Ends.query(ends.target(), "SELECT DISTINCT who FROM public.ran")).isEmpty();
  }

  /** Whether rows may be written to the target's tables of the source's names. */
  private static void look(Ends ends, String... trusted) throws Exception {
    try (Connection writing = PinnedSession.openToWrite(ends.target(), "test")) {
      TrustedCode.of(Set.of(trusted)).requireRows(writing, ends.tables());
    }
  }

  private static void asOwner(Ends ends, String sql) throws Exception {
    ends.asSuperuser(
        ends.targetServer(), "SET ROLE " + owner(ends), sql.replace("OWNER", owner(ends)));
  }

  /** On 14 the copies of a trigger are internal ones. */
  @ParameterizedTest
  @ValueSource(ints = {14, 16})
  void aTriggerOfAPartitionIsOfWhoMadeTheFirst(int version) throws Exception {
    withOwner(
        version,
        false,
        ends -> {
          asOwner(ends, "CREATE TABLE OWNER.parts (id int NOT NULL) PARTITION BY RANGE (id)");
          asOwner(
              ends,
              "CREATE TRIGGER x AFTER INSERT ON OWNER.parts FOR EACH ROW WHEN (query_to_xml("
                  + "'SELECT OWNER.pwn()', true, true, '') IS NULL)"
                  + " EXECUTE FUNCTION suppress_redundant_updates_trigger()");
          look(ends);
          ends.asSuperuser(
              ends.targetServer(),
              "ALTER TABLE " + owner(ends) + ".parts ATTACH PARTITION public.own DEFAULT");
          assertThatThrownBy(() -> look(ends))
              .hasMessageContaining("query_to_xml")
              .hasMessageContaining("in trigger x on table " + owner(ends) + ".parts of the role")
              .hasMessageContaining("\"public\".\"own\"");
          look(ends, owner(ends));
        });
  }

  @Test
  void aTriggerThatAnybodyMayHaveMadeIsOfNobody() throws Exception {
    withOwner(
        16,
        false,
        ends -> {
          ends.asSuperuser(
              ends.targetServer(),
              "CREATE TRIGGER x BEFORE INSERT ON public.own FOR EACH ROW WHEN (set_config("
                  + "'role', 'none', false) IS NULL)"
                  + " EXECUTE FUNCTION suppress_redundant_updates_trigger()");
          look(ends);
          ends.asSuperuser(ends.targetServer(), "GRANT TRIGGER ON public.own TO PUBLIC");
          assertThatThrownBy(() -> look(ends)).hasMessageContaining("trustCodeOf(\"public\")");
          look(ends, "public");
        });
  }

  /** It fires always, on everybody's tables, and is volatile. */
  @Test
  void theFenceIsNoReason() throws Exception {
    withOwner(
        16,
        true,
        ends -> {
          WriteFence fence = new WriteFence("test", List.of(new TableName(owner(ends), "t")));
          try (Connection connection = PinnedSession.open(ends.target(), "test")) {
            fence.prepare(connection, "there");
            fence.raise(connection, Duration.ofSeconds(10));
            look(ends);
            fence.release(connection);
          }
        });
  }

  /** What names all that it calls, by itself or by a path of its own, does what its author says. */
  @Test
  void anHonestFunctionOfAnAdministratorIsNoReason() throws Exception {
    withOwner(
        16,
        true,
        ends -> {
          ends.asSuperuser(
              ends.targetServer(),
              "CREATE EXTENSION citext",
              "CREATE FUNCTION public.low(int) RETURNS boolean IMMUTABLE LANGUAGE sql"
                  + " RETURN $1 < 9",
              "CREATE FUNCTION public.high(int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql"
                  + " SET search_path = pg_catalog AS 'BEGIN RETURN $1 > 0; END'");
          asOwner(
              ends,
              "ALTER TABLE OWNER.t ADD CHECK (public.low(id)), ADD CHECK (public.high(id)),"
                  + " ADD CHECK (replace('A'::public.citext, 'a', 'b') = 'b')");
          look(ends);

          ends.asSuperuser(
              ends.targetServer(),
              "ALTER FUNCTION public.high(int) SET search_path = \"$user\", pg_catalog");
          assertThatThrownBy(() -> look(ends)).hasMessageContaining("function public.high(");
          ends.asSuperuser(
              ends.targetServer(), "ALTER FUNCTION public.high(int) RESET search_path");
          assertThatThrownBy(() -> look(ends)).hasMessageContaining("function public.high(");
        });
  }

  /** INSERT goes into the partitions, which nobody asked about. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPartitionedTableInPlaceOfATableRunsNothing(boolean replicaRole) throws Exception {
    withOwner(
        16,
        replicaRole,
        ends ->
            runsNothing(
                ends,
                "ALTER TABLE OWNER.t RENAME TO was",
                "CREATE TABLE OWNER.t (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE OWNER.part PARTITION OF OWNER.t (CHECK (OWNER.pwn())) DEFAULT"));
  }

  /** An extension's function in SQL finds what the path gives: "$user" is the owner's schema. */
  @ParameterizedTest
  @ValueSource(ints = {15, 16})
  void aFunctionOfAnExtensionThatSearchesThePathRunsNothing(int version) throws Exception {
    withOwner(
        version,
        true,
        ends -> {
          ends.asSuperuser(
              ends.targetServer(),
              "CREATE EXTENSION cube",
              "CREATE EXTENSION earthdistance VERSION '1.1'");
          runsNothing(
              ends,
              "CREATE FUNCTION OWNER.earth() RETURNS float8 LANGUAGE plpgsql AS"
                  + " 'BEGIN PERFORM OWNER.pwn(); RETURN 1; END'",
              "ALTER TABLE OWNER.t ADD CHECK (public.sec_to_gc(id) IS NOT NULL)");
        });
  }

  /** As it is often found: a function of the administrator's that runs a text, for scripts. */
  @Test
  void aFunctionOfASuperuserThatRunsATextIsCodeOfWhoUsesIt() throws Exception {
    withOwner(
        16,
        true,
        ends -> {
          ends.asSuperuser(
              ends.targetServer(),
              "CREATE FUNCTION public.exec(text) RETURNS text LANGUAGE plpgsql AS"
                  + " 'BEGIN EXECUTE $1; RETURN $1; END'");
          runsNothing(
              ends, "ALTER TABLE OWNER.t ADD CHECK (exec('SELECT OWNER.pwn()') IS NOT NULL)");
        });
  }

  /**
   * GRANT ALL ON ALL TABLES gives TRIGGER; the condition of a trigger is not its table's owner's.
   */
  @Test
  void whoMayMakeTriggersOnATableOfTheMigrationsRunsNothing() throws Exception {
    withOwner(
        16,
        false,
        ends -> {
          ends.asSuperuser(
              ends.targetServer(), "GRANT ALL ON ALL TABLES IN SCHEMA public TO " + owner(ends));
          runsNothing(
              ends,
              "CREATE TRIGGER x BEFORE INSERT ON public.own FOR EACH ROW WHEN (query_to_xml("
                  + "'SELECT OWNER.pwn()', true, true, '') IS NULL)"
                  + " EXECUTE FUNCTION suppress_redundant_updates_trigger()");
        });
  }

  /** What a built-in function makes of a type is no dependency. */
  @Test
  void aCastOfAMultirangeRunsNothing() throws Exception {
    withOwner(
        16,
        true,
        ends ->
            runsNothing(
                ends,
                "CREATE TYPE OWNER.r AS RANGE (subtype = int4)",
                "CREATE FUNCTION OWNER.as_json(OWNER.r_multirange) RETURNS json LANGUAGE plpgsql AS"
                    + " 'BEGIN PERFORM OWNER.pwn(); RETURN ''1''; END'",
                "CREATE CAST (OWNER.r_multirange AS json) WITH FUNCTION OWNER.as_json",
                "ALTER TABLE OWNER.t ADD COLUMN x OWNER.r DEFAULT '[1,2)'",
                "ALTER TABLE OWNER.t ADD CHECK (to_json(multirange(x)) IS NOT NULL)"));
  }

  /** A domain's default is for those who leave a column out; every column of a row is written. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "uuid-ossp, `CREATE DOMAIN d AS uuid DEFAULT uuid_generate_v4()`",
        "pgcrypto, `CREATE DOMAIN d AS uuid DEFAULT public.gen_random_uuid()`",
        "citext, `CREATE SEQUENCE s; CREATE DOMAIN d AS bigint DEFAULT nextval('s')`",
      })
  void anHonestDefaultOfADomainIsNoReason(String extension, String domain) throws Exception {
    withOwner(
        16,
        true,
        ends -> {
          ends.asSuperuser(
              ends.sourceServer(),
              "CREATE EXTENSION \"" + extension + "\" SCHEMA public",
              "SET ROLE " + owner(ends),
              domain,
              "CREATE TABLE u (id d PRIMARY KEY)");
          assertThat(
                  Preflight.check(
                      ends.source(),
                      ends.target(),
                      TableSelection.all(),
                      PreflightOptions.defaults()))
              .filteredOn(finding -> finding.code().equals("source.code"))
              .filteredOn(finding -> finding.severity() == Severity.ERROR)
              .extracting(Finding::object)
              .isEmpty();
        });
  }
}
