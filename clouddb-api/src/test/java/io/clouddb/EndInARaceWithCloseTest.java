/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.QuotaException;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What close() says of an operation that is just ending, and what stands in the log, agree. */
class EndInARaceWithCloseTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud there = new WorkflowCloud();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicReference<Thread> polling = new AtomicReference<>();

  private CloudDb cloud;

  @BeforeEach
  void open() {
    cloud = CloudDb.open(there.config().build());
  }

  @AfterEach
  void release() {
    released.countDown();
    cloud.close();
  }

  private void stand() {
    polling.set(Thread.currentThread());
    reached.countDown();
    WorkflowCloud.awaitUninterrupted(released);
  }

  private void goOn() throws InterruptedException {
    released.countDown();
    Objects.requireNonNull(polling.get()).join(WorkflowCloud.LONG.toMillis());
  }

  private Operation<Instance> closedWhileItStands() throws InterruptedException {
    Operation<Instance> operation = cloud.instances().create(there.spec(PASSWORD));
    reached.await();
    cloud.close();
    return operation;
  }

  @Test
  void whatIsDoneIsDoneHoweverLongItsLogTakes() throws InterruptedException {
    there.atRemove = this::stand;
    Operation<Instance> operation = closedWhileItStands();
    assertThat(operation.status()).isEqualTo(Operation.Status.SUCCEEDED);
    assertThat(operation.await(WorkflowCloud.LONG).name()).isEqualTo("orders");
    goOn();
    assertThat(there.entries).isEmpty();
    assertThat(operation.status()).isEqualTo(Operation.Status.SUCCEEDED);
  }

  @Test
  void whatHasFailedHasFailedHoweverLongItsLogTakes() throws InterruptedException {
    there.atRemove = this::stand;
    there.provider.atRequest = WorkflowCloud.failing(ErrorCategory.QUOTA);
    Operation<Instance> operation = closedWhileItStands();
    assertThat(
            catchThrowableOfType(CloudDbException.class, () -> operation.await(WorkflowCloud.LONG)))
        .isInstanceOf(QuotaException.class);
    goOn();
    assertThat(there.entries).isEmpty();
  }

  /** As a channel or a pool of connections does, which ends what an interrupted thread asks for. */
  @Test
  void whatIsDoneLeavesALogThatTheCloseInterrupts() throws InterruptedException {
    there.atRemove =
        WorkflowCloud.at(
            1,
            () -> {
              polling.set(Thread.currentThread());
              reached.countDown();
              try {
                released.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for a connection", e);
              }
            });
    Operation<Instance> operation = closedWhileItStands();
    assertThat(operation.status()).isEqualTo(Operation.Status.SUCCEEDED);
    goOn();
    assertThat(there.entries).isEmpty();
  }

  /** A meter that takes its time, between the end of an operation and its callers. */
  @ParameterizedTest
  @EnumSource(Operation.Status.class)
  void nothingRunsOnceTheCloudIsClosed(Operation.Status status) throws InterruptedException {
    ObservationRegistry registry = ObservationRegistry.create();
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStop(Observation.Context context) {
                stand();
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return "clouddb.operation".equals(context.getName());
              }
            });
    CloudConfig.Builder config = there.config().observations(registry);
    if (status == Operation.Status.RUNNING) {
      config.timer(
          (delay, task) -> {
            throw new RejectedExecutionException("as of a cloud that is being closed");
          });
    }
    if (status == Operation.Status.FAILED) {
      there.provider.atRequest = WorkflowCloud.failing(ErrorCategory.QUOTA);
    }
    cloud.close();
    cloud = CloudDb.open(config.build());
    Operation<Instance> operation = closedWhileItStands();
    assertThat(operation.status())
        .isEqualTo(
            status == Operation.Status.SUCCEEDED
                ? Operation.Status.SUCCEEDED
                : Operation.Status.FAILED);
    goOn();
  }

  @Test
  void whatIsSeenToBeDoneAfterwardsStaysToBeGoneOnWith() throws InterruptedException {
    // The first look finds no login yet, the second is after the request.
    there.provider.atLook = WorkflowCloud.at(2, this::stand);
    Operation<Instance> operation = closedWhileItStands();
    CloudDbException e =
        catchThrowableOfType(CloudDbException.class, () -> operation.await(WorkflowCloud.LONG));
    assertThat(e).isInstanceOf(UnavailableException.class);
    assertThat(e.details().operationToken()).isPresent();
    goOn();
    assertThat(operation.status()).isEqualTo(Operation.Status.FAILED);
    assertThat(there.entries).hasSize(1);
    try (CloudDb next = CloudDb.open(there.config().build())) {
      assertThat(
              next.operations()
                  .unfinished()
                  .get(0)
                  .resume(Instance.class)
                  .await(WorkflowCloud.LONG)
                  .name())
          .isEqualTo("orders");
    }
    assertThat(there.entries).isEmpty();
    assertThat(there.provider.requests).hasSize(2);
  }

  @Test
  void aWriteThatComesLateChangesNothingForWhoeverHasGoneOn() throws InterruptedException {
    // Before the first request.
    there.atWrite = WorkflowCloud.at(2, this::stand);
    Operation<Instance> operation = closedWhileItStands();
    try (CloudDb next = CloudDb.open(there.config().build())) {
      there.atWrite = () -> {};
      Operation<Instance> resumed = next.operations().unfinished().get(0).resume(Instance.class);
      assertThat(resumed.await(WorkflowCloud.LONG).name()).isEqualTo("orders");
    }
    goOn();
    assertThat(there.entries).isEmpty();
    assertThat(there.provider.requests).hasSize(2).doesNotHaveDuplicates();
    assertThat(operation.status()).isEqualTo(Operation.Status.FAILED);
  }

  @Test
  void whatIsWrittenDownWhileItIsClosedIsNotSent() throws InterruptedException {
    there.afterWrite = WorkflowCloud.at(2, this::stand);
    Operation<Instance> operation = closedWhileItStands();
    goOn();
    assertThat(there.provider.requests).isEmpty();
    assertThat(there.entries).hasSize(1);
    assertThat(operation.status()).isEqualTo(Operation.Status.FAILED);
  }

  /** As by a client that hears of the interrupt when its request is on the wire. */
  @Test
  void aRequestThatIsSentAllTheSameIsSentBeforeTheCloseReturns() throws InterruptedException {
    Thread closing = Thread.currentThread();
    there.provider.atRequest =
        () -> {
          reached.countDown();
          // It is accepted while close() waits; or not before the test's end, when it does not.
          while (closing.getState() != Thread.State.TIMED_WAITING && released.getCount() > 0) {
            Thread.onSpinWait();
          }
        };
    Operation<Instance> operation = closedWhileItStands();
    assertThat(there.provider.attempts).hasSize(1);
    assertThat(operation.status()).isEqualTo(Operation.Status.FAILED);
    assertThat(there.entries).hasSize(1);
  }

  @Test
  void itsTokenIsThatOfTheErrorWhateverIsStillHeard() throws InterruptedException {
    there.provider.atRequest = WorkflowCloud.at(2, this::stand);
    Operation<Instance> operation = closedWhileItStands();
    CloudDbException e =
        catchThrowableOfType(CloudDbException.class, () -> operation.await(WorkflowCloud.LONG));
    goOn();
    assertThat(e).hasMessageContaining("Resume it by its token");
    assertThat(e.details().operationToken()).contains(operation.token());
  }

  @Test
  void withALiteralPasswordItSaysWhyThereIsNoToken() throws InterruptedException {
    try (CloudDb closed =
        CloudDb.open(
            CloudConfig.builder("workflow", "here")
                .property("project", "shop")
                .providerObject(there.provider)
                .build())) {
      there.provider.atRequest = WorkflowCloud.at(1, this::stand);
      Operation<Instance> operation =
          closed.instances().create(there.spec(SecretRef.literal("hunter2")));
      reached.await();
      closed.close();
      CloudDbException e =
          catchThrowableOfType(CloudDbException.class, () -> operation.await(WorkflowCloud.LONG));
      assertThat(e)
          .isInstanceOf(UnavailableException.class)
          .hasMessageContainingAll("look for orders", "SecretRef.environment")
          .hasMessageNotContaining("hunter2");
      assertThat(e.details().operationToken()).isEmpty();
      goOn();
    }
  }

  @Test
  void noThreadOfItKeepsTheProcessAlive() throws InterruptedException {
    there.provider.atRequest = WorkflowCloud.at(1, this::stand);
    Operation<Instance> operation = cloud.instances().create(there.spec(PASSWORD));
    reached.await();
    assertThat(Objects.requireNonNull(polling.get()).isDaemon()).isTrue();
    released.countDown();
    assertThat(operation.await(WorkflowCloud.LONG).name()).isEqualTo("orders");
  }
}
