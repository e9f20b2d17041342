/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.BusyException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.NotFoundException;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.Rehearsal;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cutover can be rehearsed, and waits for the word when it is told to. */
class CutoverOnRequestTest {
  private static final int CUSTOMERS = 200;

  @TempDir Path folder;

  private MigrationBuilder migration(TwoDatabases both, RouteStore route) {
    return both.migration(folder).route(route).cutoverOnRequest(true);
  }

  @Tag("slow")
  @Test
  void rehearsesUnderLoadThenCutsOverWhenAsked() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, false);
        RouteStore route = RouteStore.file(folder.resolve("route.json"));
        SwitchableDataSource shop = both.follow(route)) {
      ShopSchema.create(both.source, CUSTOMERS);
      RecordingListener listener = new RecordingListener();
      Migration migration = migration(both, route).listener(listener).build();
      assertThatThrownBy(migration::cutOver).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(migration::rehearse).isInstanceOf(ConditionFailedException.class);
      MigrationReport report;
      ShopWriters writers = new ShopWriters(shop, 2, CUSTOMERS);
      try {
        CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
        Eventually.until(
            "the wait for the word",
            Duration.ofMinutes(2),
            () -> listener.notices().stream().anyMatch(n -> n.startsWith("Ready for the cutover")));

        // The run is about to rely on its fence, whoever asks for the source to be released.
        assertThatThrownBy(migration::releaseSource).isInstanceOf(BusyException.class);
        assertThatThrownBy(migration(both, route).build()::releaseSource)
            .isInstanceOf(BusyException.class);
        Rehearsal first = migration.rehearse();
        Rehearsal second = migration.rehearse();

        for (Rehearsal rehearsal : new Rehearsal[] {first, second}) {
          assertThat(rehearsal.parts().keySet())
              .containsExactly("drain", "fence", "apply", "compare", "sequences", "open");
          assertThat(rehearsal.pause()).isPositive();
        }
        assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);
        assertThat(run).isNotDone();
        int rehearsed = writers.written();
        Eventually.until("writes on the source", () -> writers.written() > rehearsed + 50);
        assertThat(
                TwoDatabases.ask(
                    both.target,
                    "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
                        + " AND tgname LIKE 'clouddb%'"))
            .isEqualTo("0");

        migration.cutOver();

        report = run.get(60, TimeUnit.SECONDS);
        int switched = writers.written();
        Eventually.until("writes on the target", () -> writers.written() > switched + 20);
      } finally {
        writers.close();
      }
      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(writers.errors()).isEmpty();
      assertThat(writers.lost(both.target)).isEmpty();
      assertThat(writers.unknown(both.target)).isEmpty();
      assertThatThrownBy(migration::rehearse).isInstanceOf(ConditionFailedException.class);
    }
  }

  @Test
  @Tag("slow")
  void rehearsesFromWhatAKilledRunLeftAndOpensTheSourceWhenALimitIsMissed() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true);
        RouteStore route = MigrationProcess.route(folder)) {
      ShopSchema.create(both.source, CUSTOMERS);
      assertThat(MigrationProcess.run(folder, both, "start-of-CUTOVER"))
          .isEqualTo(MigrationProcess.DIED);

      assertThat(migration(both, route).build().rehearse().pause()).isPositive();
      try (Connection writer = both.source.connect();
          var statement = writer.createStatement()) {
        writer.setAutoCommit(false);
        statement.execute("UPDATE customers SET balance = 0 WHERE id = 1");
        assertThatThrownBy(
                () -> migration(both, route).fenceLimit(Duration.ofSeconds(1)).build().rehearse())
            .isInstanceOf(DeadlineException.class)
            .hasMessageContaining("public.customers");
        writer.rollback();
      }
      TwoDatabases.run(both.source, "UPDATE customers SET balance = 1 WHERE id = 1");

      assertThat(migration(both, route).cutoverOnRequest(false).build().run().status())
          .isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(TwoDatabases.ask(both.target, "SELECT balance FROM customers WHERE id = 1"))
          .isEqualTo("1");
    }
  }
}
