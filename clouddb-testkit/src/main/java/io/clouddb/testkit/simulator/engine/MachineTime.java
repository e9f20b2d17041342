/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import io.clouddb.testkit.simulator.engine.SimulatorException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the clock of this machine showed, by what nobody sets. The clock is set when the machine
 * wakes up, or by who keeps it right; a simulated clock runs by {@link System#nanoTime()}, and
 * PostgreSQL writes down what the clock shows.
 */
final class MachineTime {
  /** What they may differ by, in nanoseconds, before that counts as set. */
  private static final long TOLERANCE = 1_000_000;

  /**
   * By how many nanoseconds a second a clock that is wrong may be slowed down or sped up until it
   * is right: adjtime(2) of BSD, and NTP. Linux does the same to what nobody sets, and no other
   * system.
   */
  private static final long SLEW = 500_000;

  /** For how long that is believed of a time in which nobody looked, in nanoseconds. */
  private static final long UNSEEN = 600_000_000_000L;

  private static final int READINGS = 10;

  private final LongSupplier ticks;
  private final InstantSource clock;
  private final long slew;
  private final long origin;

  /** The first, and one after each time that the clock was set or slewed, by ticks. */
  private final NavigableMap<Long, Run> runs = new TreeMap<>();

  private Reading last;

  /**
   * Both at once.
   *
   * @param tick nanoseconds since the first reading
   * @param shown by the machine's clock
   */
  record Reading(long tick, Instant shown) {}

  /**
   * A time in which nobody set the clock, as far as it was looked.
   *
   * @param shown at its first reading
   * @param earliest what it can have shown first: it was set at some time before that reading; null
   *     where it was slewed only, and has shown each time once
   */
  private record Run(Instant shown, @Nullable Instant earliest) {}

  MachineTime() {
    this(
        System::nanoTime,
        InstantSource.system(),
        System.getProperty("os.name", "").startsWith("Linux") ? 0 : SLEW);
  }

  /**
   * @param ticks nanoseconds, which nobody sets
   * @param clock the time, which may be set
   * @param slew by how many nanoseconds a second they may come apart without that
   */
  MachineTime(LongSupplier ticks, InstantSource clock, long slew) {
    this.ticks = ticks;
    this.clock = clock;
    this.slew = slew;
    this.origin = ticks.getAsLong();
    this.last = closest();
    runs.put(0L, new Run(last.shown().minusNanos(last.tick()), null));
  }

  /** Reads both, and notices when the clock was set since the last time. */
  synchronized Reading read() {
    long tick = tick();
    Reading reading = new Reading(tick, clock.instant());
    if (!isAsExpected(reading)) {
      // A thread may only have been held up between the two.
      reading = closest();
      if (!isAsExpected(reading)) {
        runs.put(reading.tick(), begin(reading));
      }
    }
    last = reading;
    return reading;
  }

  private Run begin(Reading reading) {
    Instant shown = reading.shown();
    if (isSlewed(reading)) {
      return new Run(shown, null);
    }
    boolean setBack = shown.isBefore(shown(runs.lastEntry(), reading.tick()));
    return new Run(shown, setBack ? shown.minusNanos(reading.tick() - last.tick()) : shown);
  }

  private boolean isSlewed(Reading reading) {
    long passed = reading.tick() - last.tick();
    Duration off = Duration.between(last.shown().plusNanos(passed), reading.shown());
    long most = TOLERANCE + (long) (slew * (Math.min(passed, UNSEEN) / 1e9));
    return slew > 0 && off.abs().compareTo(Duration.ofNanos(most)) <= 0;
  }

  private long tick() {
    return ticks.getAsLong() - origin;
  }

  private Reading closest() {
    Reading closest = new Reading(tick(), clock.instant());
    long smallest = Long.MAX_VALUE;
    for (int i = 0; i < READINGS; i++) {
      long before = tick();
      Instant shown = clock.instant();
      long gap = tick() - before;
      if (gap < smallest) {
        smallest = gap;
        closest = new Reading(before + gap / 2, shown);
      }
    }
    return closest;
  }

  private boolean isAsExpected(Reading reading) {
    Map.Entry<Long, Run> run = runs.lastEntry();
    Duration off = Duration.between(shown(run, reading.tick()), reading.shown());
    return off.abs().compareTo(Duration.ofNanos(TOLERANCE)) <= 0;
  }

  private static Instant shown(Map.Entry<Long, Run> run, long tick) {
    return run.getValue().shown().plusNanos(tick - run.getKey());
  }

  /** What the clock shows now. See {@link #at} for what is thrown. */
  Instant now() {
    return at(read(), 0);
  }

  /**
   * What the clock showed some time after a reading.
   *
   * @throws SimulatorException when it was set back and showed that time twice: a log that is
   *     replayed up to it ends at the first commit that is later, whichever of the two is meant
   */
  synchronized Instant at(Reading reading, long nanosLater) {
    long tick = reading.tick() + nanosLater;
    Map.Entry<Long, Run> run = runs.floorEntry(tick);
    Instant time =
        run == null || run.getKey() <= reading.tick()
            ? reading.shown().plusNanos(nanosLater)
            : shown(run, tick);
    Map.Entry<Long, Run> before = null;
    for (Map.Entry<Long, Run> next : runs.entrySet()) {
      Instant start = next.getValue().earliest();
      if (before != null && start != null) {
        Instant end = shown(before, next.getKey());
        if (next.getKey() <= tick ? end.isAfter(time) : start.isBefore(time)) {
          throw new SimulatorException(
              Reason.BACKEND,
              "The clock of this machine was set back from "
                  + end
                  + " to "
                  + start
                  + ", so PostgreSQL cannot tell what was committed by "
                  + time
                  + ": restore a moment that is no part of that time, or make the instance anew");
        }
      }
      before = next;
    }
    return time;
  }
}
