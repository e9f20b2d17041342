/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.examples.command.Interruption;
import io.clouddb.examples.quickstart.application.RunningApplication;
import io.clouddb.examples.quickstart.ledger.LedgerCheck;
import io.clouddb.examples.quickstart.ledger.LedgerResult;
import io.clouddb.examples.quickstart.shop.ShopData;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases that the quickstart did not make, and an application that follows its route. */
@Tag("slow")
class OwnDatabasesTest {
  private static final String TRACES =
      "SELECT (SELECT count(*) FROM pg_publication) || ' ' || (SELECT count(*) FROM"
          + " pg_replication_slots) || ' ' || (SELECT count(*) FROM pg_trigger WHERE tgname LIKE"
          + " 'clouddb%') || ' ' || (SELECT count(*) FROM pg_namespace WHERE nspname LIKE"
          + " 'clouddb%')";

  @TempDir private Path folder;
  private EmbeddedPostgres source;
  private EmbeddedPostgres target;
  private ShopData data;

  @BeforeEach
  void startDatabases() throws SQLException {
    source =
        EmbeddedPostgres.builder().durable(false).ssl(true).setting("wal_level", "logical").start();
    target = EmbeddedPostgres.builder().durable(false).start();
    data = ShopData.ofRows(20_000);
    run(source.superuser(), "CREATE DATABASE shop");
    run(target.superuser(), "CREATE DATABASE shop");
    try (Connection connection = shop(source).connect()) {
      data.fill(connection);
    }
  }

  @AfterEach
  void stopDatabases() {
    // Each of them, whatever the other says.
    try (EmbeddedPostgres second = target;
        EmbeddedPostgres first = source) {
      // Closed by leaving.
    }
  }

  private static ConnectionDetails shop(EmbeddedPostgres postgres) {
    return postgres.superuser().toBuilder().database("shop").build();
  }

  private static void run(ConnectionDetails database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(ConnectionDetails database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static String url(EmbeddedPostgres postgres) {
    return postgres.superuser().toBuilder().database("shop").build().jdbcUrl();
  }

  private CommandRun start(String... more) throws IOException, InterruptedException {
    String[] arguments = new String[4 + more.length];
    arguments[0] = "--from";
    arguments[1] = url(source);
    arguments[2] = "--to";
    arguments[3] = url(target);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return CommandRun.start(
        folder,
        Map.of(
            "CLOUDDB_SOURCE_USER", source.superuser().user(),
            "CLOUDDB_SOURCE_PASSWORD", source.superuser().credentials().getProperty("password"),
            "CLOUDDB_TARGET_USER", target.superuser().user(),
            "CLOUDDB_TARGET_PASSWORD", target.superuser().credentials().getProperty("password")),
        arguments);
  }

  private Path route() {
    return folder
        .resolve("report")
        .resolve(
            OwnDatabases.of(
                    url(source),
                    url(target),
                    Map.of(
                        "CLOUDDB_SOURCE_USER", "a",
                        "CLOUDDB_SOURCE_PASSWORD", "b",
                        "CLOUDDB_TARGET_USER", "c",
                        "CLOUDDB_TARGET_PASSWORD", "d"))
                .id())
        .resolve("route.json");
  }

  private static void awaitWrites(RunningApplication application, long more) {
    long wanted = application.status().acknowledged() + more;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (application.status().acknowledged() < wanted) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      assertThat(application.isAlive()).isTrue();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  @Test
  void anApplicationThatFollowsTheRouteIsSwitchedOverWithoutAnError() throws Exception {
    Files.createDirectories(route().getParent());
    try (RunningApplication application =
            RunningApplication.start(
                folder.resolve("application"), route(), shop(source), shop(target), data);
        CommandRun run = start()) {
      assertThat(run.exitCode()).as(run.output()).isZero();
      awaitWrites(application, 100);
      assertThat(application.stop()).isTrue();

      assertThat(application.status().errors()).isZero();
      try (Connection connection = shop(target).connect()) {
        LedgerResult writes = LedgerCheck.check(connection, application.ledger());
        assertThat(writes)
            .isEqualTo(new LedgerResult(application.status().acknowledged(), 0, 0, 0, 0));
      }
      assertThat(run.json().get("status").asText()).isEqualTo("COMPLETED");
      assertThat(run.json().get("mismatches").asLong()).isZero();
      assertThat(run.json().get("rowsCopied").asLong()).isGreaterThanOrEqualTo(data.total());
      assertThat(run.json().get("changesApplied").asLong()).isPositive();
      assertThat(run.json().get("steps")).hasSize(7);
      assertThat(run.output()).contains("SwitchableDataSource.builder(RouteStore.file(");
      assertThat(Files.readString(run.report().resolve("report.html"))).contains("COMPLETED");
    }
  }

  @Test
  @Tag("slow")
  void ctrlCLeavesTheSourceAsItWas() throws Exception {
    Files.createDirectories(route().getParent());
    try (RunningApplication application =
            RunningApplication.start(
                folder.resolve("application"), route(), shop(source), shop(target), data);
        CommandRun run = start()) {
      run.awaitOutput("preflight ");
      run.interrupt();

      assertThat(run.exitCode()).as(run.output()).isEqualTo(Interruption.EXIT_CODE);
      awaitWrites(application, 100);
      assertThat(application.stop()).isTrue();
      assertThat(application.status().errors()).isZero();
      try (Connection connection = shop(source).connect()) {
        assertThat(LedgerCheck.check(connection, application.ledger()))
            .isEqualTo(new LedgerResult(application.status().acknowledged(), 0, 0, 0, 0));
      }
      assertThat(ask(shop(source), TRACES)).as(run.output()).isEqualTo("0 0 0 0");
      assertThat(run.json().get("status").asText()).isEqualTo("ROLLED_BACK");
    }
  }
}
