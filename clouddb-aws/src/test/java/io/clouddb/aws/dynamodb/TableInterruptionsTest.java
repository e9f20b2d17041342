/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableCloud.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.error.OutcomeUnknownException;
import io.clouddb.operation.Operation;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Operations of tables and of their backups, each of whose changes meets something. They do what
 * they would have done, no change of it twice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TableInterruptionsTest {
  private static final Set<Verb> READS = EnumSet.of(Verb.READ, Verb.LIST);

  /** A scalable target is put by its name: to put it again is no second one. */
  private static final String PUT = "RegisterScalableTarget";

  /** By kind; filled by whichever test comes first. */
  private final Map<InterruptedTables, Map<String, Integer>> undisturbed =
      new EnumMap<>(InterruptedTables.class);

  private final TableCloud aws = new TableCloud();
  private CloudDb cloud;

  @AfterAll
  void stop() {
    aws.close();
  }

  @BeforeEach
  void open() {
    cloud = aws.open();
  }

  @AfterEach
  void close() {
    aws.simulator.faults().clear();
    cloud.close();
  }

  private static String name(InterruptedTables kind, String what) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + what;
  }

  /** How often each change was accepted since the requests were forgotten. */
  private Map<String, Integer> changes() {
    Map<String, Integer> all = new TreeMap<>();
    for (Call call : aws.simulator.accepted()) {
      if (!READS.contains(call.verb())) {
        all.merge(call.operation(), 1, Integer::sum);
      }
    }
    return all;
  }

  /** The changes of one that nothing interrupts. */
  private Map<String, Integer> undisturbed(InterruptedTables kind) {
    return undisturbed.computeIfAbsent(kind, this::runUndisturbed);
  }

  private Map<String, Integer> runUndisturbed(InterruptedTables kind) {
    String name = name(kind, "undisturbed");
    kind.prepare(cloud, name);
    aws.forget();
    kind.begin(cloud, name).await(LIMIT);
    Map<String, Integer> changes = changes();
    kind.assertDone(cloud, name);
    assertThat(changes).isNotEmpty();
    return changes;
  }

  private void passAnHourIfNeeded(Map<String, Integer> expected) {
    if (expected.containsKey("UpdateTimeToLive")) {
      aws.passAnHour();
    }
  }

  private void assertChanges(Map<String, Integer> expected, String when) {
    Map<String, Integer> changes = changes();
    changes.computeIfPresent(PUT, (put, times) -> Math.min(times, expected.getOrDefault(put, 0)));
    assertThat(changes).as(when).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsDoneTwiceWhereNoAnswerToAChangeComes(InterruptedTables kind) {
    Map<String, Integer> expected = undisturbed(kind);
    String name = name(kind, "after");
    kind.prepare(cloud, name);
    // What a fault meets has to be taken: one that is refused for now would be sent again anyway.
    passAnHourIfNeeded(expected);
    aws.forget();
    expected.forEach(
        (change, times) ->
            aws.simulator
                .faults()
                .on(change)
                // A policy is put behind its target, and only when that was answered.
                .times(change.equals(PUT) ? 1 : times)
                .connectionResetAfter());
    kind.begin(cloud, name).await(LIMIT);
    assertChanges(expected, "after");
    assertThat(aws.simulator.faults().pending()).isZero();
    kind.assertDone(cloud, name);
  }

  @ParameterizedTest
  @EnumSource
  void whatNeverArrivedOrWasRefusedForNowIsSentAgain(InterruptedTables kind) {
    Map<String, Integer> expected = undisturbed(kind);
    String name = name(kind, "before");
    kind.prepare(cloud, name);
    passAnHourIfNeeded(expected);
    aws.forget();
    for (String change : expected.keySet()) {
      aws.simulator.faults().on(change).connectionResetBefore();
      aws.simulator.faults().on(change).throttled();
      aws.simulator.faults().on(change).unavailable();
    }
    kind.begin(cloud, name).await(LIMIT);
    assertChanges(expected, "before");
    assertThat(aws.simulator.faults().pending()).isZero();
    kind.assertDone(cloud, name);
  }

  /**
   * With the oldest token, and with one that knows of the request that was under way. A table that
   * DynamoDB has restored does not say so, and the oldest token does not know it.
   */
  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> whatIsKilledInTheMiddleOfAChangeIsGoneOnWith() {
    return Stream.of(InterruptedTables.values())
        .flatMap(
            kind ->
                Stream.of(true, false)
                    .map(
                        oldest ->
                            DynamicTest.dynamicTest(
                                kind + (oldest ? " oldest" : " newest"),
                                () -> killAtEachChange(kind, oldest))));
  }

  private void killAtEachChange(InterruptedTables kind, boolean oldest) throws Exception {
    Map<String, Integer> expected = undisturbed(kind);
    for (String change : expected.keySet()) {
      String name = name(kind, change.toLowerCase(Locale.ROOT) + (oldest ? "-o" : "-n"));
      kind.prepare(cloud, name);
      if (change.equals("UpdateTimeToLive")) {
        aws.passAnHour();
      }
      aws.forget();
      String token = killed(kind, name, change, oldest);
      if (oldest && kind.isRestore() && !change.startsWith("RestoreTable")) {
        assertThatThrownBy(() -> resume(token, kind))
            .isInstanceOf(OutcomeUnknownException.class)
            .hasMessageContaining(name);
        continue;
      }
      try {
        resume(token, kind);
      } catch (OutcomeUnknownException e) {
        // On a slow machine the table is there before anybody looks, four minutes later by its
        // clock.
        assertThat(change).startsWith("RestoreTable");
        assertThat(e).hasMessageContaining(name);
        continue;
      }
      assertChanges(expected, "killed at " + change);
      kind.assertDone(cloud, name);
    }
  }

  private void resume(String token, InterruptedTables kind) {
    try (CloudDb next = aws.open()) {
      next.operations().resume(token, kind.result()).await(LIMIT);
    }
  }

  /** The last of some requests is under way when it is killed, and has its effect. */
  private String killed(InterruptedTables kind, String name, String change, boolean oldest)
      throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    aws.simulator.faults().on(change).heldUntil(released);
    CloudDb first = aws.open();
    try {
      Operation<?> operation = kind.begin(first, name);
      String token = operation.token();
      await(() -> aws.simulator.faults().pending() == 0);
      return oldest ? token : operation.token();
    } finally {
      first.close();
      released.countDown();
      await(() -> changes().containsKey(change));
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
