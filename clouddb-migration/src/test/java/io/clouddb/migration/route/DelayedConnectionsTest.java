/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.Eventually;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A migration that cannot keep up slows the applications down, for a time. */
class DelayedConnectionsTest {
  private static final Duration LONG = Duration.ofDays(1);
  private static final Duration DELAY = Duration.ofMillis(150);

  @TempDir Path folder;

  private final AtomicLong clock = new AtomicLong(1_000);
  private final ConnectionGate gate = new ConnectionGate("shop", LONG, clock::get);

  private static Route delayed(Duration delay, Duration lease) {
    return Route.initial("shop").delayed(delay, lease, Instant.EPOCH);
  }

  private CompletableFuture<Route.Side> enter() {
    CompletableFuture<Route.Side> entered = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                entered.complete(gate.enter(LONG.multipliedBy(100)));
              } catch (SQLException e) {
                entered.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    Eventually.until(
        "waiting or through",
        () -> entered.isDone() || thread.getState() == Thread.State.TIMED_WAITING);
    return entered;
  }

  @Test
  void holdsEachConnectionBackForItsTime() throws Exception {
    gate.observe(delayed(LONG, LONG.multipliedBy(9)), clock.get());
    CompletableFuture<Route.Side> entered = enter();
    assertThat(entered).isNotDone();

    clock.addAndGet(LONG.toNanos());
    gate.observe(delayed(LONG, LONG.multipliedBy(9)), clock.get());
    assertThat(entered.get(60, TimeUnit.SECONDS)).isEqualTo(Route.Side.SOURCE);
  }

  @Test
  void endsWithItsLeaseWhenNobodyRenewsIt() throws Exception {
    Route route = delayed(LONG, Duration.ofSeconds(10));
    gate.observe(route, clock.get());
    clock.addAndGet(Duration.ofSeconds(9).toNanos());
    // Read again and again, it is still the same record, and not renewed by that.
    gate.observe(route, clock.get());
    CompletableFuture<Route.Side> entered = enter();
    assertThat(entered).isNotDone();
    clock.addAndGet(Duration.ofSeconds(2).toNanos());
    gate.observe(route, clock.get());

    assertThat(entered.get(60, TimeUnit.SECONDS)).isEqualTo(Route.Side.SOURCE);
    assertThat(enter().get(60, TimeUnit.SECONDS)).isEqualTo(Route.Side.SOURCE);
  }

  @Test
  void endsWhenItIsTakenBackOrTheRouteIsSwitched() throws Exception {
    Route route = delayed(LONG, LONG);
    gate.observe(route, clock.get());
    CompletableFuture<Route.Side> first = enter();
    assertThat(first).isNotDone();
    gate.observe(route.delayed(Duration.ZERO, Duration.ZERO, Instant.EPOCH), clock.get());
    assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo(Route.Side.SOURCE);

    Route again = delayed(LONG, LONG);
    assertThat(again.opened(Route.Side.TARGET, Instant.EPOCH).delay()).isZero();
    assertThat(again.pausing(LONG, Instant.EPOCH).delay()).isZero();
  }

  @Test
  void neverRefusesAConnectionOnlyBecauseOfADelay() throws Exception {
    ConnectionGate now = new ConnectionGate("shop", LONG, System::nanoTime);
    now.observe(delayed(LONG, LONG), System.nanoTime());
    assertThat(now.enter(Duration.ofMillis(20))).isEqualTo(Route.Side.SOURCE);
  }

  @Test
  void reachesEveryDataSourceAndStandsInNobodysWay() throws Exception {
    try (RouteStore store = RouteStore.file(folder.resolve("route.json"));
        SwitchableDataSource one = follower(store);
        SwitchableDataSource two = follower(store)) {
      RouteControl control = new RouteControl(store, Clock.systemUTC());
      assertThat(control.delay(DELAY, LONG)).isTrue();
      long epoch = store.read().epoch();
      Eventually.until(
          "all members to know",
          () -> store.members().stream().allMatch(member -> member.epoch() >= epoch));

      for (SwitchableDataSource shop : new SwitchableDataSource[] {one, two}) {
        long began = System.nanoTime();
        shop.getConnection().close();
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(DELAY.toNanos());
      }

      Route paused = control.pause(Duration.ofSeconds(30), LONG);
      assertThat(control.delay(DELAY, LONG)).as("a delay in a pause").isFalse();
      assertThat(control.open(paused, Route.Side.TARGET).delay()).isZero();
    }
  }

  private static SwitchableDataSource follower(RouteStore store) {
    return SwitchableDataSource.builder(store)
        .source(new NamedDataSource("source").dataSource())
        .target(new NamedDataSource("target").dataSource())
        .build();
  }
}
