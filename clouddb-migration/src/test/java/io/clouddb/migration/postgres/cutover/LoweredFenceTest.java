/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.clouddb.migration.Eventually;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What else happens on a table on which the fence stands, or stood. */
class LoweredFenceTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static EmbeddedPostgres server;

  private final WriteFence fence =
      new WriteFence("shop", List.of(new TableName("public", "plain")));
  private ConnectionDetails owner;
  private ConnectionDetails superuser;

  @BeforeAll
  static void start() throws SQLException {
    server =
        EmbeddedPostgres.builder()
            .version(16)
            .durable(false)
            .setting("autovacuum_naptime", "1s")
            .start();
    TwoDatabases.run(server.superuser(), "CREATE ROLE owner LOGIN PASSWORD 'secret'");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void createTable() throws SQLException {
    TwoDatabases.run(
        server.superuser(),
        "DROP DATABASE IF EXISTS fenced WITH (FORCE)",
        "CREATE DATABASE fenced OWNER owner");
    owner = server.connection("fenced", "owner", SecretRef.literal("secret"));
    superuser = server.superuser().toBuilder().database("fenced").build();
    TwoDatabases.run(owner, "CREATE TABLE plain (id int PRIMARY KEY, v int)");
  }

  private void raise() throws SQLException {
    try (Connection connection = owner.connect()) {
      fence.prepare(connection, "new.example.com:5432/shop");
      fence.raise(connection, LIMIT);
    }
  }

  private void lower() throws SQLException {
    try (Connection connection = owner.connect()) {
      fence.lower(connection);
    }
  }

  /** As Rails' disable_referential_integrity and pg_restore --disable-triggers do. */
  private void load() throws SQLException {
    TwoDatabases.run(
        owner,
        "ALTER TABLE plain DISABLE TRIGGER USER",
        "INSERT INTO plain SELECT i, i FROM generate_series(1000, 1010) i",
        "ALTER TABLE plain ENABLE TRIGGER USER");
  }

  @Test
  void aLoadWithoutTriggersDoesNotRaiseAFenceThatWasLowered() throws SQLException {
    raise();
    lower();

    load();

    assertThatCode(() -> TwoDatabases.run(owner, "INSERT INTO plain VALUES (1)"))
        .doesNotThrowAnyException();
  }

  @Test
  void aFenceIsLoweredAlsoWhenALoadEnabledItsTriggersAnew() throws SQLException {
    raise();
    TwoDatabases.run(
        owner, "ALTER TABLE plain DISABLE TRIGGER USER", "ALTER TABLE plain ENABLE TRIGGER USER");

    lower();

    assertThatCode(() -> TwoDatabases.run(owner, "INSERT INTO plain VALUES (1)"))
        .doesNotThrowAnyException();
  }

  private void autovacuumIsAtWork() throws Exception {
    TwoDatabases.run(
        owner,
        // Where the fence stands, it lets the migration through.
        "SET clouddb.migrator = 'shop'",
        "INSERT INTO plain SELECT i, i FROM generate_series(1, 20000) i",
        "UPDATE plain SET v = v + 1",
        "ALTER TABLE plain SET (autovacuum_vacuum_threshold = 1,"
            + " autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 100,"
            + " autovacuum_vacuum_cost_limit = 1)");
    Eventually.until(
        "an autovacuum of the table",
        Duration.ofMinutes(1),
        () ->
            TwoDatabases.ask(
                    superuser,
                    "SELECT count(*) FROM pg_stat_activity"
                        + " WHERE query LIKE 'autovacuum: VACUUM%public.plain%'")
                .equals("1"));
  }

  /** For comparison: the server ends an autovacuum that somebody waits for, after a second. */
  @Tag("slow")
  @Test
  void anotherLockEndsAnAutovacuum() throws Exception {
    autovacuumIsAtWork();

    TwoDatabases.run(
        owner,
        "SET lock_timeout = '5s'",
        "BEGIN; LOCK TABLE plain IN SHARE ROW EXCLUSIVE MODE; COMMIT");
  }

  @Tag("slow")
  @Test
  void anAutovacuumDoesNotKeepTheFenceAway() throws Exception {
    autovacuumIsAtWork();

    raise();

    try (Connection connection = owner.connect()) {
      assertThat(fence.standing(connection)).hasSize(1);
    }
  }

  @Tag("slow")
  @Test
  void anAutovacuumDoesNotKeepTheFenceUp() throws Exception {
    raise();
    autovacuumIsAtWork();

    lower();

    TwoDatabases.run(owner, "INSERT INTO plain VALUES (-1)");
  }
}
