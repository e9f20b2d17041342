/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.Instance;
import io.clouddb.security.SecretRef;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whoever goes on with an operation has the time of its step again, also from the log. */
class ResumedAfterItsLimitTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud workflow = new WorkflowCloud();

  @Test
  void isFollowedAgain() {
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      workflow.provider.atRequest = WorkflowCloud.failing(ErrorCategory.AUTHENTICATION);
      workflow.failureOfACreation(cloud, PASSWORD);
      workflow.now = workflow.now.plus(Duration.ofHours(7));
      workflow.provider.atRequest = WorkflowCloud.at(1, WorkflowCloud.failing(ErrorCategory.BUSY));
      assertThat(
              cloud
                  .operations()
                  .unfinished()
                  .get(0)
                  .resume(Instance.class)
                  .await(WorkflowCloud.LONG)
                  .name())
          .isEqualTo("orders");
    }
  }
}
