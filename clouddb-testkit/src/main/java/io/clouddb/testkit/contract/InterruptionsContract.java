/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.AuthenticationException;
import io.clouddb.error.CloudDbException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.OperationLog;
import io.clouddb.operation.UnfinishedOperation;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every provider has to survive, in every kind of operation: throttling, errors of the
 * service, lost connections, expired credentials, operations that fail half-way, and a process that
 * is killed. There is never a second resource, never a lost one, and never an endless wait.
 */
public abstract class InterruptionsContract {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final SecretRef KEY = SecretRef.literal("a-key-for-tests-0123456789");

  /** What passes by itself. */
  private enum Passing {
    THROTTLED,
    UNAVAILABLE,
    RESET_BEFORE,
    RESET_AFTER,
    SLOW;

    void finish(Faults.RuleBuilder rule) {
      switch (this) {
        case THROTTLED -> rule.throttled();
        case UNAVAILABLE -> rule.unavailable();
        case RESET_BEFORE -> rule.connectionResetBefore();
        case RESET_AFTER -> rule.connectionResetAfter();
        case SLOW -> rule.slow(Duration.ofMillis(300));
      }
    }
  }

  @TempDir
  @SuppressWarnings("NullAway.Init") // Made by JUnit.
  private Path folder;

  @SuppressWarnings("NullAway.Init") // Written before each test.
  private SecretRef password;

  @SuppressWarnings("NullAway.Init") // Opened before each test.
  private CloudDb cloud;

  /** Made by JUnit. */
  protected InterruptionsContract() {}

  /**
   * The cloud. It is used by one test at a time, and left without instances by each.
   *
   * @return a simulator that is running
   */
  protected abstract SimulatedCloud simulator();

  /**
   * The least that a spec needs on this cloud.
   *
   * @param name the instance's name
   * @param login its administrator
   * @return a new builder
   */
  protected abstract InstanceSpec.Builder spec(String name, AdminLogin login);

  /**
   * How to open the cloud.
   *
   * @return a new builder
   */
  protected CloudConfig.Builder config() {
    return simulator().config();
  }

  private CloudConfig.Builder patient() {
    return config()
        .tokenKey(KEY)
        .retryPolicy(new RetryPolicy(4, Duration.ofMillis(5), Duration.ofMillis(50)));
  }

  private void open() throws IOException {
    Path file = folder.resolve("password");
    Files.writeString(file, "Correct-horse-battery-1");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    password = SecretRef.file(file);
    cloud = CloudDb.open(patient().build());
  }

  private void removeAll() {
    simulator().faults().clear();
    for (Instance left : cloud.instances().list()) {
      if (left.deletionProtection()) {
        continue;
      }
      cloud.instances().delete(left.id()).await(LIMIT);
    }
    cloud.close();
    assertThat(simulator().bugs()).isEmpty();
  }

  private InstanceSpec spec() {
    return spec("orders", AdminLogin.of("app_admin", password)).build();
  }

  /** What is there before an operation, so that it has something to do. */
  private ResourceId prepared(InterruptedKind kind) {
    if (kind == InterruptedKind.CREATE) {
      return ResourceId.of("none", "", "nowhere", "instance", "orders");
    }
    Instance orders = cloud.instances().create(spec()).await(LIMIT);
    if (kind == InterruptedKind.START) {
      return cloud.instances().stop(orders.id()).await(LIMIT).id();
    }
    return orders.id();
  }

  private void assertDone(InterruptedKind kind) {
    List<Instance> all = cloud.instances().list().stream().toList();
    if (kind == InterruptedKind.DELETE) {
      assertThat(all).isEmpty();
      return;
    }
    assertThat(all).extracting(Instance::name).containsExactly("orders");
    InstanceState state =
        kind == InterruptedKind.STOP ? InstanceState.STOPPED : InstanceState.AVAILABLE;
    assertThat(all.get(0).state()).isEqualTo(state);
    if (kind == InterruptedKind.MODIFY) {
      assertThat(all.get(0).tags()).containsEntry("changed", "yes");
    }
  }

  private Faults.RuleBuilder on(InterruptedKind kind) {
    return simulator().faults().on(kind.verb(), Call.INSTANCE).named("orders");
  }

  /** Each with a cloud that has no instances, and leaves none. */
  private DynamicTest test(String name, Executable body) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          open();
          try {
            body.execute();
          } finally {
            removeAll();
          }
        });
  }

  private Stream<DynamicTest> ofEachKind(
      java.util.function.BiConsumer<InterruptedKind, ResourceId> body) {
    return Stream.of(InterruptedKind.values())
        .map(kind -> test(kind.name(), () -> body.accept(kind, prepared(kind))));
  }

  @TestFactory
  Stream<DynamicTest> whatPassesDoesNotEndAnOperationAndIsNotDoneTwice() {
    return Stream.of(InterruptedKind.values())
        .flatMap(
            kind ->
                Stream.of(Passing.values())
                    .map(fault -> test(kind + " " + fault, () -> passes(kind, fault))));
  }

  private void passes(InterruptedKind kind, Passing fault) {
    ResourceId id = prepared(kind);
    fault.finish(on(kind).times(2));
    kind.begin(cloud, spec(), id).await(LIMIT);
    assertDone(kind);
  }

  @TestFactory
  Stream<DynamicTest> expiredCredentialsEndItWithATokenFromWhichItGoesOn() {
    return ofEachKind(this::expire);
  }

  private void expire(InterruptedKind kind, ResourceId id) {
    on(kind).credentialsExpire();
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class, () -> kind.begin(cloud, spec(), id).await(LIMIT));
    assertThat(e).isInstanceOf(AuthenticationException.class);
    String token = e.details().operationToken().orElseThrow();
    try (CloudDb renewed = CloudDb.open(patient().build())) {
      renewed.operations().resume(token, kind.result()).await(LIMIT);
    }
    assertDone(kind);
  }

  @TestFactory
  Stream<DynamicTest> anOperationThatFailsHalfWayLeavesNothingUnnamed() {
    return ofEachKind(this::failHalfWay);
  }

  private void failHalfWay(InterruptedKind kind, ResourceId id) {
    // More often than any provider tries it again.
    on(kind).times(20).operationFails();
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class, () -> kind.begin(cloud, spec(), id).await(LIMIT));
    List<Instance> all = cloud.instances().list().stream().toList();
    if (e == null) {
      // The cloud has no visible operation for it, and does it anyway.
      simulator().faults().clear();
      return;
    }
    assertThat(e.retryable()).isFalse();
    assertThat(e.details().resource()).isPresent();
    if (kind == InterruptedKind.CREATE) {
      assertThat(
              all.isEmpty()
                  || e.details().leftBehind().filter(t -> t.contains("orders")).isPresent())
          .as("left behind %s, named: %s", all, e.details().leftBehind())
          .isTrue();
    } else {
      assertThat(all).extracting(Instance::name).containsExactly("orders");
    }
  }

  @TestFactory
  Stream<DynamicTest> whatAKilledProcessBeganIsFoundInItsLogAndGoneOnWith() {
    return ofEachKind(this::kill);
  }

  private void kill(InterruptedKind kind, ResourceId id) {
    Path logged = folder.resolve("operations-" + kind.name().toLowerCase(Locale.ROOT));
    CountDownLatch killed = new CountDownLatch(1);
    on(kind).heldUntil(killed);
    Process process =
        KilledProcess.start(config().build(), kind, spec(), id, logged, KEY.resolve());
    try {
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (simulator().faults().pending() > 0) {
        assertThat(process.isAlive()).as("ended by itself: %s", process).isTrue();
        assertThat(System.nanoTime()).isLessThan(deadline);
        // The other process needs the processor to start.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    } finally {
      // kill -9: the request that it has just sent takes effect, and nobody hears the answer.
      process.destroyForcibly().onExit().join();
      killed.countDown();
    }
    CloudConfig config =
        patient()
            // The time of the process that was killed, and not the simulated one.
            .clock(Clock.systemUTC())
            .operationLog(OperationLog.directory(logged))
            .build();
    try (CloudDb next = CloudDb.open(config)) {
      List<UnfinishedOperation> found = next.operations().unfinished();
      assertThat(found).extracting(UnfinishedOperation::kind).containsExactly(kind.id());
      found.get(0).resume(kind.result()).await(LIMIT);
      assertThat(next.operations().unfinished()).isEmpty();
    }
    assertDone(kind);
  }
}
