/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.table.Table;
import io.clouddb.testkit.contract.internal.Eventually;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Closing: a closed cloud sends nothing more, says so to whoever asks or waits, and gives back
 * threads, connections and classes. Nothing here waits for an instance: time stands still.
 */
abstract class ClosingContract {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir
  @SuppressWarnings("NullAway.Init") // Made by JUnit.
  private Path folder;

  @SuppressWarnings("NullAway.Init") // Written before each test.
  private SecretRef password;

  @SuppressWarnings("NullAway.Init") // Opened before each test.
  private Relay relay;

  private final SimulatedCloudContract kit;

  ClosingContract(SimulatedCloudContract kit) {
    this.kit = kit;
  }

  @BeforeEach
  void putARelayBeforeTheSimulator() throws IOException {
    Path file = folder.resolve("password");
    Files.writeString(file, "Contract-" + UUID.randomUUID());
    password = SecretRef.file(file);
    relay = new Relay(kit.standingStill().build().endpoint().orElseThrow());
  }

  @AfterEach
  void endRelay() {
    relay.close();
  }

  private CloudDb open() {
    return CloudDb.open(kit.standingStill().endpoint(relay.endpoint()).build());
  }

  private InstanceSpec spec() {
    return kit.spec(
            "closing-" + UUID.randomUUID().toString().substring(0, 8),
            AdminLogin.of("app_admin", password))
        .build();
  }

  @Test
  void whatIsAskedAfterClosingIsToldSoAndSentNowhere() {
    CloudDb cloud = open();
    assertThat(cloud.instances().find("closing-none")).isEmpty();
    List<ThrowingCallable> ofTables =
        ClosedTables.has(cloud) ? ClosedTables.calls(cloud) : List.of();
    InstanceSpec spec = spec();
    Operation<Instance> operation = cloud.instances().create(spec);
    String token = operation.token();
    cloud.close();
    // A look at the operation may have been on the wire.
    relay.knock();
    Eventually.holds("what was on its way has arrived", SOON, () -> relay.connections() == 0);
    int before = relay.requests();
    List<ThrowingCallable> calls = new ArrayList<>(ofTables);
    calls.addAll(
        List.of(
            () -> cloud.instances().find("x"),
            () -> cloud.instances().get("x"),
            () -> cloud.instances().list().stream().count(),
            () -> cloud.instances().create(spec()),
            () -> cloud.instances().ensure(spec()),
            () ->
                cloud
                    .instances()
                    .modify(
                        operation.resource(),
                        InstanceChange.builder().parameter("work_mem", "8192").build()),
            () -> cloud.instances().start(operation.resource()),
            () -> cloud.instances().stop(operation.resource()),
            () -> cloud.instances().delete(operation.resource()),
            () -> cloud.operations().resume(token, Instance.class),
            () -> cloud.unwrap(Object.class)));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("is closed")
          .extracting(e -> ((CloudDbException) e).retryable())
          .isEqualTo(false);
    }
    assertThat(relay.requests()).isEqualTo(before);
    cloud.close();
  }

  @Test
  void aCallThatClosingCutsOffSendsNothingMoreAndSaysWhatItLeft() throws Exception {
    for (int through = 0; ; through++) {
      CloudDb cloud = open();
      InstanceSpec spec = spec();
      relay.loseAfter(through);
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread caller =
          new Thread(
              () -> end.complete(catchThrowable(() -> cloud.instances().create(spec))), "caller");
      caller.start();
      boolean cutOff;
      try {
        Eventually.holds("the call is under way", SOON, () -> relay.hasLost() || end.isDone());
        cutOff = !end.isDone();
      } finally {
        cloud.close();
      }
      int sent = relay.requests();
      Throwable failure = within("the call ends", end);
      relay.mend();
      Eventually.holds("connections are given back", SOON, () -> relay.connections() == 0);
      if (!cutOff) {
        // All that a creation asks before its operation is there was let through; a first look at
        // the operation may have been on the wire.
        assertThat(through).isPositive();
        return;
      }
      assertThat(relay.requests()).as("sent after close()").isEqualTo(sent);
      assertThat(failure)
          .isInstanceOfSatisfying(
              CloudDbException.class,
              e -> {
                assertThat(e).hasMessageContaining("closed");
                assertThat(e.retryable()).isFalse();
                assertThat(e.details().outcomeKnown() || e.details().leftBehind().isPresent())
                    .as("known, or what may be left is named: %s", e)
                    .isTrue();
              });
    }
  }

  /** Where the cloud has no tables there is nothing to cut off. */
  @Test
  void aCallForItemsThatClosingCutsOffSaysWhetherItMayHaveWritten() throws Exception {
    try (CloudDb first = open()) {
      assumeTrue(ClosedTables.has(first), "The cloud says that it has no tables");
    }
    for (boolean write : List.of(true, false)) {
      CloudDb cloud = open();
      Table table = cloud.tables().open(ClosedTables.SPEC);
      assertThat(cloud.tables().find(ClosedTables.SPEC.name())).isEmpty();
      relay.loseAfter(0);
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread caller =
          new Thread(
              () ->
                  end.complete(
                      catchThrowable(
                          () -> {
                            if (write) {
                              table.put(ClosedTables.ITEM);
                            } else {
                              table.get(ClosedTables.KEY);
                            }
                          })),
              "caller");
      caller.start();
      try {
        Eventually.holds("the call is under way", SOON, relay::hasLost);
      } finally {
        // Else its threads would be there in the cases that count them.
        cloud.close();
      }
      int sent = relay.requests();
      Throwable failure = within("the call ends", end);
      relay.mend();
      Eventually.holds("connections are given back", SOON, () -> relay.connections() == 0);
      assertThat(relay.requests()).as("sent after close()").isEqualTo(sent);
      assertThat(failure)
          .isInstanceOfSatisfying(
              CloudDbException.class,
              e -> {
                assertThat(e).hasMessageContaining("closed");
                assertThat(e.retryable()).isFalse();
                assertThat(e.details().outcomeKnown()).as("known: %s", e).isEqualTo(!write);
              });
    }
  }

  @Test
  void whoeverWaitsIsToldWhatIsLeftAndHowToGoOn() throws Exception {
    CloudDb cloud = open();
    Operation<Instance> operation = cloud.instances().create(spec());
    // The first poll, or one of those that follow.
    relay.loseAfter(0);
    try {
      Eventually.holds("a step is under way", SOON, relay::hasLost);
    } catch (AssertionError e) {
      cloud.close();
      throw e;
    }
    AtomicReference<Throwable> called = new AtomicReference<>();
    CompletableFuture<Void> callback =
        operation
            .toCompletableFuture()
            .handle(
                (instance, e) -> {
                  called.set(e instanceof CompletionException ? e.getCause() : e);
                  return null;
                });
    cloud.close();
    int sent = relay.requests();
    within("callbacks are called", callback);
    relay.mend();
    assertThatThrownBy(() -> operation.await(SOON))
        .isInstanceOfSatisfying(
            UnavailableException.class,
            e -> {
              assertThat(e).hasMessageContaining("closed while instance.create went on");
              assertThat(e.details().operationToken()).contains(operation.token());
              assertThat(e.details().leftBehind().orElse("")).contains(operation.resource().name());
              assertThat(e.details().outcomeKnown()).isFalse();
              assertThat(e.nextStep().orElse("")).contains("resume");
            });
    assertThat(called.get()).isInstanceOf(UnavailableException.class);
    assertThat(operation.status()).isEqualTo(Operation.Status.FAILED);
    Eventually.holds("connections are given back", SOON, () -> relay.connections() == 0);
    assertThat(relay.requests()).as("sent after close()").isEqualTo(sent);
  }

  @Test
  void threadsConnectionsAndClassesAreGivenBack() throws Exception {
    String token;
    boolean tables;
    try (CloudDb cloud = open()) {
      token = cloud.instances().create(spec()).token();
      tables = ClosedTables.has(cloud);
    }
    WeakReference<ClassLoader> loader =
        OwnClasses.run(kit.standingStill().endpoint(relay.endpoint()).build(), token, tables);
    Eventually.holds("connections are given back", SOON, () -> relay.connections() == 0);
    Eventually.holds("threads end", SOON, () -> threadsOf(loader).isEmpty());
    Eventually.holds(
        "the classes can be unloaded",
        SOON,
        () -> {
          System.gc();
          return loader.get() == null;
        });
  }

  private static List<Thread> threadsOf(WeakReference<ClassLoader> loader) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> OwnClasses.belongsTo(thread, loader.get()))
        .toList();
  }

  private static <T> T within(String what, CompletableFuture<T> future)
      throws InterruptedException, ExecutionException {
    try {
      return future.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("not within " + SOON + ": " + what, e);
    }
  }
}
