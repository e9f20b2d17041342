/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.error.AuthenticationException;
import io.clouddb.error.CloudDbException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.operation.OperationLog;
import io.clouddb.operation.UnfinishedOperation;
import io.clouddb.replica.ReplicaField;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RetryPolicy;
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
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Interruptions, in every kind of operation: throttling, errors of the service, lost connections,
 * expired credentials, operations that fail half-way, and a process that is killed. There is never
 * a second resource, never a lost one, and never an endless wait.
 *
 * <p>Under each of them an instance lives a whole life, from its creation to its deletion.
 */
abstract class InterruptionsContract {
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

  private final SimulatedCloudContract kit;

  @TempDir
  @SuppressWarnings("NullAway.Init") // Made by JUnit.
  private Path folder;

  @SuppressWarnings("NullAway.Init") // Written before each test.
  private InstanceSpec spec;

  @SuppressWarnings("NullAway.Init") // Opened before each test.
  private CloudDb cloud;

  @SuppressWarnings("NullAway.Init") // Made before each test.
  private OrdersAndReader there;

  InterruptionsContract(SimulatedCloudContract kit) {
    this.kit = kit;
  }

  @BeforeEach
  void open() throws IOException {
    Path file = folder.resolve("password");
    Files.writeString(file, "Correct-horse-battery-1");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    spec =
        kit.source(InterruptedKind.ORDERS, AdminLogin.of("app_admin", SecretRef.file(file)))
            .build();
    cloud = CloudDb.open(patient().build());
    there = new OrdersAndReader(cloud, spec, LIMIT);
  }

  @AfterEach
  void removeAll() {
    kit.simulator().faults().clear();
    try {
      there.removeAll();
      assertThat(there.names()).isEmpty();
    } finally {
      cloud.close();
    }
  }

  private CloudConfig.Builder patient() {
    return kit.config()
        .tokenKey(KEY)
        .retryPolicy(new RetryPolicy(4, Duration.ofMillis(5), Duration.ofMillis(50)));
  }

  private Faults.RuleBuilder on(InterruptedKind kind) {
    return kit.simulator().faults().on(kind.verb(), Call.INSTANCE).named(kind.resource());
  }

  /** In the order of a life. */
  private Stream<DynamicTest> ofEachKind(String name, Consumer<InterruptedKind> body) {
    Support replicas =
        cloud.capabilities().supports(Feature.of(ReplicaField.STANDALONE), FeatureContext.any());
    return Stream.of(InterruptedKind.values())
        .filter(kind -> !kind.isOfReplicas() || replicas.answer() != Support.Answer.NO)
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    kind + name,
                    () -> {
                      kit.simulator().faults().clear();
                      there.prepare(kind);
                      kit.simulator().clearRequests();
                      body.accept(kind);
                      assertThat(kit.simulator().bugs()).isEmpty();
                    }));
  }

  /** Known to have had no effect; unknown, and none is found; unknown, and its effect is found. */
  @TestFactory
  Stream<DynamicTest> whatPassesDoesNotEndAnOperationAndIsNotDoneTwice() {
    return passing(Passing.THROTTLED, Passing.RESET_BEFORE, Passing.RESET_AFTER);
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> norDoesWhatElsePasses() {
    return passing(Passing.UNAVAILABLE, Passing.SLOW);
  }

  private Stream<DynamicTest> passing(Passing... faults) {
    return Stream.of(faults).flatMap(fault -> ofEachKind(" " + fault, kind -> passes(kind, fault)));
  }

  private void passes(InterruptedKind kind, Passing fault) {
    fault.finish(on(kind));
    fault.finish(on(kind));
    kind.begin(cloud, spec).await(LIMIT);
    // The second one comes to nothing where the first request has had its effect.
    assertThat(kit.simulator().faults().pending()).as("it was interrupted").isLessThan(2);
    there.assertDone(kind);
    assertAcceptedOnce(kind);
  }

  /** A change that is made twice comes to the same in the end, and is one too many. */
  private void assertAcceptedOnce(InterruptedKind kind) {
    assertThat(kit.simulator().accepted())
        .filteredOn(call -> call.verb() == kind.verb())
        .filteredOn(call -> call.kind().equals(Call.INSTANCE))
        .filteredOn(call -> call.resource().equals(kind.resource()))
        .extracting(Call::operation)
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  @TestFactory
  Stream<DynamicTest> expiredCredentialsEndItWithATokenFromWhichItGoesOn() {
    return ofEachKind("", this::expire);
  }

  private void expire(InterruptedKind kind) {
    on(kind).credentialsExpire();
    CloudDbException e =
        catchThrowableOfType(CloudDbException.class, () -> kind.begin(cloud, spec).await(LIMIT));
    assertThat(e).isInstanceOf(AuthenticationException.class);
    assertThat(kit.simulator().faults().pending()).as("it was interrupted").isZero();
    String token = e.details().operationToken().orElseThrow();
    try (CloudDb renewed = CloudDb.open(patient().build())) {
      renewed.operations().resume(token, kind.result()).await(LIMIT);
    }
    there.assertDone(kind);
    assertAcceptedOnce(kind);
  }

  @TestFactory
  Stream<DynamicTest> anOperationThatFailsHalfWayLeavesNothingUnnamed() {
    return ofEachKind("", this::failHalfWay);
  }

  private void failHalfWay(InterruptedKind kind) {
    on(kind).operationFails();
    // More often than any provider tries it again.
    on(kind).times(20).operationFails();
    CloudDbException e =
        catchThrowableOfType(CloudDbException.class, () -> kind.begin(cloud, spec).await(LIMIT));
    assertThat(kit.simulator().faults().pending()).as("it was interrupted").isLessThan(2);
    if (e == null) {
      // The cloud has no visible operation for it, and does it anyway.
      there.assertDone(kind);
      return;
    }
    assertThat(e.retryable()).isFalse();
    assertThat(e.details().resource()).isPresent();
    there.assertNotDone(kind, e.details().leftBehind());
  }

  @TestFactory
  Stream<DynamicTest> whatAKilledProcessBeganIsFoundInItsLogAndGoneOnWith() {
    return ofEachKind("", kind -> kill(kind, token -> goOnByLog(kind)));
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> whatAKilledProcessBeganIsGoneOnWithByItsToken() {
    return ofEachKind("", kind -> kill(kind, token -> goOnByToken(kind, token)));
  }

  private void kill(InterruptedKind kind, Consumer<String> goOn) {
    CountDownLatch killed = new CountDownLatch(1);
    on(kind).heldUntil(killed);
    String token;
    KilledProcess process =
        KilledProcess.start(
            kit.config().build(),
            InterruptedKind.Beginning.class,
            kind.asked(spec),
            log(kind),
            KEY.resolve());
    try {
      token = process.token(LIMIT, () -> kit.simulator().faults().pending() == 0);
    } finally {
      // kill -9: the request that it has just sent takes effect, and nobody hears the answer.
      process.kill();
      killed.countDown();
    }
    goOn.accept(token);
    there.assertDone(kind);
  }

  private Path log(InterruptedKind kind) {
    return folder.resolve("operations-" + kind.name().toLowerCase(Locale.ROOT));
  }

  /** The token is as old as can be, and knows of no request. */
  private void goOnByToken(InterruptedKind kind, String token) {
    try (CloudDb next = CloudDb.open(afterwards().build())) {
      next.operations().resume(token, kind.result()).await(LIMIT);
    }
  }

  /** The log knows of the request that was sent last. */
  private void goOnByLog(InterruptedKind kind) {
    try (CloudDb next =
        CloudDb.open(afterwards().operationLog(OperationLog.directory(log(kind))).build())) {
      List<UnfinishedOperation> found = next.operations().unfinished();
      assertThat(found).extracting(UnfinishedOperation::kind).containsExactly(kind.id());
      found.get(0).resume(kind.result()).await(LIMIT);
      assertThat(next.operations().unfinished()).isEmpty();
    }
    // Who knows of a request waits for its effect.
    assertAcceptedOnce(kind);
  }

  /** With the time of the process that was killed, and not the simulated one. */
  private CloudConfig.Builder afterwards() {
    return patient().clock(Clock.systemUTC());
  }
}
