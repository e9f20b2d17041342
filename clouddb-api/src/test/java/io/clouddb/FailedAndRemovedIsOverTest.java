/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.QuotaException;
import io.clouddb.security.SecretRef;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** After a lost answer, too, an operation that failed and was cleared up is not to be resumed. */
class FailedAndRemovedIsOverTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud workflow = new WorkflowCloud();

  @Test
  void hasNoTokenAndStandsInNoLog() {
    AtomicInteger requests = new AtomicInteger();
    workflow.provider.atRequest =
        () -> {
          workflow.now = workflow.now.plus(Duration.ofMinutes(3));
          WorkflowCloud.failing(
                  requests.incrementAndGet() == 1
                      ? ErrorCategory.OUTCOME_UNKNOWN
                      : ErrorCategory.QUOTA)
              .run();
        };
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      CloudDbException e = workflow.failureOfACreation(cloud, PASSWORD);
      assertThat(e).isInstanceOf(QuotaException.class);
      assertThat(e.details().leftBehind().orElseThrow()).contains("the instance orders");
      assertThat(e.details().operationToken()).isEmpty();
      assertThat(e).hasMessageNotContaining("Resume it by its token");
    }
    assertThat(workflow.entries).isEmpty();
  }
}
