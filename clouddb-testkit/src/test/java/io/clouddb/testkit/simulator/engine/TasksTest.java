/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of what a simulated cloud is doing when it is closed. */
class TasksTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final ManualClock clock = SimulatedClock.manual(Instant.EPOCH);
  private final List<Throwable> bugs = new ArrayList<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);

  /** Does it on a thread of its own, which tells whether it is interrupted afterwards. */
  private FutureTask<Boolean> work(Tasks tasks, Runnable work) throws InterruptedException {
    tasks.later(
        Duration.ofMinutes(1),
        () -> {
          begun.countDown();
          work.run();
        });
    FutureTask<Boolean> advancing =
        new FutureTask<>(
            () -> {
              clock.advance(Duration.ofMinutes(1));
              return Thread.currentThread().isInterrupted();
            });
    new Thread(advancing, "advances-the-clock").start();
    assertThat(begun.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return advancing;
  }

  private boolean waits() {
    try {
      never.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void keepsWhatATaskThrows() {
    IllegalStateException bug = new IllegalStateException("a bug");
    try (Tasks tasks = new Tasks(clock, bugs::add, SHORT, LONG)) {
      tasks.later(
          Duration.ofMinutes(1),
          () -> {
            throw bug;
          });
      assertThatThrownBy(() -> clock.advance(Duration.ofMinutes(1))).hasMessage("a bug");
    }
    assertThat(bugs).singleElement().isSameAs(bug);
  }

  /** A long log may be replayed for longer than anybody waits for a cloud to be closed. */
  @Test
  void interruptsWhatDoesNotEndAndNobodyElse() throws Exception {
    Tasks tasks = new Tasks(clock, bugs::add, SHORT, LONG);
    FutureTask<Boolean> advancing = work(tasks, this::waits);
    tasks.close();
    assertThat(advancing.get(LONG.toSeconds(), TimeUnit.SECONDS))
        .as("who sets the time is interrupted")
        .isFalse();
  }

  @Test
  void tellsOfWhatDoesNotEndEvenThen() throws Exception {
    Tasks tasks = new Tasks(clock, bugs::add, SHORT, SHORT);
    FutureTask<Boolean> advancing =
        work(
            tasks,
            () -> {
              while (never.getCount() > 0) {
                boolean unused = waits();
                unused = Thread.interrupted();
              }
            });
    assertThatThrownBy(tasks::close)
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("did not end within PT0.1S");
    never.countDown();
    boolean unused = advancing.get(LONG.toSeconds(), TimeUnit.SECONDS);
  }
}
