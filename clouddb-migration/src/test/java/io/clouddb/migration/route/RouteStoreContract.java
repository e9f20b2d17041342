/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every store of a route has to do. */
abstract class RouteStoreContract {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  /** Another store of the same route, as another process would open it. */
  abstract RouteStore openStore();

  @Test
  void beginsOpenToTheSource() {
    try (RouteStore store = openStore()) {
      Route route = store.read();

      assertThat(route.epoch()).isZero();
      assertThat(route.state()).isEqualTo(Route.State.OPEN);
      assertThat(route.side()).isEqualTo(Route.Side.SOURCE);
      assertThat(store.members()).isEmpty();
    }
  }

  @Test
  void keepsWhatWasSet() {
    try (RouteStore store = openStore();
        RouteStore other = openStore()) {
      Route first = store.read();
      Route pausing = first.pausing(Duration.ofSeconds(7), NOON);

      assertThat(store.compareAndSet(first, pausing)).isTrue();
      assertThat(other.read()).isEqualTo(pausing);
      Route open = pausing.opened(Route.Side.TARGET, NOON.plusSeconds(1));
      assertThat(other.compareAndSet(pausing, open)).isTrue();
      assertThat(store.read()).isEqualTo(open);
      Route delayed = open.delayed(Duration.ofMillis(120), Duration.ofSeconds(9), NOON);
      assertThat(store.compareAndSet(open, delayed)).isTrue();
      assertThat(other.read()).isEqualTo(delayed);
      assertThat(other.read().delay()).hasMillis(120);
      assertThat(other.read().delayLease()).hasSeconds(9);
    }
  }

  @Test
  void refusesAChangeOfAnOldRoute() {
    try (RouteStore store = openStore()) {
      Route first = store.read();
      Route second = first.opened(Route.Side.TARGET, NOON);
      store.compareAndSet(first, second);

      assertThat(store.compareAndSet(first, first.pausing(Duration.ZERO, NOON))).isFalse();
      assertThat(store.read()).isEqualTo(second);
    }
  }

  @Test
  void letsExactlyOneWinEachEpochOfARace() throws Exception {
    int racers = 6;
    int epochs = 25;
    ExecutorService threads = Executors.newFixedThreadPool(racers);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Integer>> wins = new ArrayList<>();
      for (int i = 0; i < racers; i++) {
        Callable<Integer> racer =
            () -> {
              int won = 0;
              try (RouteStore store = openStore()) {
                start.await();
                Route seen = store.read();
                while (seen.epoch() < epochs) {
                  if (store.compareAndSet(seen, seen.opened(Route.Side.SOURCE, NOON))) {
                    won++;
                  }
                  seen = store.read();
                }
              }
              return won;
            };
        wins.add(threads.submit(racer));
      }
      start.countDown();

      int total = 0;
      for (Future<Integer> win : wins) {
        total += win.get(60, TimeUnit.SECONDS);
      }
      assertThat(total).isEqualTo(epochs);
      try (RouteStore store = openStore()) {
        assertThat(store.read().epoch()).isEqualTo(epochs);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void listsMembersUntilTheyLeave() {
    try (RouteStore store = openStore();
        RouteStore other = openStore()) {
      RouteMember one = new RouteMember("one", "process 1", 1, 0, 0, Duration.ofSeconds(3));
      RouteMember two = new RouteMember("two", "process 2", 1, 0, 2, Duration.ofSeconds(5));
      store.beat(one);
      other.beat(two);
      RouteMember later = new RouteMember("one", "process 1", 2, 4, 1, Duration.ofSeconds(3));
      store.beat(later);

      assertThat(other.members()).containsExactlyInAnyOrder(later, two);
      other.leave("one");
      other.leave("one");
      assertThat(store.members()).containsExactly(two);
    }
  }
}
