/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.ErrorCategory;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Each operation is one observation, which ends with it and says how. */
class OperationIsObservedTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud workflow = new WorkflowCloud();
  private final TestObservationRegistry registry = TestObservationRegistry.create();

  private CloudDb open() {
    return CloudDb.open(workflow.config().observations(registry).build());
  }

  private void ended(String kind, String outcome) {
    TestObservationRegistryAssert.assertThat(registry)
        .hasObservationWithNameEqualTo("clouddb.operation")
        .that()
        .hasLowCardinalityKeyValue("clouddb.kind", kind)
        .hasLowCardinalityKeyValue("clouddb.provider", "workflow")
        .hasLowCardinalityKeyValue("clouddb.outcome", outcome)
        .hasBeenStarted()
        .hasBeenStopped();
  }

  @Test
  void whatSucceedsEndsSo() {
    try (CloudDb cloud = open()) {
      cloud.instances().create(workflow.spec(PASSWORD)).await(WorkflowCloud.LONG);
    }
    ended("instance.create", "SUCCESS");
  }

  @Test
  void whatFailsEndsWithItsCategory() {
    workflow.provider.atRequest = WorkflowCloud.failing(ErrorCategory.QUOTA);
    try (CloudDb cloud = open()) {
      assertThat(workflow.failureOfACreation(cloud, PASSWORD).category())
          .isEqualTo(ErrorCategory.QUOTA);
    }
    ended("instance.create", "QUOTA");
  }

  @Test
  void whatIsClosedEndsToo() throws InterruptedException {
    CountDownLatch sent = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    workflow.provider.atRequest =
        () -> {
          sent.countDown();
          try {
            closed.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    Operation<?> operation;
    try (CloudDb cloud = open()) {
      operation = cloud.instances().create(workflow.spec(PASSWORD));
      sent.await();
    }
    closed.countDown();
    assertThat(operation.status()).isEqualTo(Operation.Status.FAILED);
    ended("instance.create", "UNAVAILABLE");
  }
}
