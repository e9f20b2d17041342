/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.DeadlineException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can be asked of an operation while its first request is on its way. */
class TokenOfARunningOperationTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud there = new WorkflowCloud();
  private final CountDownLatch sent = new CountDownLatch(1);
  private final CountDownLatch answered = new CountDownLatch(1);

  @BeforeEach
  void standAtTheFirstRequest() {
    there.provider.atRequest =
        WorkflowCloud.at(
            1,
            () -> {
              sent.countDown();
              WorkflowCloud.awaitUninterrupted(answered);
            });
  }

  @AfterEach
  void answer() {
    answered.countDown();
  }

  @Test
  void theTokenKnowsOfTheRequest() throws InterruptedException {
    BlockingQueue<Runnable> later = new LinkedBlockingQueue<>();
    try (CloudDb first = CloudDb.open(there.config().build());
        CloudDb next =
            CloudDb.open(
                there.config().trustTokens(true).timer((delay, task) -> later.add(task)).build())) {
      Operation<Instance> operation = first.instances().create(there.spec(PASSWORD));
      sent.await();
      Operation<Instance> resumed = next.operations().resume(operation.token(), Instance.class);
      // It looks again later, and sends nothing before the effect had time to show.
      assertThat(later.poll(WorkflowCloud.LONG.toSeconds(), TimeUnit.SECONDS)).isNotNull();
      assertThat(resumed.status()).isEqualTo(Operation.Status.RUNNING);
      assertThat(there.provider.requests).containsExactly("make here/orders");
      answer();
      assertThat(operation.await(WorkflowCloud.LONG).name()).isEqualTo("orders");
    }
  }

  @Test
  void thereIsATokenOnceALiteralPasswordIsNotNeededAnyMore() throws InterruptedException {
    CloudConfig withoutLog =
        CloudConfig.builder("workflow", "here")
            .property("project", "shop")
            .providerObject(there.provider)
            .pollInterval(Duration.ofMillis(1))
            .build();
    try (CloudDb cloud = CloudDb.open(withoutLog)) {
      Operation<Instance> operation =
          cloud.instances().create(there.spec(SecretRef.literal("hunter2")));
      sent.await();
      assertThatThrownBy(operation::token).isInstanceOf(InvalidArgumentException.class);
      answer();
      operation.await(WorkflowCloud.LONG);
      assertThat(cloud.operations().resume(operation.token(), Instance.class))
          .extracting(resumed -> resumed.await(WorkflowCloud.LONG).name())
          .isEqualTo("orders");
    }
  }

  @Test
  void whoIsInterruptedWhileHeWaitsIsSoAfterwards() throws InterruptedException {
    try (CloudDb cloud = CloudDb.open(there.config().build())) {
      Operation<Instance> operation = cloud.instances().create(there.spec(PASSWORD));
      sent.await();
      Thread.currentThread().interrupt();
      DeadlineException e =
          catchThrowableOfType(DeadlineException.class, () -> operation.await(WorkflowCloud.LONG));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(e).hasMessageContaining("Interrupted");
      assertThat(e.details().operationToken()).contains(operation.token());
    }
  }

  @Test
  void itIsCancelledNeitherWhileItGoesOnNorAfterwards() throws InterruptedException {
    try (CloudDb cloud = CloudDb.open(there.config().build())) {
      Operation<Instance> operation = cloud.instances().create(there.spec(PASSWORD));
      sent.await();
      assertThat(operation.cancel()).isEqualTo(Operation.Cancellation.NOT_SUPPORTED);
      assertThat(operation.status()).isEqualTo(Operation.Status.RUNNING);
      answer();
      operation.await(WorkflowCloud.LONG);
      assertThat(operation.cancel()).isEqualTo(Operation.Cancellation.NOT_SUPPORTED);
      assertThat(operation.status()).isEqualTo(Operation.Status.SUCCEEDED);
    }
  }
}
