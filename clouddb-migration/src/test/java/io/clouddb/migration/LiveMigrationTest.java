/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.HtmlReport;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.StepReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveMigrationTest {
  private static final int CUSTOMERS = 2000;

  private static final Set<MigrationStep> STEPS =
      EnumSet.complementOf(EnumSet.of(MigrationStep.REVERSE));

  @TempDir Path folder;

  private MigrationBuilder migration(TwoDatabases both, RouteStore route) {
    return both.migration(folder).route(route);
  }

  private RouteStore routeInAFile() {
    return RouteStore.file(folder.resolve("route.json"));
  }

  /**
   * In the very database that is migrated: the fence must not keep the switch from being written.
   */
  private static RouteStore routeIn(DataSource database) {
    return RouteStore.jdbc(database, "shop");
  }

  @Tag("slow")
  @Test
  void movesADatabaseToItsOwnVersionWithoutTheReplicaRole() throws Exception {
    movesADatabaseWhileTheApplicationWrites(16, 16, false);
  }

  @ParameterizedTest
  @CsvSource({"16, 16, true", "14, 18, false"})
  void movesADatabaseWhileTheApplicationWrites(int from, int to, boolean replicaRole)
      throws Exception {
    try (TwoDatabases both = TwoDatabases.start(from, to, replicaRole);
        RouteStore route = replicaRole ? routeIn(both.pool(both.source)) : routeInAFile();
        SwitchableDataSource shop = both.follow(route)) {
      ShopSchema.create(both.source, CUSTOMERS);
      RecordingListener listener = new RecordingListener();
      MigrationReport report;
      ShopWriters writers = new ShopWriters(shop, 2, CUSTOMERS);
      try {
        report = migration(both, route).listener(listener).build().run();
        int atTheSwitch = writers.written();
        Eventually.until("writes on the target", () -> writers.written() > atTheSwitch + 20);
      } finally {
        writers.close();
      }

      HtmlReport.write(report, Path.of("target", "live-" + from + "-" + to + ".html"));
      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(writers.errors()).isEmpty();
      assertThat(writers.lost(both.target)).isEmpty();
      assertThat(writers.unknown(both.target)).isEmpty();
      assertThat(report.mismatches()).isZero();
      assertThat(report.rowsCopied()).isGreaterThanOrEqualTo(6L * CUSTOMERS);
      assertThat(report.changesApplied()).isPositive();
      assertThat(report.rowsValidated()).isGreaterThanOrEqualTo(report.rowsCopied() / 2);
      assertThat(report.writePauseMillis()).isPositive().isLessThan(10_000);
      assertThat(report.steps()).extracting(StepReport::step).containsExactlyElementsOf(STEPS);
      assertThat(report.tables())
          .allSatisfy(table -> assertThat(table.sourceDigest()).isEqualTo(table.targetDigest()));
      assertThat(report.findings()).noneMatch(f -> f.code().equals("schema.differs"));
      assertThat(report.samples()).isNotEmpty();
      assertThat(listener.finished()).containsExactlyElementsOf(STEPS);
      assertThat(MigrationReport.fromJson(report.toJson())).isEqualTo(report);
      theTargetIsWhole(both);
      nothingIsLeftButTheFence(both);
      theApplicationThatStayedBehindIsRefused(both);
      assertThat(migration(both, route).build().run()).isEqualTo(report);
    }
  }

  private static void theTargetIsWhole(TwoDatabases both) throws SQLException {
    assertThat(
            TwoDatabases.ask(
                both.target,
                "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"))
        .isEqualTo("2");
    // One row of the trigger's for each order, whether copied, applied or written after the switch.
    assertThat(
            TwoDatabases.ask(
                both.target, "SELECT (SELECT count(*) FROM audit) = (SELECT count(*) FROM orders)"))
        .isEqualTo("t");
    assertThat(
            TwoDatabases.ask(
                both.target,
                "SELECT (SELECT max(id) FROM orders) <= (SELECT last_value FROM orders_id_seq)"))
        .isEqualTo("t");
  }

  private static void nothingIsLeftButTheFence(TwoDatabases both) throws SQLException {
    assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM pg_replication_slots"))
        .isEqualTo("0");
    assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM pg_publication")).isEqualTo("0");
    assertThat(
            TwoDatabases.ask(
                both.target,
                "SELECT count(*) FROM pg_namespace WHERE nspname = 'clouddb_migration'"))
        .isEqualTo("0");
  }

  private static void theApplicationThatStayedBehindIsRefused(TwoDatabases both)
      throws SQLException {
    for (ConnectionDetails who : List.of(both.sourceApplication(), both.source)) {
      assertThatThrownBy(() -> TwoDatabases.run(who, "INSERT INTO audit (what) VALUES ('late')"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"))
          .hasMessageContaining("moves to");
    }
  }
}
