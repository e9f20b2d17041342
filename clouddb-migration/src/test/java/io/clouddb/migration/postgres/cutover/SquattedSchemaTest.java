/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.preflight.Finding;
import io.clouddb.migration.postgres.preflight.Preflight;
import io.clouddb.migration.postgres.preflight.PreflightOptions;
import io.clouddb.migration.postgres.preflight.Severity;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SourceIdentity;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

/** Whoever may create schemas can have made clouddb_migration before us. */
class SquattedSchemaTest {
  private static final String POSITION =
      "CREATE TABLE clouddb_migration.position (migration text PRIMARY KEY, lsn pg_lsn NOT NULL,"
          + " system_identifier text NOT NULL, timeline int NOT NULL,"
          + " updated_at timestamptz NOT NULL)";
  private static final String PWN =
      "CREATE FUNCTION public.pwn() RETURNS trigger LANGUAGE plpgsql AS"
          + " 'BEGIN INSERT INTO public.ran VALUES (current_user); RETURN NEW; END'";

  private static void use(Ends ends) throws Exception {
    try (Connection connection = PinnedSession.open(ends.target(), "test")) {
      PositionTable.create(connection);
      PositionTable.start(
          connection,
          "test",
          new PositionTable.Position(LogSequenceNumber.valueOf(1), new SourceIdentity("1", 1)));
    }
  }

  private static String stranger(Ends ends) {
    return ends.target().user() + "_stranger";
  }

  /** What {@code %1$s}, a stranger, and {@code %2$s}, the migration's own role, have made. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET ROLE %1$s; CREATE SCHEMA clouddb_migration;"
            + " GRANT ALL ON SCHEMA clouddb_migration TO PUBLIC",
        "SET ROLE %1$s; CREATE SCHEMA clouddb_migration;"
            + POSITION
            + "; CREATE TRIGGER pwn BEFORE INSERT ON clouddb_migration.position FOR EACH ROW"
            + " EXECUTE FUNCTION public.pwn(); GRANT ALL ON SCHEMA clouddb_migration TO PUBLIC;"
            + " GRANT ALL ON clouddb_migration.position TO PUBLIC",
        "CREATE SCHEMA clouddb_migration AUTHORIZATION %2$s;"
            + " GRANT CREATE ON SCHEMA clouddb_migration TO PUBLIC",
        "CREATE SCHEMA clouddb_migration AUTHORIZATION %2$s; " + POSITION,
        "CREATE SCHEMA clouddb_migration AUTHORIZATION %2$s; SET ROLE %2$s; "
            + POSITION
            + "; CREATE TRIGGER pwn BEFORE INSERT ON clouddb_migration.position FOR EACH ROW"
            + " EXECUTE FUNCTION public.pwn()",
        "CREATE SCHEMA clouddb_migration AUTHORIZATION %2$s; SET ROLE %2$s; "
            + POSITION
            + "; CREATE RULE r AS ON INSERT TO clouddb_migration.position DO ALSO"
            + " INSERT INTO public.ran VALUES (current_user)",
        "CREATE SCHEMA clouddb_migration AUTHORIZATION %2$s; SET ROLE %2$s;"
            + " CREATE TABLE clouddb_migration.position (migration text)",
        "CREATE SCHEMA clouddb_migration AUTHORIZATION %2$s; SET ROLE %2$s; "
            + POSITION
            + "; CREATE TABLE public.child () INHERITS (clouddb_migration.position)",
        "CREATE SCHEMA clouddb_migration AUTHORIZATION %2$s; SET ROLE %2$s; "
            + POSITION
            + "; ALTER TABLE clouddb_migration.position ENABLE ROW LEVEL SECURITY",
        "CREATE SCHEMA clouddb_migration AUTHORIZATION %2$s;"
            + " CREATE FUNCTION clouddb_migration.clouddb_test_fence() RETURNS trigger"
            + " LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE SCHEMA clouddb_migration AUTHORIZATION %2$s; SET ROLE %2$s;"
            + " CREATE FUNCTION clouddb_migration.clouddb_test_fence() RETURNS trigger"
            + " LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN NULL; END'",
        "CREATE SCHEMA clouddb_migration AUTHORIZATION %2$s;"
            + " CREATE OPERATOR clouddb_migration.= (LEFTARG = text, RIGHTARG = text,"
            + " FUNCTION = pg_catalog.texteq)",
        "CREATE SCHEMA clouddb_migration AUTHORIZATION %2$s;"
            + " CREATE DOMAIN clouddb_migration.text AS pg_catalog.text",
        "CREATE SCHEMA clouddb_migration AUTHORIZATION %2$s;"
            + " CREATE VIEW clouddb_migration.suspended AS SELECT 1 AS x",
      })
  void whatIsNotOursStopsTheMigrationByName(String made) throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      String role = stranger(ends);
      ends.asSuperuser(
          ends.targetServer(),
          "CREATE ROLE " + role,
          "GRANT CREATE ON DATABASE " + ends.target().database() + " TO " + role,
          "CREATE TABLE public.ran (who text)",
          "GRANT ALL ON public.ran TO PUBLIC",
          PWN);
      try {
        ends.asSuperuser(ends.targetServer(), made.formatted(role, ends.target().user()));

        assertThatThrownBy(() -> use(ends))
            .isInstanceOf(ConditionFailedException.class)
            .hasMessageContaining("clouddb_migration")
            .hasMessageContaining("is not the migration's");

        assertThat(Ends.query(ends.target(), "SELECT count(*) FROM public.ran")).isEqualTo("0");
        List<Finding> findings =
            Preflight.check(
                ends.source(), ends.target(), TableSelection.all(), PreflightOptions.defaults());
        assertThat(findings)
            .filteredOn(finding -> finding.code().equals("target.own-schema"))
            .singleElement()
            .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.ERROR));
      } finally {
        ends.asSuperuser(
            ends.targetServer(),
            "RESET ROLE",
            "DROP SCHEMA clouddb_migration CASCADE",
            "DROP OWNED BY " + role + " CASCADE",
            "DROP ROLE " + role);
      }
    }
  }

  @Test
  void isMadeForTheMigrationsRoleAlone() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onTarget(
          "ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO PUBLIC",
          "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC");
      use(ends);
      use(ends);
      ends.asSuperuser(
          ends.targetServer(),
          "CREATE ROLE " + stranger(ends),
          "SET ROLE " + stranger(ends),
          // Throws unless it is refused.
          "DO $$ BEGIN PERFORM FROM clouddb_migration.position; RAISE 'read';"
              + " EXCEPTION WHEN insufficient_privilege THEN NULL; END $$",
          "RESET ROLE",
          "DROP ROLE " + stranger(ends));
    }
  }

  /** What the owner of a table does in the pause; the migration's role is a member of his. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE theirs DISABLE TRIGGER clouddb_test_fence",
        "ALTER TABLE theirs DISABLE TRIGGER clouddb_test_fence_row",
        "ALTER TABLE theirs ENABLE TRIGGER clouddb_test_fence",
        "DROP TRIGGER clouddb_test_fence ON theirs",
        "ALTER TRIGGER clouddb_test_fence ON theirs RENAME TO other",
        "CREATE OR REPLACE TRIGGER clouddb_test_fence BEFORE INSERT ON theirs"
            + " EXECUTE FUNCTION nothing()",
        // As if nothing had been.
        "ALTER TABLE theirs DISABLE TRIGGER USER; INSERT INTO theirs VALUES (2);"
            + " ALTER TABLE theirs ENABLE ALWAYS TRIGGER clouddb_test_fence;"
            + " ALTER TABLE theirs ENABLE ALWAYS TRIGGER clouddb_test_fence_row",
        "ALTER TABLE theirs RENAME TO gone; CREATE TABLE theirs (id int PRIMARY KEY)",
        "CREATE TABLE more PARTITION OF parts FOR VALUES IN (2)",
      })
  void aFenceThatWasChangedIsNoFence(String change) throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      String tenant = stranger(ends);
      ends.asSuperuser(
          ends.targetServer(),
          "CREATE ROLE " + tenant,
          "GRANT " + tenant + " TO " + ends.target().user(),
          "GRANT ALL ON SCHEMA public TO " + tenant,
          "SET ROLE " + tenant,
          "CREATE TABLE theirs (id int PRIMARY KEY)",
          "CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY LIST (id)",
          "CREATE TABLE part PARTITION OF parts FOR VALUES IN (1)",
          "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS"
              + " 'BEGIN RETURN NULL; END'");
      WriteFence fence =
          new WriteFence(
              "test",
              List.of(
                  new TableName("public", "theirs"),
                  new TableName("public", "parts"),
                  new TableName("public", "part")));
      try (Connection connection = PinnedSession.open(ends.target(), "test")) {
        fence.prepare(connection, "there");
        fence.raise(connection, Duration.ofSeconds(10));
        fence.requireStanding(connection);
        fence.release(connection);

        ends.asSuperuser(ends.targetServer(), "SET ROLE " + tenant, change);

        assertThatThrownBy(() -> fence.requireStanding(connection))
            .isInstanceOf(ConditionFailedException.class)
            .hasMessageContaining(change.contains("more") ? "more" : "theirs");
        fence.lower(connection);
        if (!change.startsWith("CREATE OR REPLACE")) {
          ends.asSuperuser(
              ends.targetServer(), "SET ROLE " + tenant, "INSERT INTO theirs VALUES (3)");
        }
      } finally {
        ends.asSuperuser(
            ends.targetServer(), "DROP OWNED BY " + tenant + " CASCADE", "DROP ROLE " + tenant);
      }
    }
  }

  /** A trigger that its table's owner made what it is not, before the fence is raised. */
  @Test
  void aTriggerThatWasMadeWeakIsNotRaised() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onTarget("CREATE TABLE t (id int PRIMARY KEY)");
      WriteFence fence = new WriteFence("test", List.of(new TableName("public", "t")));
      try (Connection connection = PinnedSession.open(ends.target(), "test");
          Statement ddl = connection.createStatement()) {
        fence.prepare(connection, "there");
        ddl.execute(
            "CREATE OR REPLACE TRIGGER clouddb_test_fence BEFORE INSERT ON public.t WHEN (false)"
                + " EXECUTE FUNCTION clouddb_migration.clouddb_test_fence()");

        assertThatThrownBy(() -> fence.raise(connection, Duration.ofSeconds(10)))
            .isInstanceOf(ConditionFailedException.class)
            .hasMessageContaining("\"public\".\"t\"");
      }
    }
  }

  @Test
  void triggersOfTheSameNameAreLeftAlone() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onTarget(
          "CREATE TABLE t (id int PRIMARY KEY)",
          "CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
          "CREATE TRIGGER clouddb_test_fence BEFORE INSERT ON t EXECUTE FUNCTION mine()");
      WriteFence fence = new WriteFence("test", List.of(new TableName("public", "t")));
      try (Connection connection = PinnedSession.open(ends.target(), "test")) {
        assertThatThrownBy(() -> fence.prepare(connection, "there"))
            .isInstanceOf(ConditionFailedException.class)
            .hasMessageContaining("clouddb_test_fence on public.t, which calls public.mine()");
        fence.remove(connection, Duration.ofSeconds(10));
      }
      assertThat(
              Ends.query(
                  ends.target(),
                  "SELECT count(*) FROM pg_trigger WHERE tgname = 'clouddb_test_fence'"))
          .isEqualTo("1");
    }
  }
}
