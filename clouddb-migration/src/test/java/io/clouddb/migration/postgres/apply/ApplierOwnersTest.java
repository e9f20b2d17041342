/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.catalog.TrustedCode;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.migration.postgres.validate.Repair;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of several owners, none of whom has more than what he owns. */
class ApplierOwnersTest {
  private static String one(Ends ends) {
    return ends.source().user() + "_one";
  }

  private static String two(Ends ends) {
    return ends.source().user() + "_two";
  }

  private static void onBoth(Ends ends, String... sql) throws Exception {
    for (EmbeddedPostgres server : List.of(ends.sourceServer(), ends.targetServer())) {
      for (String each : sql) {
        ends.asSuperuser(server, each.formatted(one(ends), two(ends), ends.source().user()));
      }
    }
  }

  private static void roles(Ends ends) throws Exception {
    onBoth(
        ends,
        "CREATE ROLE %1$s",
        "CREATE ROLE %2$s",
        "GRANT %1$s, %2$s TO %3$s",
        "CREATE SCHEMA one; GRANT ALL ON SCHEMA one TO %1$s; GRANT USAGE ON SCHEMA one TO %3$s",
        "CREATE SCHEMA two; GRANT ALL ON SCHEMA two TO %2$s; GRANT USAGE ON SCHEMA two TO %3$s");
  }

  private static void gone(Ends ends) throws Exception {
    onBoth(ends, "DROP OWNED BY %1$s, %2$s CASCADE", "DROP ROLE %1$s, %2$s");
  }

  private static void apply(Ends ends, String... changes) throws Exception {
    ends.copy(1, 1 << 20);
    try (Applier applier = ends.applier()) {
      ends.onSource(changes);
      ends.catchUp(applier);
      assertThat(ends.differences()).isEmpty();
      assertThat(applier.failure()).isNotDone();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTransactionWritesInSchemasThatTheirOwnersMayNotLookInto(boolean replica) throws Exception {
    try (Ends ends = replica ? Ends.withReplicaRole(16, 16) : Ends.of(16, 16)) {
      roles(ends);
      try {
        onBoth(
            ends,
            "SET ROLE %1$s; CREATE TABLE one.t (id int PRIMARY KEY)",
            "SET ROLE %2$s; CREATE TABLE two.t (id int PRIMARY KEY)");
        apply(ends, "BEGIN; INSERT INTO one.t VALUES (1); INSERT INTO two.t VALUES (1); COMMIT");
      } finally {
        gone(ends);
      }
    }
  }

  /** Preflight says to give the migration's role BYPASSRLS; that is no right of the owner. */
  @Test
  void rowSecurityThatIsForcedOnTheOwner() throws Exception {
    try (Ends ends = Ends.withReplicaRole(16, 16)) {
      roles(ends);
      try {
        onBoth(
            ends,
            "ALTER ROLE %3$s BYPASSRLS",
            "SET ROLE %1$s; CREATE TABLE one.t (id int PRIMARY KEY);"
                + " ALTER TABLE one.t ENABLE ROW LEVEL SECURITY;"
                + " ALTER TABLE one.t FORCE ROW LEVEL SECURITY;"
                + " CREATE POLICY few ON one.t USING (id > 1)");
        apply(ends, "INSERT INTO one.t VALUES (1)", "UPDATE one.t SET id = 7");
      } finally {
        gone(ends);
      }
    }
  }

  /** A function that notes as whom it runs, for the rows of a table of each owner. */
  private static void spies(Ends ends) throws Exception {
    ends.onTarget(
        "CREATE SCHEMA spy; CREATE TABLE spy.ran (of text, who text);"
            + " GRANT USAGE ON SCHEMA spy TO PUBLIC; GRANT ALL ON spy.ran TO PUBLIC");
    for (String of : List.of("one", "two")) {
      String owner = of.equals("one") ? one(ends) : two(ends);
      ends.asSuperuser(
          ends.targetServer(),
          "SET ROLE " + owner,
          ("CREATE FUNCTION #.note() RETURNS void LANGUAGE sql AS"
                  + " 'INSERT INTO spy.ran VALUES (''#'', current_user)';"
                  + " CREATE FUNCTION #.pure(value int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                  + " 'BEGIN PERFORM #.note(); RETURN value; END';"
                  + " CREATE FUNCTION #.fire() RETURNS trigger LANGUAGE plpgsql AS"
                  + " 'BEGIN PERFORM #.note(); RETURN NULL; END'")
              .replace("#", of));
    }
  }

  private static void add(Ends ends, String sql) throws Exception {
    ends.asSuperuser(ends.targetServer(), "SET ROLE " + one(ends), sql.replace("#", "one"));
    ends.asSuperuser(ends.targetServer(), "SET ROLE " + two(ends), sql.replace("#", "two"));
    ends.onTarget("TRUNCATE spy.ran");
  }

  /** Each ran, and as nobody but its table's owner. */
  private static void eachRanAsItsOwner(Ends ends) throws Exception {
    assertThat(
            Ends.query(
                ends.target(),
                "SELECT DISTINCT of || ' ' || who COLLATE \"C\" FROM spy.ran ORDER BY 1"))
        .isEqualTo("one " + one(ends) + "\ntwo " + two(ends));
  }

  private static TrustedCode both(Ends ends) {
    return TrustedCode.of(Set.of(one(ends), two(ends)));
  }

  /** Where it may not be a replica, what is deferred is checked in COMMIT. */
  @Test
  void whatIsCheckedAtTheEndOfATransactionRunsAsItsOwner() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      roles(ends);
      try {
        onBoth(
            ends,
            "SET ROLE %1$s; CREATE TABLE one.t (id int PRIMARY KEY, v int)",
            "SET ROLE %2$s; CREATE TABLE two.t (id int PRIMARY KEY, v int)");
        for (String table : List.of("one.t", "two.t")) {
          ends.asSuperuser(ends.sourceServer(), "INSERT INTO " + table + " VALUES (1, 1), (2, 2)");
        }
        ends.copy(1, 1 << 20);
        spies(ends);
        add(
            ends,
            "ALTER TABLE #.t ADD EXCLUDE USING btree ((#.pure(v)) WITH =)"
                + " DEFERRABLE INITIALLY DEFERRED");
        try (Applier applier = ends.applier(ends.options().trusting(both(ends)).build())) {
          ends.asSuperuser(
              ends.sourceServer(),
              "BEGIN; UPDATE one.t SET v = 3 - v; UPDATE two.t SET v = 3 - v; COMMIT");
          ends.catchUp(applier);
        }
        assertThat(Ends.query(ends.target(), "SELECT v FROM one.t ORDER BY id")).isEqualTo("2\n1");
        eachRanAsItsOwner(ends);
      } finally {
        gone(ends);
      }
    }
  }

  /** SET CONSTRAINTS knows no tables. */
  @Test
  void aNameThatTablesOfTwoOwnersHaveIsNotDeferred() throws Exception {
    try (Ends ends = Ends.withReplicaRole(16, 16)) {
      roles(ends);
      try {
        onBoth(
            ends,
            "GRANT CREATE, USAGE ON SCHEMA public TO PUBLIC",
            "SET ROLE %1$s; CREATE TABLE public.one (id int PRIMARY KEY)",
            "SET ROLE %2$s; CREATE TABLE public.two (id int PRIMARY KEY)");
        ends.copy(1, 1 << 20);
        spies(ends);
        add(
            ends,
            "CREATE CONSTRAINT TRIGGER same AFTER INSERT ON public.# DEFERRABLE INITIALLY DEFERRED"
                + " FOR EACH ROW EXECUTE FUNCTION #.fire();"
                + " ALTER TABLE public.# ENABLE ALWAYS TRIGGER same");
        try (Applier applier = ends.applier(ends.options().trusting(both(ends)).build())) {
          ends.asSuperuser(
              ends.sourceServer(),
              "BEGIN; INSERT INTO one VALUES (1); INSERT INTO two VALUES (1); COMMIT");
          ends.catchUp(applier);
        }
        eachRanAsItsOwner(ends);
      } finally {
        gone(ends);
      }
    }
  }

  @Test
  void whatARepairIsCheckedByRunsAsItsOwner() throws Exception {
    try (Ends ends = Ends.withReplicaRole(16, 16)) {
      roles(ends);
      try {
        onBoth(
            ends,
            "SET ROLE %1$s; CREATE TABLE one.t (id int PRIMARY KEY)",
            "SET ROLE %2$s; CREATE TABLE two.t (id int PRIMARY KEY)");
        for (String table : List.of("one.t", "two.t")) {
          ends.asSuperuser(ends.sourceServer(), "INSERT INTO " + table + " VALUES (1), (2)");
        }
        ends.copy(1, 1 << 20);
        spies(ends);
        add(
            ends,
            "DELETE FROM #.t WHERE id = 1;"
                + " CREATE CONSTRAINT TRIGGER x AFTER INSERT ON #.t DEFERRABLE INITIALLY DEFERRED"
                + " FOR EACH ROW EXECUTE FUNCTION #.fire();"
                + " ALTER TABLE #.t ENABLE ALWAYS TRIGGER x");
        try (Applier applier = ends.applier(ends.options().trusting(both(ends)).build())) {
          Repair.between(ends.source(), ends.target(), "test")
              .patience(Ends.PATIENCE)
              .trusting(both(ends))
              .build()
              .run(applier, ends.tables());
        }
        assertThat(ends.differences()).isEmpty();
        eachRanAsItsOwner(ends);
      } finally {
        gone(ends);
      }
    }
  }

  /** TRUNCATE fires triggers too: that of the copy, and those of the stream. */
  @Test
  void whoEmptiesATableDoesSoAsItsOwner() throws Exception {
    try (Ends ends = Ends.withReplicaRole(16, 16)) {
      roles(ends);
      try {
        onBoth(
            ends,
            "SET ROLE %1$s; CREATE TABLE one.t (id int PRIMARY KEY)",
            "SET ROLE %2$s; CREATE TABLE two.t (id int PRIMARY KEY)");
        spies(ends);
        add(
            ends,
            "CREATE TRIGGER x AFTER TRUNCATE ON #.t EXECUTE FUNCTION #.fire();"
                + " ALTER TABLE #.t ENABLE ALWAYS TRIGGER x");
        ends.copy(1, 1 << 20, both(ends));
        eachRanAsItsOwner(ends);
        ends.onTarget("TRUNCATE spy.ran");
        try (Applier applier = ends.applier(ends.options().trusting(both(ends)).build())) {
          ends.asSuperuser(
              ends.sourceServer(),
              "BEGIN; INSERT INTO one.t VALUES (1); TRUNCATE one.t, two.t;"
                  + " INSERT INTO two.t VALUES (1); COMMIT");
          ends.catchUp(applier);
        }
        assertThat(ends.differences()).isEmpty();
        eachRanAsItsOwner(ends);
      } finally {
        gone(ends);
      }
    }
  }

  /** Whoever owns a type can make a cast to it, when the table has come up already. */
  @Test
  void noTextIsCastToATypeOfSomebodys() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      roles(ends);
      try {
        onBoth(
            ends,
            "SET ROLE %1$s; CREATE TYPE one.e AS ENUM ('a', 'b', 'c')",
            "SET ROLE %3$s; CREATE TABLE public.own (v one.e PRIMARY KEY, n int);"
                + " CREATE TABLE public.arrays (v one.e[] PRIMARY KEY, n int)");
        ends.onSource(
            "INSERT INTO own VALUES ('a', 0), ('b', 0), ('c', 0)",
            "INSERT INTO arrays VALUES ('{a}', 0), ('{b,a}', 0), ('{}', 0)");
        ends.copy(1, 1 << 20);
        // What a transaction wrote that was rolled back would not be seen; this is.
        ends.onTarget(
            "CREATE SCHEMA spy; CREATE SEQUENCE spy.calls;"
                + " GRANT USAGE ON SCHEMA spy TO PUBLIC; GRANT ALL ON spy.calls TO PUBLIC");
        try (Applier applier = ends.applier()) {
          ends.onSource("UPDATE own SET n = 1", "UPDATE arrays SET n = 1");
          ends.catchUp(applier);
          ends.asSuperuser(
              ends.targetServer(),
              "SET ROLE " + one(ends),
              "CREATE FUNCTION one.evil(text) RETURNS one.e LANGUAGE plpgsql AS"
                  + " 'BEGIN PERFORM nextval(''spy.calls''); RETURN ''a''; END';"
                  + " CREATE FUNCTION one.evils(text) RETURNS one.e[] LANGUAGE plpgsql AS"
                  + " 'BEGIN PERFORM nextval(''spy.calls''); RETURN ''{}''; END';"
                  + " CREATE CAST (text AS one.e) WITH FUNCTION one.evil(text);"
                  + " CREATE CAST (text AS one.e[]) WITH FUNCTION one.evils(text)");
          // Another shape, whose statement is new.
          ends.onSource("DELETE FROM own WHERE v <> 'a'", "DELETE FROM arrays WHERE v <> '{a}'");
          ends.catchUp(applier);
        }
        assertThat(ends.differences()).isEmpty();
        assertThat(Ends.query(ends.target(), "SELECT is_called FROM spy.calls")).isEqualTo("f");
      } finally {
        gone(ends);
      }
    }
  }
}
