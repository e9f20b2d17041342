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

  private static EmbeddedPostgres server;
  private ConnectionDetails keeper;
  private ConnectionDetails stranger;

  @BeforeAll
  static void start() throws SQLException {
    server = EmbeddedPostgres.builder().durable(false).start();
    TwoDatabases.run(
        server.superuser(),
        "CREATE ROLE keeper LOGIN PASSWORD 'secret'",
        "CREATE ROLE stranger LOGIN PASSWORD 'secret'");
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
}
