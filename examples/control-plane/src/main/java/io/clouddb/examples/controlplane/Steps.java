/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import io.clouddb.examples.terminal.Amounts;
import io.clouddb.examples.terminal.Display;
import io.clouddb.operation.Operation;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The steps, and how long each took by the cloud's clock. */
final class Steps {
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration LIMIT = Duration.ofHours(2);

  private final Display display;
  private final Clock clock;
  private final List<Taken> taken = new ArrayList<>();

  private record Taken(String name, Duration time) {}

  /**
   * What came of a step.
   *
   * @param value for the steps after it
   * @param text for people
   * @param <T> of the value
   */
  record Outcome<T>(T value, String text) {}

  /**
   * What is done in a step.
   *
   * @param <T> what comes of it
   */
  interface Work<T> {
    /**
     * Does it.
     *
     * @return what came of it
     */
    Outcome<T> run() throws SQLException, InterruptedException;
  }

  Steps(Display display, Clock clock) {
    this.display = display;
    this.clock = clock;
  }

  <T> T step(String name, Work<T> work) throws SQLException, InterruptedException {
    display.begin(name);
    Instant began = clock.instant();
    Outcome<T> outcome = work.run();
    Duration time = Duration.between(began, clock.instant());
    taken.add(new Taken(name, time));
    display.done(name, outcome.text(), time);
    return outcome.value();
  }

  /** Waits for an operation, and shows what it is doing. */
  <T> T await(Operation<T> operation) throws InterruptedException {
    awaitEnd(operation);
    // Has ended, or says with its token that it has not.
    return operation.await(LOOK);
  }

  /** Waits until an operation is over, whatever came of it. */
  void awaitEnd(Operation<?> operation) throws InterruptedException {
    long began = System.nanoTime();
    while (operation.status() == Operation.Status.RUNNING
        && System.nanoTime() - began < LIMIT.toNanos()) {
      display.progress(operation.progress());
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
  }

  /** Waits until so much of the cloud's time has passed. */
  void pass(Duration time) throws InterruptedException {
    Instant until = clock.instant().plus(time);
    while (clock.instant().isBefore(until)) {
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
  }

  void show(Display display) {
    display.headline("What each step took");
    Duration all = Duration.ZERO;
    for (Taken step : taken) {
      row(display, step.name(), step.time());
      all = all.plus(step.time());
    }
    row(display, "all", all);
  }

  private static void row(Display display, String name, Duration time) {
    display.say(String.format(Locale.ROOT, "  %-10s %12s", name, Amounts.duration(time)));
  }
}
