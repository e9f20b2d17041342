/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Instance;
import io.clouddb.security.SecretRef;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** A release that is rolled back leaves in the log what the newer one began. */
class StepOfANewerReleaseTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud workflow = new WorkflowCloud();

  @Test
  void staysInTheLog() {
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      workflow.provider.atRequest = WorkflowCloud.failing(ErrorCategory.AUTHENTICATION);
      workflow.failureOfACreation(cloud, PASSWORD);
      workflow.entries.replaceAll((id, token) -> atAnotherStep(token));
      CloudDbException e =
          Assertions.catchThrowableOfType(
              CloudDbException.class,
              () ->
                  cloud
                      .operations()
                      .unfinished()
                      .get(0)
                      .resume(Instance.class)
                      .await(WorkflowCloud.LONG));
      assertThat(e)
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("with the release of clouddb that began it");
      assertThat(workflow.entries).hasSize(1);
    }
  }

  private static String atAnotherStep(String token) {
    int point = token.indexOf('.') + 1;
    String json =
        new String(Base64.getUrlDecoder().decode(token.substring(point)), StandardCharsets.UTF_8);
    String newer = json.replace("\"step\":\"make\"", "\"step\":\"polish\"");
    assertThat(newer).isNotEqualTo(json);
    return token.substring(0, point)
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(newer.getBytes(StandardCharsets.UTF_8));
  }
}
