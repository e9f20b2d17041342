/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.schema.TwoDatabases;
import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That every object of a kind that is not carried is named. */
class NotCarriedTest {
  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void everyOtherObjectIsNamed(int version) throws SQLException {
    try (TwoDatabases databases = new TwoDatabases();
        TwoDatabases others = new TwoDatabases()) {
      ConnectionDetails source = databases.database(version);
      ConnectionDetails target = others.database(version);
      make(source);
      makeAsSuperuser(databases.superuser(version, source));

      List<Finding> findings =
          Preflight.check(source, target, TableSelection.all(), PreflightOptions.defaults());

      assertThat(findings)
          .filteredOn(finding -> finding.severity() == Severity.ERROR)
          .extracting(finding -> finding.code() + " " + finding.object())
          .containsExactlyInAnyOrder(
              "source.not-carried access method my_heap",
              "source.not-carried aggregate public.my_sum(integer)",
              "source.not-carried cast (public.mood AS integer)",
              "source.not-carried conversion public.my_conversion",
              "source.not-carried event trigger no_drop",
              "source.not-carried foreign table public.far",
              "source.not-carried foreign-data wrapper my_wrapper",
              "source.not-carried function public.c_function()",
              "source.not-carried index public.bad_index",
              "source.not-carried large objects",
              "source.not-carried operator class public.my_class USING btree",
              "source.not-carried operator family public.my_class USING btree",
              "source.not-carried operator public.===(integer,integer)",
              "source.not-carried server my_server",
              "source.not-carried table public.other_heap",
              "source.not-carried text search configuration public.my_config",
              "source.not-carried text search dictionary public.my_dictionary",
              "source.not-carried type public.my_base",
              "source.not-carried user mapping for public on my_server",
              "source.not-carried view \"public\".\"over_far\"",
              "source.not-carried dependency function public.same(integer,integer) ON EXTENSION"
                  + " plpgsql",
              "source.not-carried disabled foreign key to_parent ON public.indexed",
              "target.role-missing role \"gone\"",
              "target.role-membership role postgres");
      assertThat(findings)
          .filteredOn(finding -> finding.severity() == Severity.WARNING)
          .extracting(finding -> finding.code() + " " + finding.object())
          .contains(
              "source.database-settings database",
              "source.database-settings role app_writer",
              "source.database-privileges " + source.database(),
              "source.unlogged \"public\".\"unlogged_one\"",
              "source.other-publication other",
              "source.subscription incoming",
              "source.other-slot physical_one");
      // What a cloud gave its own role is nothing that a user could repeat.
      assertThat(findings)
          .filteredOn(finding -> finding.code().startsWith("source.database-"))
          .noneMatch(finding -> finding.toString().contains("rdsadmin"));
    }
  }

  private static void make(ConnectionDetails admin) throws SQLException {
    TwoDatabases.execute(
        admin,
        "CREATE TYPE mood AS ENUM ('a')",
        "CREATE FUNCTION mood_int(mood) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
        "CREATE CAST (mood AS integer) WITH FUNCTION mood_int(mood)",
        "CREATE AGGREGATE my_sum(integer) (SFUNC = int4pl, STYPE = integer)",
        "CREATE CONVERSION my_conversion FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
        "CREATE FUNCTION same(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT $1 = $2'",
        "CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = same)",
        "CREATE TEXT SEARCH CONFIGURATION my_config (COPY = english)",
        "CREATE TEXT SEARCH DICTIONARY my_dictionary (TEMPLATE = simple)",
        "CREATE UNLOGGED TABLE unlogged_one (id integer PRIMARY KEY)",
        "CREATE TABLE parent (id integer PRIMARY KEY)",
        "INSERT INTO parent VALUES (1)",
        "CREATE TABLE indexed (id integer PRIMARY KEY, a integer"
            + " CONSTRAINT to_parent REFERENCES parent)",
        "INSERT INTO indexed VALUES (1, 1), (2, 1)",
        "CREATE PUBLICATION other FOR TABLE indexed",
        "GRANT SELECT ON indexed TO PUBLIC",
        "ALTER FUNCTION same(integer, integer) DEPENDS ON EXTENSION plpgsql");
    try {
      TwoDatabases.execute(admin, "CREATE UNIQUE INDEX CONCURRENTLY bad_index ON indexed (a)");
      throw new AssertionError("The index over equal values was made");
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as("leaves an invalid index").isEqualTo("23505");
    }
  }

  private static void makeAsSuperuser(ConnectionDetails superuser) throws SQLException {
    TwoDatabases.execute(
        superuser,
        "SELECT lo_create(0)",
        "CREATE TYPE my_base",
        "CREATE OPERATOR CLASS my_class FOR TYPE integer USING btree"
            + " AS FUNCTION 1 btint4cmp(integer, integer)",
        "CREATE FUNCTION c_function() RETURNS integer LANGUAGE internal AS 'pg_backend_pid'",
        "CREATE FUNCTION definer() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "CREATE FUNCTION on_event() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE EVENT TRIGGER no_drop ON sql_drop EXECUTE FUNCTION on_event()",
        "CREATE FOREIGN DATA WRAPPER my_wrapper",
        "CREATE SERVER my_server FOREIGN DATA WRAPPER my_wrapper",
        "CREATE USER MAPPING FOR PUBLIC SERVER my_server",
        "CREATE FOREIGN TABLE far (id integer) SERVER my_server",
        "CREATE ACCESS METHOD my_heap TYPE TABLE HANDLER heap_tableam_handler",
        "CREATE TABLE other_heap (id integer PRIMARY KEY) USING my_heap",
        "ALTER TABLE other_heap OWNER TO admin",
        "CREATE VIEW over_far AS SELECT id FROM far",
        "ALTER TABLE indexed DISABLE TRIGGER ALL",
        "ALTER ROLE app_writer SET work_mem = '9MB'",
        "GRANT SELECT ON indexed TO app_writer",
        "CREATE ROLE rdsadmin",
        "ALTER ROLE rdsadmin SET work_mem = '9MB'",
        "GRANT SELECT ON indexed TO rdsadmin",
        "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO rdsadmin',"
            + " current_database()); END $$",
        "DO $$ BEGIN EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC',"
            + " current_database()); END $$",
        "CREATE ROLE \"\"\"gone\"\"\"",
        "GRANT SELECT ON indexed TO \"\"\"gone\"\"\"",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''7MB''',"
            + " current_database()); END $$",
        "SELECT pg_create_physical_replication_slot('physical_one')",
        "CREATE SUBSCRIPTION incoming CONNECTION 'dbname=nowhere' PUBLICATION p"
            + " WITH (connect = false, slot_name = NONE)");
  }
}
