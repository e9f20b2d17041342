/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ScaledClockTest {
  /** A day in a second. */
  private static final double SPEED = 86_400;

  private final ScaledClock clock = SimulatedClock.scaled(SPEED);

  private final ScaledClock other = SimulatedClock.scaled(SPEED);
  private final BlockingQueue<Instant> done = new LinkedBlockingQueue<>();

  /** Real time in which an hour passes by a clock of that speed. */
  private void work() {
    CountDownLatch over = new CountDownLatch(1);
    other.schedule(Duration.ofHours(1), over::countDown);
    try {
      assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void standsStillUntilTheLastOneLetsGo() throws Exception {
    Runnable first = clock.standStill();
    Runnable second = clock.standStill();
    Instant before = clock.instant();
    clock.schedule(Duration.ofMinutes(30), () -> done.add(clock.instant()));
    work();
    first.run();
    work();
    assertThat(clock.instant()).isEqualTo(before);
    assertThat(done).isEmpty();
    second.run();
    assertThat(done.poll(30, TimeUnit.SECONDS)).isAfterOrEqualTo(before.plusSeconds(1800));
    assertThat(clock.instant()).isAfter(before);
  }

  @Test
  void knowsWhenItLastShowedATime() {
    // What is a millisecond late in real time is so in both directions at most.
    Duration late = Duration.ofMillis(1);
    Instant before = Instant.now();
    Instant running = clock.instant();
    Instant after = Instant.now();
    Runnable goOn = clock.standStill();
    Instant standing = clock.instant();
    work();
    Instant end = Instant.now();
    assertThat(clock.realTimeOf(standing)).isAfterOrEqualTo(end);
    goOn.run();
    work();
    assertThat(clock.realTimeOf(running)).isBetween(before.minus(late), after.plus(late));
    assertThat(clock.realTimeOf(standing)).isBetween(end.minus(late), Instant.now().plus(late));
    Instant later = clock.instant().plus(Duration.ofDays(365));
    assertThat(clock.realTimeOf(later)).isAfterOrEqualTo(end);
  }

  /** A machine's time, which a test sets. */
  private final AtomicLong ticks = new AtomicLong(-7);

  private Instant wall = Instant.parse("2026-01-01T00:00:00Z");

  private void pass(Duration time) {
    ticks.addAndGet(time.toNanos());
    wall = wall.plus(time);
  }

  private Instant set(Duration by) {
    wall = wall.plus(by);
    return wall;
  }

  @Test
  void knowsWhenItShowedATimeAlsoWhereTheMachineSleptMeanwhile() {
    Duration second = Duration.ofSeconds(1);
    try (ScaledClock sleeping =
        new ScaledClock(
            wall, 600, new MachineTime(ticks::get, () -> wall, 0), ScaledClock.ANY_BEAT)) {
      pass(second);
      Instant before = sleeping.instant();
      Instant asleep = wall;
      pass(second);
      Instant awake = set(Duration.ofHours(1));
      Instant at = sleeping.instant();
      pass(second);
      Instant after = sleeping.instant();
      pass(second);
      assertThat(at).isEqualTo(before.plusSeconds(600));
      assertThat(sleeping.realTimeOf(before)).isEqualTo(asleep);
      assertThat(sleeping.realTimeOf(at)).isEqualTo(awake);
      assertThat(sleeping.realTimeOf(after)).isEqualTo(awake.plusSeconds(1));
      assertThat(sleeping.realTime()).isEqualTo(wall);
    }
  }

  @Test
  void standsStillWhileTheProcessDoes() {
    MachineTime machine = new MachineTime(ticks::get, () -> wall, 0);
    try (ScaledClock fast = new ScaledClock(wall, 3000, machine, Duration.ofMillis(200))) {
      Instant begin = fast.instant();
      for (int i = 0; i < 10; i++) {
        pass(Duration.ofMillis(100));
        assertThat(fast.instant()).isEqualTo(begin.plusSeconds((i + 1) * 300L));
      }
      Instant before = fast.instant();
      Instant stalls = wall;
      pass(Duration.ofSeconds(10));
      Instant after = fast.instant();
      assertThat(after).isEqualTo(before.plusSeconds(600));
      pass(Duration.ofMillis(100));
      assertThat(fast.instant()).isEqualTo(after.plusSeconds(300));
      assertThat(fast.realTimeOf(before)).isEqualTo(stalls);
      assertThat(fast.realTimeOf(after)).isEqualTo(stalls.plusSeconds(10));
    }
  }

  @Test
  void losesNothingOfATimeInWhichItStoodStillByItself() {
    MachineTime machine = new MachineTime(ticks::get, () -> wall, 0);
    try (ScaledClock fast = new ScaledClock(wall, 3000, machine, Duration.ofMillis(200))) {
      Runnable goOn = fast.standStill();
      Instant standing = fast.instant();
      pass(Duration.ofSeconds(10));
      goOn.run();
      pass(Duration.ofMillis(100));
      assertThat(fast.instant()).isEqualTo(standing.plusSeconds(300));
    }
  }

  @Test
  void forgetsWhenItWentOnWhereThatWasOften() {
    Duration second = Duration.ofSeconds(1);
    try (ScaledClock busy =
        new ScaledClock(
            wall, 1, new MachineTime(ticks::get, () -> wall, 0), ScaledClock.ANY_BEAT)) {
      List<Instant> shown = new ArrayList<>();
      List<Instant> real = new ArrayList<>();
      for (int i = 0; i < 3 * ScaledClock.MOST_RUNS; i++) {
        pass(second);
        Runnable goOn = busy.standStill();
        pass(second);
        goOn.run();
        shown.add(busy.instant());
        real.add(wall);
      }
      assertThat(busy.runs()).isLessThanOrEqualTo(ScaledClock.MOST_RUNS);
      pass(second);
      for (int i = 0; i < shown.size(); i++) {
        // Never later than it was; and near to it.
        assertThat(busy.realTimeOf(shown.get(i)))
            .isBetween(real.get(i).minusSeconds(60), real.get(i));
      }
      int last = shown.size() - 1;
      assertThat(busy.realTimeOf(shown.get(last))).isEqualTo(real.get(last));
    }
  }

  @Test
  void whatTakesNoTimeDoesNotStopIt() throws Exception {
    List<Throwable> bugs = new ArrayList<>();
    try (Tasks tasks = new Tasks(clock, bugs::add)) {
      tasks.laterAtOnce(
          Duration.ofMinutes(1),
          () -> {
            done.add(clock.instant());
            work();
            done.add(clock.instant());
          });
      Instant begun = done.poll(30, TimeUnit.SECONDS);
      assertThat(done.poll(30, TimeUnit.SECONDS)).isAfter(begun);
    }
    assertThat(bugs).isEmpty();
  }

  @Test
  void refusesTimesThatTheMachineShowedTwice() {
    Duration hour = Duration.ofHours(1);
    try (ScaledClock setBack =
        new ScaledClock(
            wall, 1, new MachineTime(ticks::get, () -> wall, 0), ScaledClock.ANY_BEAT)) {
      pass(hour);
      Instant first = setBack.instant();
      Instant firstReal = wall;
      pass(hour);
      Instant twice = setBack.instant();
      pass(hour);
      Instant end = wall;
      Instant ended = setBack.instant();
      set(hour.multipliedBy(-2).plusMinutes(1));
      assertThat(setBack.instant()).isEqualTo(ended);
      pass(hour);
      assertThatThrownBy(setBack::realTime)
          .isInstanceOf(SimulatorException.class)
          .hasMessageContaining(end.toString());
      assertThatThrownBy(() -> setBack.realTimeOf(twice)).hasMessageContaining("set back");
      assertThat(setBack.realTimeOf(first)).isEqualTo(firstReal);
      pass(hour);
      assertThat(setBack.realTime()).isEqualTo(wall);
    }
  }

  /** As on a Mac, whose ticks are not slowed down with its clock. */
  @Test
  void takesAClockThatIsMadeRightSlowlyForSetByNobody() {
    Duration minute = Duration.ofMinutes(1);
    Duration slowed = Duration.ofMillis(-20);
    MachineTime machine = new MachineTime(ticks::get, () -> wall, 500_000);
    try (ScaledClock slewed = new ScaledClock(wall, 1, machine, ScaledClock.ANY_BEAT)) {
      pass(minute);
      Instant before = slewed.instant();
      Instant real = wall;
      for (int i = 0; i < 3; i++) {
        pass(minute);
        Instant now = set(slowed);
        assertThat(slewed.realTime()).isEqualTo(now);
      }
      assertThat(slewed.realTimeOf(before)).isEqualTo(real);
      pass(minute);
      set(slowed.multipliedBy(2));
      assertThatThrownBy(slewed::realTime).hasMessageContaining("set back");
    }
  }

  /** Nobody has looked in between: what is refused then is no wrong data. */
  @Test
  void takesAClockThatIsOffByMuchAfterALongTimeForSet() {
    MachineTime machine = new MachineTime(ticks::get, () -> wall, 500_000);
    try (ScaledClock quiet = new ScaledClock(wall, 1, machine, ScaledClock.ANY_BEAT)) {
      pass(Duration.ofHours(1));
      set(Duration.ofSeconds(-1));
      assertThatThrownBy(quiet::realTime).hasMessageContaining("set back");
    }
  }

  @Test
  void letsTheTimeGoOnOnlyOnceForEachWhoStoppedIt() {
    Runnable first = clock.standStill();
    Runnable second = clock.standStill();
    Instant before = clock.instant();
    first.run();
    first.run();
    work();
    assertThat(clock.instant()).isEqualTo(before);
    second.run();
    second.run();
    Instant later = clock.instant();
    Runnable third = clock.standStill();
    assertThat(clock.instant()).isAfterOrEqualTo(later);
    third.run();
  }

  @Test
  void realWorkOfACloudTakesNoSimulatedTime() throws Exception {
    List<Throwable> bugs = new ArrayList<>();
    try (Tasks tasks = new Tasks(clock, bugs::add)) {
      tasks.later(
          Duration.ofMinutes(1),
          () -> {
            done.add(clock.instant());
            work();
            done.add(clock.instant());
          });
      Instant begun = done.poll(30, TimeUnit.SECONDS);
      assertThat(done.poll(30, TimeUnit.SECONDS)).isEqualTo(begun);
    }
    assertThat(bugs).isEmpty();
  }

  @Test
  void forgetsWhatWaitsForItWhenItIsClosed() {
    Runnable still = clock.standStill();
    clock.schedule(Duration.ofMinutes(30), () -> done.add(clock.instant()));
    work();
    clock.close();
    still.run();
    work();
    assertThat(done).isEmpty();
  }
}
