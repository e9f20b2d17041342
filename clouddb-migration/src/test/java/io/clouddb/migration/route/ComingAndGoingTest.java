/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short jobs that follow a route: there is always one that has just begun. */
class ComingAndGoingTest {
  @TempDir Path folder;

  @Test
  void jobsThatComeAndGoInOrderDoNotKeepTheDeadFromBeingCounted() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (RouteStore store = RouteStore.file(folder.resolve("shop.json"))) {
      // A job each 50 ms that lives for 250 ms, with a lease of 1 s, as one each 150 ms that lives
      // for
      // less than a second, with the usual lease of 3 s.
      Future<?> jobs =
          threads.submit(
              () -> {
                for (int i = 0; !over.get(); i++) {
                  store.beat(
                      new RouteMember("job" + i, "job " + i, 1, 0, 0, Duration.ofSeconds(1)));
                  TimeUnit.MILLISECONDS.sleep(50);
                  if (i > 3) {
                    store.leave("job" + (i - 4));
                  }
                }
                return null;
              });
      while (store.members().size() < 3) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      Future<List<String>> counted =
          threads.submit(
              () ->
                  new RouteControl(store, Clock.systemUTC())
                      .removeDead(Duration.ofSeconds(1), waited -> {}));
      boolean ended = true;
      try {
        counted.get(8, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        ended = false;
      }
      counted.cancel(true);
      over.set(true);
      jobs.get();
      assertThat(ended).as("it ends within 8 s, though its limit is 1 s").isTrue();
    } finally {
      over.set(true);
      threads.shutdownNow();
    }
  }
}
