/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.edgecases;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.Eventually;
import io.clouddb.migration.Migration;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.postgres.testing.ReusedSessions;
import io.clouddb.migration.report.MigrationReport;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A database that is migrated while one writer does round after round, each in one transaction. All
 * that it does follows from the number of the round, so the same rounds, done again in a database
 * of its own, say what the target has to hold.
 */
final class LiveCase implements AutoCloseable {
  private static final int AFTER_THE_SWITCH = 5;

  private final TwoDatabases both;
  private final ConnectionDetails expected;
  private final MigrationReport report;

  private LiveCase(TwoDatabases both, ConnectionDetails expected, MigrationReport report) {
    this.both = both;
    this.expected = expected;
    this.report = report;
  }

  /** Migrates while the writer writes, and writes on for a while on the target. */
  static LiveCase migrate(
      int from, int to, boolean replicaRole, Path folder, List<String> schema, List<String> round)
      throws Exception {
    return migrate(from, to, replicaRole, folder, schema, round, List.of());
  }

  /**
   * Does so.
   *
   * @param late what each round does too, once the copy is done
   */
  static LiveCase migrate(
      int from,
      int to,
      boolean replicaRole,
      Path folder,
      List<String> schema,
      List<String> round,
      List<String> late)
      throws Exception {
    return migrate(
        TwoDatabases.start(from, to, replicaRole), "", folder, schema, new Rounds(round, late));
  }

  /** Does so between databases that were made for it; the application is the role shop_app. */
  static LiveCase migrate(TwoDatabases both, Path folder, List<String> schema, List<String> round)
      throws Exception {
    return migrate(both, "shop_app", folder, schema, new Rounds(round, List.of()));
  }

  /**
   * Does so while the application writes as a role of its own.
   *
   * @param roles statements that make further roles on a server; {@code %s} is the admin there
   */
  static LiveCase migrateAs(
      String application,
      String[] roles,
      int from,
      int to,
      Path folder,
      List<String> schema,
      List<String> round)
      throws Exception {
    TwoDatabases both = TwoDatabases.start(from, to, false);
    for (String role : roles) {
      TwoDatabases.run(both.sourceServer.superuser(), role.formatted("source_admin"));
      TwoDatabases.run(both.targetServer.superuser(), role.formatted("target_admin"));
    }
    return migrate(both, application, folder, schema, new Rounds(round, List.of()));
  }

  private static LiveCase migrate(
      TwoDatabases both, String application, Path folder, List<String> schema, Rounds rounds)
      throws Exception {
    try {
      TwoDatabases.run(
          both.targetServer.superuser(), "CREATE DATABASE expected OWNER target_admin");
      TwoDatabases.run(both.source, schema.toArray(String[]::new));
      ConnectionDetails expected =
          both.targetServer.connection("expected", "target_admin", SecretRef.literal("secret"));
      MigrationReport report = run(both, application, folder, rounds);
      TwoDatabases.run(expected, schema.toArray(String[]::new));
      rounds.again(both.pool(as(application, expected, both.targetServer)));
      return new LiveCase(both, expected, report);
    } catch (Exception | AssertionError e) {
      both.close();
      throw e;
    }
  }

  private static MigrationReport run(
      TwoDatabases both, String application, Path folder, Rounds rounds) throws Exception {
    CountDownLatch stop = new CountDownLatch(1);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (RouteStore route = RouteStore.file(folder.resolve("route.json"));
        SwitchableDataSource dataSource =
            SwitchableDataSource.builder(route)
                .source(both.pool(as(application, both.source, both.sourceServer)))
                .target(both.pool(as(application, both.target, both.targetServer)))
                .build()) {
      Future<Void> writer =
          thread.submit(
              () -> {
                // A breath between the rounds, so that doing them again takes no longer.
                while (!stop.await(10, TimeUnit.MILLISECONDS)) {
                  rounds.next(dataSource);
                }
                return null;
              });
      Eventually.until("the first round", () -> rounds.done() > 0 || writer.isDone());
      MigrationReport report =
          Migration.builder()
              .id("edge")
              .from(both.source)
              .to(both.target)
              .state(StateStore.directory(folder.resolve("state")))
              .route(route)
              .listener(rounds)
              .build()
              .run();
      int switched = rounds.done();
      Eventually.until(
          "rounds on the target",
          () -> rounds.done() >= switched + AFTER_THE_SWITCH || writer.isDone());
      stop.countDown();
      writer.get(60, TimeUnit.SECONDS);
      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(report.mismatches()).isZero();
      assertThat(report.changesApplied()).isPositive();
      assertThat(report.findings()).noneMatch(f -> f.code().equals("schema.differs"));
      return report;
    } finally {
      stop.countDown();
      thread.shutdown();
    }
  }

  private static ConnectionDetails as(
      String role, ConnectionDetails admin, EmbeddedPostgres server) {
    return role.isEmpty()
        ? admin
        : server.connection(admin.database(), role, SecretRef.literal("secret"));
  }

  MigrationReport report() {
    return report;
  }

  ConnectionDetails target() {
    return both.target;
  }

  /** The target as the role shop_app sees it. */
  ConnectionDetails targetApplication() {
    return as("shop_app", both.target, both.targetServer);
  }

  /** That tables hold on the target what they hold where no migration was; none of them empty. */
  void assertHolds(String... tables) throws SQLException {
    for (String table : tables) {
      String rows = "SELECT t::text COLLATE \"C\" FROM ONLY " + table + " AS t ORDER BY 1";
      String wanted = query(expected, rows);
      assertThat(wanted).as("rows of " + table).isNotEmpty();
      assertThat(query(both.target, rows)).as(table).isEqualTo(wanted);
    }
  }

  /** That a query says the same on both. */
  void assertSame(String query) throws SQLException {
    assertThat(query(both.target, query)).as(query).isNotEmpty().isEqualTo(query(expected, query));
  }

  private static String query(ConnectionDetails where, String sql) throws SQLException {
    return ReusedSessions.plain(
        where,
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            List<String> lines = new ArrayList<>();
            while (rows.next()) {
              lines.add(String.valueOf(rows.getString(1)));
            }
            return String.join("\n", lines);
          }
        });
  }

  @Override
  public void close() {
    both.close();
  }
}
