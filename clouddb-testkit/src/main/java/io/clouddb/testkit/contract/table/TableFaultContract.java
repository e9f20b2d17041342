/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.OutcomeUnknownException;
import io.clouddb.error.ThrottledException;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.table.Item;
import io.clouddb.table.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What goes wrong with single requests about data: nothing is written twice, nothing waits for
 * ever, a read is made again, and a write of which nobody can know is said to be one.
 */
abstract class TableFaultContract extends FaultCases {
  /** After which nothing is expected to come back any more; far more than an answer takes. */
  private static final Duration SILENCE = Duration.ofSeconds(2);

  private final List<Item> items = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // Opened before the first test.
  private CloudDb impatient;

  TableFaultContract(SimulatedTableContract kit) {
    super(kit);
  }

  /** It asks more often: on a machine that is busy, an answer that is not held may be late, too. */
  @BeforeAll
  final void openTheImpatient() {
    impatient =
        CloudDb.open(
            simulated()
                .impatient(SILENCE)
                .retryPolicy(new RetryPolicy(5, Duration.ofMillis(1), Duration.ofMillis(5)))
                .build());
    items.addAll(FaultyRead.fill(tables().reads(), "read"));
  }

  @AfterAll
  final void closeTheImpatient() {
    impatient.close();
  }

  /** The table, opened so that a case can look at what has become of it. */
  private Table whole(FaultyWrite write) {
    return write.isCounted() ? tables().versions() : tables().faults();
  }

  private Table toRead() {
    return hasty(tables().reads());
  }

  @TestFactory
  Stream<DynamicTest> aWriteTakesEffectOnceOrIsSaidToBeUnknown() {
    return each(FaultyWrite.values(), ALL, this::meetsOnce);
  }

  private void meetsOnce(FaultyWrite write, DataFault fault) {
    String partition = newPartition();
    write.prepare(whole(write), partition);
    fault.finish(faults().onAny());
    CloudDbException ended = ending(() -> write.run(hasty(whole(write)), partition));
    assertThat(faults().pending()).as("it was met").isZero();
    int times = write.times(whole(write), partition);
    if (fault.isRefusal() || (write.isTransaction() && simulated().transactionsAreKnown())) {
      assertThat(ended).isNull();
      assertThat(times).isEqualTo(1);
    } else {
      assertUnknown(ended);
      assertThat(times).isEqualTo(fault.tookEffect() ? 1 : 0);
    }
  }

  private static void assertUnknown(CloudDbException ended) {
    assertThat(ended).isInstanceOf(OutcomeUnknownException.class);
    assertThat(ended.category()).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    assertThat(ended.retryable()).isFalse();
    assertThat(ended.details().outcomeKnown()).isFalse();
    assertThat(ended.nextStep()).as("what to do next").isPresent();
    assertThat(ended.details().operation()).isPresent();
    assertThat(ended.details().resource()).isPresent();
  }

  @TestFactory
  Stream<DynamicTest> aWriteThatMeetsNothingElseEndsInTimeAndTookEffectOnceAtMost() {
    return each(FaultyWrite.values(), SOME, this::meetsNothingElse);
  }

  private void meetsNothingElse(FaultyWrite write, DataFault fault) {
    String partition = newPartition();
    write.prepare(whole(write), partition);
    simulated().forget();
    fault.finish(faults().onAny().times(Integer.MAX_VALUE));
    CloudDbException ended = ending(() -> write.run(hasty(whole(write)), partition));
    int sent = sent();
    faults().clear();
    if (fault.isRefusal()) {
      assertThat(ended).isInstanceOf(ThrottledException.class);
      assertThat(ended.retryable()).isTrue();
      assertThat(ended.details().outcomeKnown()).isTrue();
      assertThat(sent).isEqualTo(ATTEMPTS);
    } else {
      assertUnknown(ended);
      assertThat(sent)
          .isEqualTo(write.isTransaction() && simulated().transactionsAreKnown() ? ATTEMPTS : 1);
    }
    assertThat(write.times(whole(write), partition)).isEqualTo(fault.tookEffect() ? 1 : 0);
  }

  @TestFactory
  Stream<DynamicTest> aReadIsMadeAgain() {
    return each(FaultyRead.values(), ALL, this::meetsOnce);
  }

  /** By its first request, and by one of those that follow it. */
  private void meetsOnce(FaultyRead read, DataFault fault) {
    fault.finish(faults().onAny());
    fault.finish(faults().onAny().after(2));
    assertThat(assertTimeoutPreemptively(LIMIT, () -> read.run(toRead(), "read"))).isEqualTo(items);
    assertThat(faults().pending()).as("it was met").isZero();
  }

  @TestFactory
  Stream<DynamicTest> aReadThatMeetsNothingElseEndsInTimeAndMayBeMadeAgain() {
    return each(FaultyRead.values(), SOME, this::meetsNothingElse);
  }

  private void meetsNothingElse(FaultyRead read, DataFault fault) {
    simulated().forget();
    fault.finish(faults().onAny().times(Integer.MAX_VALUE));
    CloudDbException ended =
        ending(
            () -> {
              List<Item> unused = read.run(toRead(), "read");
            });
    assertThat(ended.category())
        .isEqualTo(fault.isRefusal() ? ErrorCategory.THROTTLED : ErrorCategory.UNAVAILABLE);
    assertThat(ended.details().outcomeKnown()).isTrue();
    // A batch, or the segments of a scan, send several requests, each a few times.
    assertThat(sent()).isBetween(ATTEMPTS, 2 * ATTEMPTS * ATTEMPTS);
    awaitQuiet();
  }

  /** All of them at once, since each waits as long as nothing comes. */
  @Test
  @Tag("slow")
  void whatIsNotAnsweredInTimeIsGivenUp() {
    Map<FaultyWrite, String> partitions = new EnumMap<>(FaultyWrite.class);
    for (FaultyWrite write : FaultyWrite.values()) {
      partitions.put(write, newPartition());
      write.prepare(whole(write), partitions.get(write));
    }
    CountDownLatch released = new CountDownLatch(1);
    faults().onAny().times(Integer.MAX_VALUE).heldUntil(released);
    Map<FaultyWrite, CompletableFuture<CloudDbException>> ended = new EnumMap<>(FaultyWrite.class);
    ExecutorService callers = Executors.newCachedThreadPool();
    try {
      partitions.forEach(
          (write, partition) ->
              ended.put(
                  write,
                  CompletableFuture.supplyAsync(
                      () ->
                          ending(
                              () ->
                                  write.run(
                                      impatient.tables().open(whole(write).spec()), partition)),
                      callers)));
      ended.forEach((write, future) -> assertUnknown(future.join()));
    } finally {
      faults().clear();
      released.countDown();
      callers.shutdown();
    }
    awaitQuiet();
    // It may come late; it does not come twice.
    partitions.forEach(
        (write, partition) ->
            assertThat(write.times(whole(write), partition)).as(write.name()).isBetween(0, 1));
  }

  @ParameterizedTest
  @EnumSource
  void aReadThatIsNotAnsweredInTimeIsMadeAgain(FaultyRead read) {
    CountDownLatch released = new CountDownLatch(1);
    faults().onAny().heldUntil(released);
    try {
      Table table = impatient.tables().open(tables().reads().spec());
      assertThat(assertTimeoutPreemptively(LIMIT, () -> read.run(table, "read"))).isEqualTo(items);
    } finally {
      released.countDown();
    }
  }
}
