/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RetryPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where a literal password prevents a token, the error says what can be done without one. */
class NoTokenIsNotAdvisedTest {
  private final WorkflowProvider provider = new WorkflowProvider();

  @Test
  void theErrorSaysWhatToDoInstead() {
    provider.atRequest = WorkflowCloud.at(2, WorkflowCloud.failing(ErrorCategory.AUTHENTICATION));
    CloudConfig config =
        CloudConfig.builder("workflow", "here")
            .providerObject(provider)
            .retryPolicy(RetryPolicy.NONE)
            .pollInterval(Duration.ofMillis(1))
            .build();
    try (CloudDb cloud = CloudDb.open(config)) {
      CloudDbException e =
          new WorkflowCloud().failureOfACreation(cloud, SecretRef.literal("hunter2"));
      assertThat(e.details().operationToken()).isEmpty();
      assertThat(e.nextStep().orElseThrow())
          .contains("literal password", "SecretRef.environment")
          .doesNotContain("resume(");
    }
  }
}
