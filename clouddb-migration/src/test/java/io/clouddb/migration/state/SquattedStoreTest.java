/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.route.RouteMember;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Journals and routes in a database where somebody made their tables before. */
class SquattedStoreTest {
  private static final String JOURNAL =
      "CREATE TABLE clouddb_state.journal (migration text, sequence bigint, at timestamptz,"
          + " owner uuid, kind text, data text, PRIMARY KEY (migration, sequence))";
  private static final String LEASE =
      "CREATE TABLE clouddb_state.lease (migration text PRIMARY KEY, owner uuid NOT NULL,"
          + " holder text NOT NULL, expires_at timestamptz NOT NULL)";

  private static final String TO_MOVER =
      "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA clouddb_state TO mover";

  private static EmbeddedPostgres server;
  private ConnectionDetails keeper;
  private ConnectionDetails stranger;

  @BeforeAll
  static void start() throws SQLException {
    server = EmbeddedPostgres.builder().durable(false).start();
    TwoDatabases.run(
        server.superuser(),
        "CREATE ROLE keeper LOGIN PASSWORD 'secret'",
        "CREATE ROLE stranger LOGIN PASSWORD 'secret'",
        "CREATE ROLE admin LOGIN CREATEROLE PASSWORD 'secret'",
        "CREATE ROLE mover LOGIN PASSWORD 'secret'",
        "CREATE ROLE app LOGIN PASSWORD 'secret'",
        "CREATE ROLE app_owner");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void create() throws SQLException {
    TwoDatabases.run(
        server.superuser(),
        "DROP DATABASE IF EXISTS state WITH (FORCE)",
        "CREATE DATABASE state OWNER keeper",
        "GRANT CREATE ON DATABASE state TO stranger");
    keeper = server.connection("state", "keeper", SecretRef.literal("secret"));
    stranger = server.connection("state", "stranger", SecretRef.literal("secret"));
  }

  private void squat(String schema, String... statements) throws SQLException {
    TwoDatabases.run(
        stranger,
        "CREATE SCHEMA " + schema,
        "GRANT ALL ON SCHEMA " + schema + " TO PUBLIC",
        "CREATE TABLE " + schema + ".ran (who text)",
        "GRANT ALL ON " + schema + ".ran TO PUBLIC",
        "CREATE FUNCTION "
            + schema
            + ".pwn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "
            + schema
            + ".ran VALUES (current_user); RETURN NEW; END $$");
    TwoDatabases.run(stranger, statements);
    TwoDatabases.run(stranger, "GRANT ALL ON ALL TABLES IN SCHEMA " + schema + " TO PUBLIC");
  }

  @Test
  void aJournalThatOthersCanReadIsNotUsed() throws SQLException {
    squat("clouddb_state", LEASE, JOURNAL);
    assertThatThrownBy(() -> StateStore.jdbc(keeper.dataSource()).open("shop"))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("clouddb_state.journal");
  }

  @Test
  void aTriggerOfAStrangerDoesNotRun() throws SQLException {
    squat(
        "clouddb_state",
        LEASE,
        JOURNAL,
        "CREATE TRIGGER pwn BEFORE INSERT ON clouddb_state.lease FOR EACH ROW EXECUTE FUNCTION"
            + " clouddb_state.pwn()");
    assertThatThrownBy(() -> StateStore.jdbc(keeper.dataSource()).open("shop"))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("clouddb_state.lease, of the role stranger");
    assertThat(TwoDatabases.ask(stranger, "SELECT count(*) FROM clouddb_state.ran")).isEqualTo("0");
  }

  @Test
  void aRouteWithATriggerOfAStrangerIsNotWritten() throws SQLException {
    try (RouteStore route = RouteStore.jdbc(stranger.dataSource(), "shop")) {
      route.beat(new RouteMember("m", "a member", 1, 0, 0, Duration.ofSeconds(1)));
    }
    TwoDatabases.run(
        stranger,
        "GRANT ALL ON SCHEMA clouddb_route TO PUBLIC",
        "GRANT ALL ON ALL TABLES IN SCHEMA clouddb_route TO PUBLIC",
        "CREATE FUNCTION clouddb_route.pwn() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN RETURN NEW; END $$");
    try (RouteStore route = RouteStore.jdbc(keeper.dataSource(), "shop")) {
      assertThat(route.members()).hasSize(1);
    }
    TwoDatabases.run(
        stranger,
        "CREATE TRIGGER pwn BEFORE UPDATE ON clouddb_route.route FOR EACH ROW EXECUTE FUNCTION"
            + " clouddb_route.pwn()");
    try (RouteStore route = RouteStore.jdbc(keeper.dataSource(), "shop")) {
      assertThatThrownBy(route::read)
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("clouddb_route.route, of the role stranger");
    }
  }

  private void open(StateStore store) {
    store.open("shop").close();
  }

  private ConnectionDetails as(String role) {
    return server.connection("state", role, SecretRef.literal("secret"));
  }

  private void superuser(String... statements) throws SQLException {
    TwoDatabases.run(server.superuser().toBuilder().database("state").build(), statements);
  }

  /** As a cloud's admin makes them, who is no superuser, in a database of the application's. */
  private void madeByAdmin() throws SQLException {
    superuser("ALTER DATABASE state OWNER TO app_owner", "GRANT CREATE ON DATABASE state TO admin");
    open(StateStore.jdbc(as("admin").dataSource()));
    TwoDatabases.run(as("admin"), "GRANT USAGE ON SCHEMA clouddb_state TO mover", TO_MOVER);
  }

  @Test
  void aRoleUsesTheTablesOfAnAdminWhomItNames() throws SQLException {
    madeByAdmin();

    assertThatThrownBy(() -> open(StateStore.jdbc(as("mover").dataSource())))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("clouddb_state.journal belongs to the role admin")
        .hasMessageContaining("ALTER TABLE clouddb_state.journal OWNER TO mover");
    open(StateStore.jdbc(as("mover").dataSource(), Set.of("admin")));
    assertThatThrownBy(() -> open(StateStore.jdbc(as("admin").dataSource())))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("mover has DELETE, INSERT, SELECT, UPDATE on clouddb_state.journal");
    open(StateStore.jdbc(as("admin").dataSource(), Set.of("mover")));
  }

  @Test
  void aRoleUsesTheTablesOfItsOwnMembers() throws SQLException {
    madeByAdmin();
    superuser("GRANT mover TO admin");
    try {
      open(StateStore.jdbc(as("mover").dataSource()));
    } finally {
      superuser("REVOKE mover FROM admin");
    }
  }

  /** A migration's role is a member of all that own tables, and they are not it. */
  @Test
  void theTablesOfARoleThatTheMigrationIsAMemberOfAreNotUsed() throws SQLException {
    superuser("GRANT stranger TO keeper");
    try {
      open(StateStore.jdbc(stranger.dataSource()));
      TwoDatabases.run(
          stranger,
          "GRANT ALL ON SCHEMA clouddb_state TO keeper",
          "GRANT ALL ON ALL TABLES IN SCHEMA clouddb_state TO keeper");
      assertThatThrownBy(() -> open(StateStore.jdbc(keeper.dataSource())))
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("clouddb_state.journal belongs to the role stranger");
    } finally {
      superuser("REVOKE stranger FROM keeper");
    }
  }

  /** He is the application's role often, and a trigger of his would run as the migration's. */
  @Test
  void theTablesOfTheOwnerOfTheDatabaseAreNotUsedUnlessHeIsNamed() throws SQLException {
    open(StateStore.jdbc(keeper.dataSource()));
    TwoDatabases.run(keeper, "GRANT USAGE ON SCHEMA clouddb_state TO mover", TO_MOVER);
    assertThatThrownBy(() -> open(StateStore.jdbc(as("mover").dataSource())))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("clouddb_state.lease belongs to the role keeper");
    open(StateStore.jdbc(as("mover").dataSource(), Set.of("keeper")));
  }

  /** Those of a route are looked at in each use, since he may add something after the first. */
  @Test
  void aTriggerOfTheOwnerOfTheDatabaseOnARouteInUseDoesNotRun() throws SQLException {
    RouteMember member = new RouteMember("m", "a member", 1, 0, 0, Duration.ofSeconds(1));
    try (RouteStore route = RouteStore.jdbc(keeper.dataSource(), "shop")) {
      route.beat(member);
    }
    TwoDatabases.run(
        keeper,
        "GRANT ALL ON SCHEMA clouddb_route TO mover",
        "GRANT ALL ON ALL TABLES IN SCHEMA clouddb_route TO mover",
        "CREATE TABLE public.ran (who text)",
        "GRANT INSERT ON public.ran TO mover",
        "CREATE FUNCTION clouddb_route.pwn() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN INSERT INTO public.ran SELECT current_user; RETURN NEW; END $$");
    try (RouteStore route = RouteStore.jdbc(as("mover").dataSource(), "shop")) {
      route.beat(member);
      route.beat(member);
      TwoDatabases.run(
          keeper,
          "CREATE TRIGGER pwn BEFORE INSERT OR UPDATE ON clouddb_route.member FOR EACH ROW EXECUTE"
              + " FUNCTION clouddb_route.pwn()");
      assertThatThrownBy(() -> route.beat(member)).isInstanceOf(ConditionFailedException.class);
    }
    assertThat(TwoDatabases.ask(keeper, "SELECT count(*) FROM public.ran")).isEqualTo("0");
  }

  /** Another migration's role, or who makes backups. */
  @Test
  void aRoleThatIsNamedKeepsWhatDefaultPrivilegesGiveIt() throws SQLException {
    TwoDatabases.run(
        keeper,
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO mover",
        "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO mover");
    open(StateStore.jdbc(keeper.dataSource(), Set.of("mover")));
    open(StateStore.jdbc(as("mover").dataSource(), Set.of("keeper")));
  }

  /** Who owns the schema drops the tables, and makes others with triggers. */
  @Test
  void aSchemaOfAStrangerIsNotUsed() throws SQLException {
    TwoDatabases.run(
        stranger, "CREATE SCHEMA clouddb_state", "GRANT ALL ON SCHEMA clouddb_state TO keeper");
    assertThatThrownBy(() -> open(StateStore.jdbc(keeper.dataSource())))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("clouddb_state belongs to the role stranger")
        .hasMessageContaining("ALTER SCHEMA clouddb_state OWNER TO keeper");
  }

  /** What this library has just made itself is what it may use. */
  @Test
  void aJournalIsNotForWhomDefaultPrivilegesName() throws SQLException {
    TwoDatabases.run(
        keeper,
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO app",
        "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO app, PUBLIC");
    open(StateStore.jdbc(keeper.dataSource()));
    assertThat(
            TwoDatabases.ask(
                keeper, "SELECT has_table_privilege('app', 'clouddb_state.journal', 'SELECT')"))
        .isEqualTo("f");
  }

  @Test
  void privilegesCountOnlyWhereTheSchemaCanBeUsed() throws SQLException {
    open(StateStore.jdbc(keeper.dataSource()));
    TwoDatabases.run(
        keeper,
        "GRANT SELECT ON clouddb_state.journal TO PUBLIC",
        "GRANT SELECT (data) ON clouddb_state.journal TO app");
    open(StateStore.jdbc(keeper.dataSource()));

    TwoDatabases.run(keeper, "GRANT USAGE ON SCHEMA clouddb_state TO app");
    assertThatThrownBy(() -> open(StateStore.jdbc(keeper.dataSource())))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("app has SELECT on clouddb_state.journal")
        .hasMessageContaining("REVOKE ALL ON clouddb_state.journal FROM app");
    TwoDatabases.run(
        keeper,
        "REVOKE ALL ON clouddb_state.journal FROM app",
        "GRANT USAGE ON SCHEMA clouddb_state TO PUBLIC");
    assertThatThrownBy(() -> open(StateStore.jdbc(keeper.dataSource(), Set.of("app"))))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("PUBLIC has SELECT on clouddb_state.journal");
    TwoDatabases.run(keeper, "REVOKE ALL ON clouddb_state.journal FROM PUBLIC");
    open(StateStore.jdbc(keeper.dataSource()));
  }

  /** Who makes himself a member of any role needs no table for it. */
  @Test
  void before16AnAdminIsTrusted() throws SQLException {
    try (EmbeddedPostgres old = EmbeddedPostgres.builder().version(15).durable(false).start()) {
      TwoDatabases.run(
          old.superuser(),
          "CREATE ROLE admin LOGIN CREATEROLE PASSWORD 'secret'",
          "CREATE ROLE mover LOGIN PASSWORD 'secret'",
          "CREATE DATABASE state",
          "GRANT CREATE ON DATABASE state TO admin");
      ConnectionDetails admin = old.connection("state", "admin", SecretRef.literal("secret"));
      open(StateStore.jdbc(admin.dataSource()));
      TwoDatabases.run(admin, "GRANT USAGE ON SCHEMA clouddb_state TO mover", TO_MOVER);
      ConnectionDetails mover = old.connection("state", "mover", SecretRef.literal("secret"));
      open(StateStore.jdbc(mover.dataSource()));
    }
  }
}
