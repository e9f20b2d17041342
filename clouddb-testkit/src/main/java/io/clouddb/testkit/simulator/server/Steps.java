/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.OperationFailure;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.SimulatorException.Reason;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the operations on instances do when their time has come, and how they end. */
final class Steps {
  private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

  private final CloudEngine engine;
  private final @Nullable OperationFailure failure;
  private final Runnable release;

  /**
   * @param failure what a test asked that it fails by; null for not at all
   */
  Steps(CloudEngine engine, @Nullable OperationFailure failure) {
    this(engine, failure, () -> {});
  }

  private Steps(CloudEngine engine, @Nullable OperationFailure failure, Runnable release) {
    this.engine = engine;
    this.failure = failure;
    this.release = release;
  }

  /** The same, which let go of something before the operation ends, well or not. */
  Steps releasing(Runnable held) {
    return new Steps(engine, failure, held);
  }

  /** What is done when an operation's time has come. */
  interface Work {
    void run();
  }

  /** The operation has ended well. */
  void finish(SimulatedOperation operation, SimulatedInstance instance, InstanceState state) {
    instance.enter(state);
    end(operation, null);
  }

  /** The operation has ended; who asks afterwards finds everything as it is from then on. */
  void end(SimulatedOperation operation, @Nullable SimulatorException reason) {
    release.run();
    operation.end(engine.clock().instant(), reason);
  }

  /**
   * Does something that leaves a failed instance when it fails.
   *
   * @param unchanged the state of an instance to which nothing has happened
   */
  void later(
      Duration delay,
      SimulatedOperation operation,
      SimulatedInstance instance,
      InstanceState unchanged,
      Work work) {
    later(
        delay, operation, reason -> failAsAsked(reason, instance, unchanged), instance::fail, work);
  }

  /**
   * Does something else.
   *
   * @param asked what becomes of the instances when a test asked that it fails, and nothing happens
   * @param failed what becomes of them when it fails by itself
   */
  void later(
      Duration delay,
      SimulatedOperation operation,
      Consumer<SimulatorException> asked,
      Consumer<SimulatorException> failed,
      Work work) {
    engine
        .tasks()
        .later(
            delay,
            () -> {
              if (failure != null) {
                SimulatorException reason =
                    new SimulatorException(
                        Reason.START_FAILED,
                        Optional.ofNullable(failure.messageOrNull()).orElse("no message"));
                asked.accept(reason);
                end(operation, reason);
                return;
              }
              try {
                work.run();
              } catch (RuntimeException e) {
                LOG.debug("{} failed", operation, e);
                SimulatorException reason = reason(e);
                failed.accept(reason);
                end(operation, reason);
              }
            });
  }

  private static SimulatorException reason(RuntimeException e) {
    return e instanceof SimulatorException own
        ? own
        : new SimulatorException(
            Reason.START_FAILED, Objects.requireNonNullElse(e.getMessage(), e.toString()), e);
  }

  /** Nothing has happened: only what was to be made is there, and failed. */
  private static void failAsAsked(
      SimulatorException reason, SimulatedInstance instance, InstanceState unchanged) {
    if (unchanged == InstanceState.FAILED) {
      instance.fail(reason);
    } else {
      instance.enter(unchanged);
    }
  }
}
