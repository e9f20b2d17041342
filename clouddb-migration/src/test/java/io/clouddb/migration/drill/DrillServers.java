/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.migration.TwoDatabases;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The two servers of a drill, on which what was committed outlives a kill, with the links through
 * which the migration, and it alone, reaches them. Each has a database {@code keeper} for a state
 * or a route.
 */
final class DrillServers implements AutoCloseable {
  private static final int FIRST_WITH_GRANTS_ON_SETTINGS = 15;

  final EmbeddedPostgres sourceServer;
  final EmbeddedPostgres targetServer;
  final FaultyLink sourceLink;
  final FaultyLink targetLink;

  private DrillServers(
      EmbeddedPostgres sourceServer,
      EmbeddedPostgres targetServer,
      FaultyLink sourceLink,
      FaultyLink targetLink) {
    this.sourceServer = sourceServer;
    this.targetServer = targetServer;
    this.sourceLink = sourceLink;
    this.targetLink = targetLink;
  }

  static DrillServers start(DrillPlan plan) throws SQLException, IOException {
    Deque<AutoCloseable> started = new ArrayDeque<>();
    try {
      EmbeddedPostgres source = server(plan.sourceVersion());
      started.push(source);
      role(source, DrillMigration.SOURCE_ROLE, plan.replicaRole());
      EmbeddedPostgres target = server(plan.targetVersion());
      started.push(target);
      role(target, DrillMigration.TARGET_ROLE, plan.replicaRole());
      FaultyLink sourceLink = link(source);
      started.push(sourceLink);
      return new DrillServers(source, target, sourceLink, link(target));
    } catch (SQLException | IOException | RuntimeException e) {
      for (AutoCloseable each : started) {
        try {
          each.close();
        } catch (Exception second) {
          e.addSuppressed(second);
        }
      }
      throw e;
    }
  }

  private static FaultyLink link(EmbeddedPostgres server) throws IOException {
    ConnectionDetails address = server.superuser();
    return new FaultyLink(address.host(), address.port());
  }

  private static EmbeddedPostgres server(int version) {
    return EmbeddedPostgres.builder().version(version).setting("wal_level", "logical").start();
  }

  private static void role(EmbeddedPostgres server, String role, boolean replicaRole)
      throws SQLException {
    TwoDatabases.run(
        server.superuser(),
        "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'secret'",
        "CREATE ROLE shop_app LOGIN PASSWORD 'secret'",
        "CREATE DATABASE shop OWNER " + role,
        "CREATE DATABASE keeper OWNER " + role);
    if (replicaRole && server.version() >= FIRST_WITH_GRANTS_ON_SETTINGS) {
      TwoDatabases.run(
          server.superuser(), "GRANT SET ON PARAMETER session_replication_role TO " + role);
    }
  }

  /** The source, as its owner, without a link between. */
  ConnectionDetails source() {
    return sourceServer.connection("shop", DrillMigration.SOURCE_ROLE, DrillMigration.PASSWORD);
  }

  /** The target, as its owner, without a link between. */
  ConnectionDetails target() {
    return targetServer.connection("shop", DrillMigration.TARGET_ROLE, DrillMigration.PASSWORD);
  }

  /** The migration as the process sees it that migrates. */
  DrillMigration throughLinks(DrillPlan plan, Path folder) {
    return migration(plan, folder, sourceLink.port(), targetLink.port());
  }

  /** The migration as its operator sees it, whom no link fails. */
  DrillMigration direct(DrillPlan plan, Path folder) {
    return migration(plan, folder, sourceServer.port(), targetServer.port());
  }

  private DrillMigration migration(DrillPlan plan, Path folder, int sourcePort, int targetPort) {
    ConnectionDetails keeper =
        (plan.keeperOnTarget() ? target() : source()).toBuilder().database("keeper").build();
    return new DrillMigration(
        folder,
        at(source(), sourcePort),
        at(target(), targetPort),
        at(keeper, plan.keeperOnTarget() ? targetPort : sourcePort),
        keeper.user(),
        plan.stateInDatabase(),
        plan.routeInDatabase(),
        plan.ending().reverses(),
        plan.ending() == DrillPlan.Ending.ABORTED);
  }

  private static String at(ConnectionDetails database, int port) {
    return database.toBuilder().at(database.host(), port).build().jdbcUrl();
  }

  @Override
  public void close() throws IOException {
    // The last first; each of them, whatever another says.
    try (targetServer;
        sourceServer;
        targetLink;
        sourceLink) {
      // Closed by leaving.
    }
  }
}
