/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who can read a journal by two privileges, each of which alone is of no use. */
class ReadersOfAJournalTest {
  private static EmbeddedPostgres server;
  private ConnectionDetails keeper;
  private ConnectionDetails alice;

  @BeforeAll
  static void start() throws SQLException {
    server = EmbeddedPostgres.builder().durable(false).start();
    TwoDatabases.run(
        server.superuser(),
        "CREATE ROLE keeper LOGIN PASSWORD 'secret'",
        "CREATE ROLE readers",
        "CREATE ROLE alice LOGIN PASSWORD 'secret' IN ROLE readers");
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
        "CREATE DATABASE state OWNER keeper");
    keeper = as("keeper");
    alice = as("alice");
    open();
  }

  private static ConnectionDetails as(String role) {
    return server.connection("state", role, SecretRef.literal("secret"));
  }

  private void open() {
    StateStore.jdbc(keeper.dataSource()).open("shop").close();
  }

  private static void assertReads(ConnectionDetails who) throws SQLException {
    assertThat(TwoDatabases.ask(who, "SELECT count(*) FROM clouddb_state.journal")).isEqualTo("0");
  }

  @Test
  void oneWhoUsesTheSchemaReadsWhatEverybodyMayRead() throws SQLException {
    TwoDatabases.run(
        keeper,
        "GRANT SELECT ON clouddb_state.journal TO PUBLIC",
        "GRANT USAGE ON SCHEMA clouddb_state TO alice");
    assertReads(alice);
    assertThatThrownBy(this::open).isInstanceOf(ConditionFailedException.class);
  }

  @Test
  void oneWhoUsesTheSchemaReadsWhatHisGroupMayRead() throws SQLException {
    TwoDatabases.run(
        keeper,
        "GRANT SELECT ON clouddb_state.journal TO readers",
        "GRANT USAGE ON SCHEMA clouddb_state TO alice");
    assertReads(alice);
    assertThatThrownBy(this::open).isInstanceOf(ConditionFailedException.class);
  }

  /** What he makes there would end all runs, so it is said before the first. */
  @Test
  void oneWhoMayCreateInTheSchemaIsNamed() throws SQLException {
    TwoDatabases.run(keeper, "GRANT CREATE ON SCHEMA clouddb_state TO alice");
    assertThatThrownBy(this::open)
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("alice has CREATE on the schema clouddb_state");
    TwoDatabases.run(keeper, "REVOKE CREATE ON SCHEMA clouddb_state FROM alice");
    open();
  }

  /** Neither the library's role nor an administrator asked for it, and no run begins any more. */
  @Test
  void oneWhoMayCreateInTheSchemaDoesNotEndAllRuns() throws SQLException {
    TwoDatabases.run(
        server.superuser().toBuilder().database("state").build(),
        "DROP SCHEMA clouddb_state CASCADE");
    TwoDatabases.run(keeper, "ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO alice");
    open();
    assertThatThrownBy(() -> TwoDatabases.run(alice, "CREATE TABLE clouddb_state.x (i int)"))
        .isInstanceOf(SQLException.class);
    open();
  }
}
