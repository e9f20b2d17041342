/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.table.Table;
import io.clouddb.testkit.contract.internal.Eventually;
import io.clouddb.testkit.simulator.engine.Faults;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestInstance;

/** What the cases of faults have in common: a cloud that asks again soon, and not often. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FaultCases extends TableCases {
  /** So often a request is sent at most. */
  static final int ATTEMPTS = 3;

  /** Far more than any of it takes: what reaches it would wait for ever. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  /** So many looks in a row, each some milliseconds after the one before, see nothing new. */
  private static final int LOOKS = 20;

  static final Set<DataFault> ALL = EnumSet.allOf(DataFault.class);

  /** One that is refused, one that breaks down, and two whose answer is lost. */
  static final Set<DataFault> SOME =
      EnumSet.of(
          DataFault.THROTTLED, DataFault.BROKEN_DOWN, DataFault.RESET_AFTER, DataFault.GARBLED);

  private final SimulatedTableContract simulated;

  @SuppressWarnings("NullAway.Init") // Opened before the first test.
  private CloudDb cloud;

  FaultCases(SimulatedTableContract kit) {
    super(kit);
    this.simulated = kit;
  }

  @BeforeAll
  final void open() {
    cloud =
        CloudDb.open(
            simulated
                .config()
                .retryPolicy(new RetryPolicy(ATTEMPTS, Duration.ofMillis(1), Duration.ofMillis(5)))
                .build());
  }

  @AfterAll
  final void close() {
    cloud.close();
  }

  @AfterEach
  final void theSimulatorItselfDidRight() {
    faults().clear();
    assertThat(simulated.simulator().bugs()).isEmpty();
    assertThat(simulated.simulator().notSimulated()).isEmpty();
  }

  final SimulatedTableContract simulated() {
    return simulated;
  }

  final Faults faults() {
    return simulated.simulator().faults();
  }

  /** How many requests were sent since they were forgotten. */
  final int sent() {
    return simulated.simulator().requests().size();
  }

  /**
   * Waits for what is still on its way: what was held, and what the rest of a read goes on with.
   */
  final void awaitQuiet() {
    AtomicInteger seen = new AtomicInteger(-1);
    AtomicInteger quiet = new AtomicInteger();
    Eventually.holds(
        "no request is under way, and no further one comes",
        LIMIT,
        () -> {
          int now = sent();
          if (seen.getAndSet(now) != now || simulated.simulator().underWay() > 0) {
            quiet.set(0);
          }
          return quiet.incrementAndGet() > LOOKS;
        });
  }

  /** A table of the contract as somebody has it whose requests are sent a few times. */
  final Table hasty(Table table) {
    return cloud.tables().open(table.spec());
  }

  /** Runs something that a fault meets; gives with what it ended, null for nothing. */
  static CloudDbException ending(Runnable call) {
    return assertTimeoutPreemptively(
        LIMIT, () -> catchThrowableOfType(CloudDbException.class, call::run));
  }

  /** What is arranged for one is forgotten with it. */
  final <C> Stream<DynamicTest> each(
      C[] calls, Collection<DataFault> some, BiConsumer<C, DataFault> test) {
    return Stream.of(calls)
        .flatMap(
            call ->
                some.stream()
                    .map(
                        fault ->
                            DynamicTest.dynamicTest(
                                call + " " + fault,
                                () -> run(() -> test.accept(call, fault), fault))));
  }

  private void run(Runnable test, DataFault fault) {
    if (fault.isForged()) {
      simulated.beforeForgetting();
    }
    try {
      test.run();
    } finally {
      faults().clear();
      if (fault.isForged()) {
        simulated.simulator().clearRequests();
      }
    }
  }
}
