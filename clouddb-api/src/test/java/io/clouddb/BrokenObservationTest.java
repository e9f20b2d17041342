/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.QuotaException;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

/** A meter that refuses what it is told leaves nobody waiting, and fails no operation. */
class BrokenObservationTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud workflow = new WorkflowCloud();

  /** A handler of operations alone. */
  private abstract static class OfOperations implements ObservationHandler<Observation.Context> {
    @Override
    public boolean supportsContext(Observation.Context context) {
      return "clouddb.operation".equals(context.getName());
    }
  }

  private CloudConfig.Builder refusing() {
    return config(
        workflow,
        new OfOperations() {
          @Override
          public void onStop(Observation.Context context) {
            throw new IllegalArgumentException("another set of tags");
          }
        });
  }

  private CloudConfig.Builder ofAnotherVersion() {
    return config(
        workflow,
        new OfOperations() {
          @Override
          public void onStop(Observation.Context context) {
            throw new NoSuchMethodError("of another version");
          }
        });
  }

  private CloudConfig.Builder refusingToStart() {
    return config(
        workflow,
        new OfOperations() {
          @Override
          public void onStart(Observation.Context context) {
            throw new IllegalArgumentException("no more meters");
          }
        });
  }

  private static CloudConfig.Builder config(WorkflowCloud workflow, ObservationHandler<?> handler) {
    ObservationRegistry registry = ObservationRegistry.create();
    registry.observationConfig().observationHandler(handler);
    return workflow.config().observations(registry);
  }

  @Test
  void whatSucceedsSucceeds() {
    try (CloudDb cloud = CloudDb.open(refusing().build())) {
      assertThat(cloud.instances().create(workflow.spec(PASSWORD)).await(WorkflowCloud.LONG).name())
          .isEqualTo("orders");
    }
  }

  @Test
  void whatFailsSaysWhy() {
    workflow.provider.atRequest = WorkflowCloud.failing(ErrorCategory.QUOTA);
    try (CloudDb cloud = CloudDb.open(refusing().build())) {
      CloudDbException e = workflow.failureOfACreation(cloud, PASSWORD);
      assertThat(e).isInstanceOf(QuotaException.class);
    }
  }

  @Test
  void whatSucceedsSucceedsWithOneOfAnotherVersion() {
    try (CloudDb cloud = CloudDb.open(ofAnotherVersion().build())) {
      assertThat(cloud.instances().create(workflow.spec(PASSWORD)).await(WorkflowCloud.LONG).name())
          .isEqualTo("orders");
    }
  }

  @Test
  void whatFailsSaysWhyWithOneOfAnotherVersion() {
    workflow.provider.atRequest = WorkflowCloud.failing(ErrorCategory.QUOTA);
    try (CloudDb cloud = CloudDb.open(ofAnotherVersion().build())) {
      assertThat(workflow.failureOfACreation(cloud, PASSWORD)).isInstanceOf(QuotaException.class);
    }
  }

  @Test
  void whatIsClosedLeavesNobodyWaitingWithOneOfAnotherVersion() {
    // Nothing of them is ever looked at again.
    CloudConfig config = ofAnotherVersion().timer((delay, task) -> {}).build();
    CloudDb cloud = CloudDb.open(config);
    Operation<Instance> orders = cloud.instances().create(workflow.spec(PASSWORD));
    Operation<Instance> there = cloud.in("there").instances().create(workflow.spec(PASSWORD));
    cloud.close();
    assertThat(orders.status()).isEqualTo(Operation.Status.FAILED);
    assertThat(there.status()).isEqualTo(Operation.Status.FAILED);
  }

  @Test
  void whatIsInTheLogIsBegunThoughItCannotBeMeasured() {
    try (CloudDb cloud = CloudDb.open(refusingToStart().build())) {
      assertThat(cloud.instances().create(workflow.spec(PASSWORD)).await(WorkflowCloud.LONG).name())
          .isEqualTo("orders");
    }
    assertThat(workflow.entries).isEmpty();
  }
}
