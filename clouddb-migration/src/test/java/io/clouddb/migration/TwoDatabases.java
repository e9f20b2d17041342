/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import com.zaxxer.hikari.HikariDataSource;
import io.clouddb.migration.postgres.testing.HashedOnce;
import io.clouddb.migration.postgres.testing.ReusedSessions;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import io.clouddb.migration.state.StateStore;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

/**
 * Two PostgreSQL servers, each with a database {@code shop} whose owner is no superuser, as on a
 * cloud: on the source he may replicate, on the target he may set replica role only if it is said.
 */
public final class TwoDatabases implements AutoCloseable {
  private static final SecretRef PASSWORD = SecretRef.literal("secret");
  private static final String PASSWORD_ON_SERVER = HashedOnce.literal("secret");

  public final EmbeddedPostgres sourceServer;
  public final EmbeddedPostgres targetServer;

  /** The owner of the source. */
  public final ConnectionDetails source;

  /** The owner of the target. */
  public final ConnectionDetails target;

  private final List<HikariDataSource> pools = new CopyOnWriteArrayList<>();

  private TwoDatabases(EmbeddedPostgres sourceServer, EmbeddedPostgres targetServer) {
    this.sourceServer = sourceServer;
    this.targetServer = targetServer;
    this.source = sourceServer.connection("shop", "source_admin", PASSWORD);
    this.target = targetServer.connection("shop", "target_admin", PASSWORD);
  }

  public static TwoDatabases start(int sourceVersion, int targetVersion, boolean replicaRole)
      throws SQLException {
    return start(sourceVersion, targetVersion, replicaRole, false, false);
  }

  /** Two databases whose servers may be killed: what was committed is on disk. */
  public static TwoDatabases startDurable(int sourceVersion, int targetVersion, boolean replicaRole)
      throws SQLException {
    return start(sourceVersion, targetVersion, replicaRole, false, true);
  }

  /** Two databases that both can send their changes; from 15, each owner may set replica role. */
  public static TwoDatabases startForBothWays(
      int sourceVersion, int targetVersion, boolean replicaRole) throws SQLException {
    TwoDatabases both = start(sourceVersion, targetVersion, replicaRole, true, false);
    run(both.targetServer.superuser(), "ALTER ROLE target_admin REPLICATION");
    if (replicaRole) {
      run(
          both.sourceServer.superuser(),
          "GRANT SET ON PARAMETER session_replication_role TO source_admin");
    }
    return both;
  }

  private static TwoDatabases start(
      int sourceVersion, int targetVersion, boolean replicaRole, boolean bothWays, boolean durable)
      throws SQLException {
    EmbeddedPostgres source =
        EmbeddedPostgres.builder()
            .version(sourceVersion)
            .durable(durable)
            .setting("wal_level", "logical")
            .start();
    TwoDatabases both =
        new TwoDatabases(
            source,
            EmbeddedPostgres.builder()
                .version(targetVersion)
                .durable(durable)
                .setting("wal_level", bothWays ? "logical" : "replica")
                .start());
    run(
        both.sourceServer.superuser(),
        "CREATE ROLE source_admin LOGIN REPLICATION PASSWORD " + PASSWORD_ON_SERVER,
        "CREATE ROLE shop_app LOGIN PASSWORD " + PASSWORD_ON_SERVER,
        "CREATE DATABASE shop OWNER source_admin");
    run(
        both.targetServer.superuser(),
        "CREATE ROLE target_admin LOGIN PASSWORD " + PASSWORD_ON_SERVER,
        "CREATE ROLE shop_app LOGIN PASSWORD " + PASSWORD_ON_SERVER,
        "CREATE DATABASE shop OWNER target_admin");
    if (replicaRole) {
      run(
          both.targetServer.superuser(),
          "GRANT SET ON PARAMETER session_replication_role TO target_admin");
    }
    return both;
  }

  /** Both databases empty again, as after {@link #start}; no slot is left. */
  public void recreate() throws SQLException {
    recreate("");
  }

  /**
   * Does so.
   *
   * @param ofTheSource options of the source's CREATE DATABASE
   */
  public void recreate(String ofTheSource) throws SQLException {
    closePools();
    dropSlots(sourceServer.superuser());
    run(
        sourceServer.superuser(),
        "DROP DATABASE shop WITH (FORCE)",
        "CREATE DATABASE shop OWNER source_admin " + ofTheSource);
    run(
        targetServer.superuser(),
        "DROP DATABASE shop WITH (FORCE)",
        "CREATE DATABASE shop OWNER target_admin");
  }

  /** Drops all slots; who read one and has ended here may take a moment to end on the server. */
  public static void dropSlots(ConnectionDetails server) throws SQLException {
    Eventually.until(
        "the end of those who read the slots",
        () -> ask(server, "SELECT count(*) FROM pg_replication_slots WHERE active").equals("0"));
    run(server, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
  }

  /** A migration of all tables from one to the other, with its journal in the folder. */
  public MigrationBuilder migration(Path folder) {
    return Migration.builder()
        .id("shop")
        .from(source)
        .to(target)
        .tables("public.*")
        .state(StateStore.directory(folder.resolve("state")));
  }

  /** An application that works where the route says, and waits for long while it is closed. */
  public SwitchableDataSource follow(RouteStore route) {
    return SwitchableDataSource.builder(route)
        .source(pool(source))
        .target(pool(target))
        .waitLimit(Duration.ofMinutes(2))
        .build();
  }

  /** As an application has one; closed with the databases. */
  public DataSource pool(ConnectionDetails database) {
    HikariDataSource pool = new HikariDataSource();
    pool.setDataSource(database.dataSource());
    pool.setMaximumPoolSize(4);
    pool.setMinimumIdle(0);
    pool.setInitializationFailTimeout(-1);
    pools.add(pool);
    return pool;
  }

  private void closePools() {
    pools.forEach(HikariDataSource::close);
    pools.clear();
  }

  /** The source as an application's role sees it, which owns nothing. */
  public ConnectionDetails sourceApplication() {
    return sourceServer.connection("shop", "shop_app", PASSWORD);
  }

  public static void run(ConnectionDetails database, String... statements) throws SQLException {
    ReusedSessions.run(database, statements);
  }

  public static String ask(ConnectionDetails database, String question) throws SQLException {
    return ReusedSessions.plain(
        database,
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery(question)) {
            row.next();
            return String.valueOf(row.getString(1));
          }
        });
  }

  @Override
  public void close() {
    closePools();
    try {
      ReusedSessions.closeOf(sourceServer.superuser());
      ReusedSessions.closeOf(targetServer.superuser());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    try {
      sourceServer.close();
    } finally {
      targetServer.close();
    }
  }
}
