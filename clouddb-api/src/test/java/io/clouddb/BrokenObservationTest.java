/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.QuotaException;
import io.clouddb.security.SecretRef;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

/** A meter that refuses what it is told leaves nobody waiting, and fails no operation. */
class BrokenObservationTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud workflow = new WorkflowCloud();

  private CloudConfig config() {
    ObservationRegistry registry = ObservationRegistry.create();
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStop(Observation.Context context) {
                throw new IllegalArgumentException("another set of tags");
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return "clouddb.operation".equals(context.getName());
              }
            });
    return workflow.config().observations(registry).build();
  }

  @Test
  void whatSucceedsSucceeds() {
    try (CloudDb cloud = CloudDb.open(config())) {
      assertThat(cloud.instances().create(workflow.spec(PASSWORD)).await(WorkflowCloud.LONG).name())
          .isEqualTo("orders");
    }
  }

  @Test
  void whatFailsSaysWhy() {
    workflow.provider.atRequest = WorkflowCloud.failing(ErrorCategory.QUOTA);
    try (CloudDb cloud = CloudDb.open(config())) {
      CloudDbException e = workflow.failureOfACreation(cloud, PASSWORD);
      assertThat(e).isInstanceOf(QuotaException.class);
    }
  }
}
