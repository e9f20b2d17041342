/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.migration.TwoDatabases;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

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

  private DrillServers(EmbeddedPostgres sourceServer, EmbeddedPostgres targetServer)
      throws IOException {
    this.sourceServer = sourceServer;
    this.targetServer = targetServer;
    ConnectionDetails source = sourceServer.superuser();
    ConnectionDetails target = targetServer.superuser();
    this.sourceLink = new FaultyLink(source.host(), source.port());
    this.targetLink = new FaultyLink(target.host(), target.port());
  }

  static DrillServers start(DrillPlan plan) throws SQLException, IOException {
    DrillServers servers =
        new DrillServers(server(plan.sourceVersion()), server(plan.targetVersion()));
    role(servers.sourceServer, DrillMigration.SOURCE_ROLE, plan.replicaRole());
    role(servers.targetServer, DrillMigration.TARGET_ROLE, plan.replicaRole());
    return servers;
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
    sourceLink.close();
    targetLink.close();
    try {
      sourceServer.close();
    } finally {
      targetServer.close();
    }
  }
}
