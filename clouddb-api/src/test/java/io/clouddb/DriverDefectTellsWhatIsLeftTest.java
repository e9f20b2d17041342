/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.instance.Instance;
import io.clouddb.security.SecretRef;
import org.junit.jupiter.api.Test;

/** An error of a driver, or of the machine, is no reason to lose what was made before it. */
class DriverDefectTellsWhatIsLeftTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud workflow = new WorkflowCloud();

  @Test
  void andHowToGoOn() {
    workflow.provider.atRequest =
        WorkflowCloud.at(
            2,
            () -> {
              throw new StackOverflowError();
            });
    try (CloudDb cloud = CloudDb.open(workflow.config().trustTokens(true).build())) {
      CloudDbException e = workflow.failureOfACreation(cloud, PASSWORD);
      assertThat(e).hasMessageContainingAll("instance.create", "the instance orders");
      assertThat(e.details().outcomeKnown()).isFalse();
      assertThat(e).hasRootCauseInstanceOf(StackOverflowError.class);
      assertThat(workflow.entries).hasSize(1);
      workflow.provider.logins.add("here/orders");
      String token = e.details().operationToken().orElseThrow();
      assertThat(cloud.operations().resume(token, Instance.class).await(WorkflowCloud.LONG).name())
          .isEqualTo("orders");
    }
  }
}
