/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Instance;
import io.clouddb.security.SecretRef;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * What stands in the log is trusted, so that no token which anybody can have written gets there.
 */
class UnsealedTokenAndLogTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud workflow = new WorkflowCloud();

  private CloudDbException refusal(CloudDb cloud, String token) {
    return Assertions.catchThrowableOfType(
        CloudDbException.class,
        () -> cloud.operations().resume(token, Instance.class).await(WorkflowCloud.LONG));
  }

  @Test
  void isNotWrittenIntoIt() {
    String forged;
    try (CloudDb attacker = CloudDb.open(workflow.config().build())) {
      workflow.provider.atRequest = WorkflowCloud.failing(ErrorCategory.AUTHENTICATION);
      forged = workflow.failureOfACreation(attacker, PASSWORD).details().operationToken().get();
    }
    workflow.entries.clear();
    workflow.provider.atRequest = () -> {};
    workflow.atWrite =
        () -> {
          throw new AssertionError("written");
        };
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      CloudDbException e = refusal(cloud, forged);
      assertThat(e)
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("was not sealed");
      assertThat(e.details().leftBehind().orElseThrow()).contains("the instance orders");
    }
    assertThat(workflow.entries).isEmpty();
  }

  @Test
  void takesNothingOutOfIt() {
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      workflow.provider.atRequest =
          WorkflowCloud.at(2, WorkflowCloud.failing(ErrorCategory.AUTHENTICATION));
      CloudDbException expired = workflow.failureOfACreation(cloud, PASSWORD);
      Map<String, String> before = Map.copyOf(workflow.entries);
      refusal(cloud, expired.details().operationToken().orElseThrow());
      assertThat(workflow.entries).isEqualTo(before).hasSize(1);
      workflow.now = workflow.now.plus(Duration.ofMinutes(3));
      cloud.operations().unfinished().get(0).resume(Instance.class).await(WorkflowCloud.LONG);
      assertThat(workflow.entries).isEmpty();
    }
  }
}
