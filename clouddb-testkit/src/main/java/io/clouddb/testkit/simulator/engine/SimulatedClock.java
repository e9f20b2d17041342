/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import io.clouddb.spi.OperationTimer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The time of a simulated cloud. Whatever takes a real cloud minutes is a task on this clock. One
 * clock may serve several clouds. It is also a {@link Clock}, in UTC, and the {@link
 * OperationTimer} by which a {@link io.clouddb.CloudDb} follows its operations in simulated time.
 */
public abstract sealed class SimulatedClock extends Clock implements OperationTimer, AutoCloseable
    permits ManualClock, ScaledClock {
  private final MachineTime machine;

  SimulatedClock(MachineTime machine) {
    this.machine = machine;
  }

  /**
   * A clock that stands still until it is {@linkplain ManualClock#advance advanced}. For tests.
   *
   * @param start what it shows at first
   * @return a new clock
   */
  public static ManualClock manual(Instant start) {
    return new ManualClock(start, new MachineTime());
  }

  /**
   * A clock that runs faster than the real one, from now on, and stands still while a simulated
   * cloud works in truth, and while this process does nothing at all. One that is no faster goes on
   * meanwhile.
   *
   * @param factor how many simulated seconds pass in a real one, greater than zero
   * @return a new clock
   */
  public static ScaledClock scaled(double factor) {
    return ScaledClock.ofMachine(factor);
  }

  /**
   * Runs a task at a later simulated time. Tasks of the same time run in the order in which they
   * were scheduled.
   *
   * @param delay how much later, zero for at once
   * @param task what to run; it must not throw
   * @throws java.util.concurrent.RejectedExecutionException when the clock was closed
   */
  @Override
  public abstract void schedule(Duration delay, Runnable task);

  /**
   * Stops the time until it is let go: how long real work takes, such as the copy of a database,
   * depends on this machine and on what else it does, and on no cloud. May be asked for by several
   * at once; the time stands until the last of them lets go.
   *
   * @return lets the time go on; does nothing the second time
   */
  public abstract Runnable standStill();

  /**
   * The time of those who ask, whose pauses between two attempts are as long as they are however
   * fast a simulated cloud runs: what a service keeps for a time so that they can ask again, it
   * keeps for that time by this clock.
   *
   * @return this clock, where it goes no faster than the real time by itself; the machine's, where
   *     it does
   */
  public abstract Clock ofCallers();

  /**
   * The last moment of real time at which this clock showed a simulated one, or an earlier one:
   * what had been done by then was done no later than at that simulated time. As exact as the time
   * of this machine, which is a microsecond for what PostgreSQL writes down. Where that is set, as
   * when a laptop wakes up, this clock notices when somebody next asks it for the time.
   *
   * @param simulated the simulated time
   * @return the real time; now, when it has not passed yet
   * @throws SimulatorException when this machine has shown that time twice, since it was set back
   */
  public abstract Instant realTimeOf(Instant simulated);

  /**
   * The real time now, for which the same holds.
   *
   * @return the real time
   * @throws SimulatorException when this machine has shown that time twice, since it was set back
   */
  public final Instant realTime() {
    return machine.now();
  }

  /** Forgets the tasks that have not begun. */
  @Override
  public abstract void close();

  @Override
  public final ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public final Clock withZone(ZoneId zone) {
    SimulatedClock here = this;
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return zone;
      }

      @Override
      public Clock withZone(ZoneId other) {
        return here.withZone(other);
      }

      @Override
      public Instant instant() {
        return here.instant();
      }
    };
  }
}
