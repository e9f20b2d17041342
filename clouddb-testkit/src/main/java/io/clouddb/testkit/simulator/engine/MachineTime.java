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

/**
 * What the clock of this machine showed, by what nobody sets. The clock is set when the machine
 * wakes up, or by who keeps it right; a simulated clock runs by {@link System#nanoTime()}, and
 * PostgreSQL writes down what the clock shows.
 */
final class MachineTime {
  /** What they may differ by, in nanoseconds, before that counts as set. */
  private static final long TOLERANCE = 1_000_000;

  private static final int READINGS = 10;

  private final LongSupplier ticks;
  private final InstantSource clock;
  private final long origin;

  /** The first, and one after each time that the clock was set, by ticks. */
  private final NavigableMap<Long, Run> runs = new TreeMap<>();

  private long lastRead;

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
   * @param earliest what it can have shown first: it was set at some time before that reading
   */
  private record Run(Instant shown, Instant earliest) {}

  MachineTime() {
    this(System::nanoTime, InstantSource.system());
  }

  /**
   * @param ticks nanoseconds, which nobody sets
   * @param clock the time, which may be set
   */
  MachineTime(LongSupplier ticks, InstantSource clock) {
    this.ticks = ticks;
    this.clock = clock;
    this.origin = ticks.getAsLong();
    Reading first = closest();
    Instant start = first.shown().minusNanos(first.tick());
    runs.put(0L, new Run(start, start));
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
    lastRead = reading.tick();
    return reading;
  }

  private Run begin(Reading reading) {
    Instant shown = reading.shown();
    boolean setBack = shown.isBefore(shown(runs.lastEntry(), reading.tick()));
    return new Run(shown, setBack ? shown.minusNanos(reading.tick() - lastRead) : shown);
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
      if (before != null) {
        Instant end = shown(before, next.getKey());
        Instant start = next.getValue().earliest();
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
