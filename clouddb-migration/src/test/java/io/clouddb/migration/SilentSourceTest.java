/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.drill.FaultyLink;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.JournalEntry;
import io.clouddb.migration.state.StateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source's host is gone from one moment to the next: it answers nothing, and ends nothing. */
class SilentSourceTest {
  @TempDir Path folder;

  private record Hooked(Journal journal, Runnable decided) implements Journal {
    @Override
    public List<JournalEntry> entries() {
      return journal.entries();
    }

    @Override
    public JournalEntry append(String kind, Map<String, String> data) {
      JournalEntry entry = journal.append(kind, data);
      if (kind.equals("cutover.point-of-no-return")) {
        decided.run();
      }
      return entry;
    }

    @Override
    public Optional<JournalEntry> settle() {
      return journal.settle();
    }

    @Override
    public void close() {
      journal.close();
    }
  }

  @Test
  void theSwitchDoesNotWaitForASourceThatIsLostRightAfterTheDecision() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true);
        FaultyLink link = new FaultyLink(both.source.host(), both.source.port());
        RouteStore route = RouteStore.file(folder.resolve("route.json"))) {
      ShopSchema.create(both.source, 20);
      StateStore real = StateStore.directory(folder.resolve("state"));
      CountDownLatch decided = new CountDownLatch(1);
      StateStore store =
          id ->
              new Hooked(
                  real.open(id),
                  () -> {
                    link.inflict(FaultyLink.Fault.STALL);
                    decided.countDown();
                  });
      Migration migration =
          both.migration(folder)
              .from(both.source.toBuilder().at("127.0.0.1", link.port()).build())
              .route(route)
              .state(store)
              .pauseLimit(Duration.ofSeconds(10))
              .build();
      CompletableFuture<?> run = CompletableFuture.supplyAsync(migration::run);
      assertThat(decided.await(2, TimeUnit.MINUTES)).isTrue();
      Eventually.until(
          "the route to lead to the target", () -> route.read().side() == Route.Side.TARGET);
      Eventually.until("the source to be asked in vain behind the switch", () -> link.hits() > 0);
      link.mend();
      run.get(2, TimeUnit.MINUTES);
    }
  }
}
