/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.error.AuthenticationException;
import io.clouddb.error.CloudDbException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationLog;
import io.clouddb.operation.UnfinishedOperation;
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
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * What can interrupt an operation, whatever its kind, and what has to become of it: there is never
 * a second resource, never a lost one, and never an endless wait.
 *
 * @param <K> the kinds, in an order in which each leaves what the next one needs
 */
abstract class InterruptionCases<K extends Interrupted> {
  static final Duration LIMIT = Duration.ofMinutes(2);
  private static final SecretRef KEY = SecretRef.literal("a-key-for-tests-0123456789");

  /** What passes by itself. */
  enum Passing {
    THROTTLED,
    UNAVAILABLE,
    RESET_BEFORE,
    RESET_AFTER,
    SLOW;

    private void finish(Faults.RuleBuilder rule) {
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

  @SuppressWarnings("NullAway.Init") // Opened before each test.
  private CloudDb cloud;

  /** How far the clock of a process that is killed is ahead of this machine's. */
  private Duration ahead = Duration.ZERO;

  InterruptionCases(SimulatedCloudContract kit) {
    this.kit = kit;
  }

  @BeforeEach
  final void open() throws IOException {
    Path file = folder.resolve("password");
    Files.writeString(file, "Correct-horse-battery-1");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    cloud = CloudDb.open(patient().build());
    start(AdminLogin.of("app_admin", SecretRef.file(file)));
  }

  @AfterEach
  final void end() {
    kit.simulator().faults().clear();
    try {
      removeAll();
    } finally {
      cloud.close();
    }
  }

  /** Makes ready for the kinds, whose instances have this administrator. */
  abstract void start(AdminLogin admin);

  /** Has the cloud be as an operation needs it, whatever another one has left. */
  abstract void prepare(K kind);

  /** Begins an operation. */
  abstract Operation<?> begin(CloudDb where, K kind);

  /** The cloud of the region in which it goes on. */
  CloudDb at(CloudDb opened, K kind) {
    return opened;
  }

  /** Begins one in another process. */
  abstract Class<? extends KilledProcess.Beginning> beginning();

  /** What {@link #beginning} is told. */
  abstract Map<String, String> asked(K kind);

  /** What was to be done is done, and nothing else: nothing is lost, and nothing is there twice. */
  abstract void assertDone(K kind);

  /** Nothing is lost; what a failed operation was to make is not there, or the error names it. */
  abstract void assertNotDone(K kind, Optional<String> leftBehind);

  /** Deletes what was made. */
  abstract void removeAll();

  final SimulatedCloudContract kit() {
    return kit;
  }

  final CloudDb cloud() {
    return cloud;
  }

  private CloudConfig.Builder patient() {
    return kit.config()
        .tokenKey(KEY)
        .retryPolicy(new RetryPolicy(4, Duration.ofMillis(5), Duration.ofMillis(50)));
  }

  private Faults.RuleBuilder on(K kind) {
    return kind.in(kit.simulator().faults());
  }

  private Stream<DynamicTest> ofEach(Stream<K> kinds, String name, Consumer<K> body) {
    return kinds.map(
        kind ->
            DynamicTest.dynamicTest(
                kind.name() + name,
                () -> {
                  kit.simulator().faults().clear();
                  prepare(kind);
                  kit.simulator().clearRequests();
                  body.accept(kind);
                  assertThat(kit.simulator().bugs()).isEmpty();
                }));
  }

  /** What passes does not end an operation, and what it asked for is not done twice. */
  final Stream<DynamicTest> passing(Stream<K> kinds, Passing fault) {
    return ofEach(kinds, " " + fault, kind -> passes(kind, fault));
  }

  private void passes(K kind, Passing fault) {
    fault.finish(on(kind));
    fault.finish(on(kind));
    begin(cloud, kind).await(LIMIT);
    // The second one comes to nothing where the first request has had its effect.
    assertThat(kit.simulator().faults().pending()).as("it was interrupted").isLessThan(2);
    assertDone(kind);
    assertAcceptedOnce(kind);
  }

  /** A change that is made twice comes to the same in the end, and is one too many. */
  private void assertAcceptedOnce(K kind) {
    assertThat(kit.simulator().accepted())
        .filteredOn(kind::is)
        .extracting(Call::operation)
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  /** Credentials that expire end it with a token from which it goes on. */
  final Stream<DynamicTest> expired(Stream<K> kinds) {
    return ofEach(kinds, "", this::expire);
  }

  private void expire(K kind) {
    on(kind).credentialsExpire();
    CloudDbException e =
        catchThrowableOfType(CloudDbException.class, () -> begin(cloud, kind).await(LIMIT));
    assertThat(e).isInstanceOf(AuthenticationException.class);
    assertThat(kit.simulator().faults().pending()).as("it was interrupted").isZero();
    String token = e.details().operationToken().orElseThrow();
    try (CloudDb renewed = CloudDb.open(patient().build())) {
      at(renewed, kind).operations().resume(token, kind.result()).await(LIMIT);
    }
    assertDone(kind);
    assertAcceptedOnce(kind);
  }

  /** One that fails half-way leaves nothing unnamed. */
  final Stream<DynamicTest> failed(Stream<K> kinds) {
    return ofEach(kinds, "", this::failHalfWay);
  }

  private void failHalfWay(K kind) {
    on(kind).operationFails();
    // More often than any provider tries it again.
    on(kind).times(20).operationFails();
    CloudDbException e =
        catchThrowableOfType(CloudDbException.class, () -> begin(cloud, kind).await(LIMIT));
    assertThat(kit.simulator().faults().pending()).as("it was interrupted").isLessThan(2);
    if (e == null) {
      // The cloud has no visible operation for it, and does it anyway.
      assertDone(kind);
      return;
    }
    assertThat(e.retryable()).isFalse();
    assertThat(e.details().resource()).isPresent();
    assertNotDone(kind, e.details().leftBehind());
  }

  /** What a killed process began is found in its log and gone on with. */
  final Stream<DynamicTest> killedWithLog(Stream<K> kinds) {
    return ofEach(kinds, "", kind -> kill(kind, token -> goOnByLog(kind)));
  }

  /** What a killed process began is gone on with by its token. */
  final Stream<DynamicTest> killedWithToken(Stream<K> kinds) {
    return ofEach(kinds, "", kind -> kill(kind, token -> goOnByToken(kind, token)));
  }

  private void kill(K kind, Consumer<String> goOn) {
    CountDownLatch killed = new CountDownLatch(1);
    on(kind).heldUntil(killed);
    // What is a moment of the cloud's past is one of that process', too.
    ahead = Duration.between(Instant.now(), kit.config().build().clock().instant());
    String token;
    KilledProcess process =
        KilledProcess.start(
            kit.config().build(), beginning(), asked(kind), log(kind), KEY.resolve(), ahead);
    try {
      token = process.token(LIMIT, () -> kit.simulator().faults().pending() == 0);
    } finally {
      // kill -9: the request that it has just sent takes effect, and nobody hears the answer.
      process.kill();
      killed.countDown();
    }
    goOn.accept(token);
    assertDone(kind);
  }

  private Path log(K kind) {
    return folder.resolve("operations-" + kind.name().toLowerCase(Locale.ROOT));
  }

  /** The token is as old as can be, and knows of no request. */
  private void goOnByToken(K kind, String token) {
    try (CloudDb next = CloudDb.open(afterwards().build())) {
      at(next, kind).operations().resume(token, kind.result()).await(LIMIT);
    }
  }

  /** The log knows of the request that was sent last. */
  private void goOnByLog(K kind) {
    try (CloudDb next =
        CloudDb.open(afterwards().operationLog(OperationLog.directory(log(kind))).build())) {
      List<UnfinishedOperation> found = at(next, kind).operations().unfinished();
      assertThat(found).extracting(UnfinishedOperation::kind).containsExactly(kind.id());
      found.get(0).resume(kind.result()).await(LIMIT);
      assertThat(at(next, kind).operations().unfinished()).isEmpty();
    }
    // Who knows of a request waits for its effect.
    assertAcceptedOnce(kind);
  }

  /** With the time of the process that was killed, and not the simulated one. */
  private CloudConfig.Builder afterwards() {
    return patient().clock(Clock.offset(Clock.systemUTC(), ahead));
  }
}
