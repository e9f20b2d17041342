/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.security.SecretRef;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Two processes that ensure the same instance at the same moment both get it. */
class EnsureByTwoProcessesTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud workflow = new WorkflowCloud();

  private void somebodyIsFaster() {
    workflow.provider.atRequest =
        () -> {
          workflow.provider.attempts.put("here/orders", "another-process");
          throw ErrorDetails.of(ErrorCategory.BUSY, "it is being made").toException();
        };
  }

  @Test
  void theSlowerOneTakesWhatTheFasterOneMakes() {
    somebodyIsFaster();
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      Instance orders = cloud.instances().ensure(workflow.spec(PASSWORD)).await(WorkflowCloud.LONG);
      assertThat(orders.admin()).contains(AdminLogin.of("app", PASSWORD));
      assertThat(workflow.provider.requests).containsExactly("make here/orders");
    }
    assertThat(workflow.entries).isEmpty();
  }

  @Test
  void whoCreatesIsToldThatItExists() {
    somebodyIsFaster();
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      assertThat(
              catchThrowableOfType(
                  CompletionException.class,
                  () ->
                      cloud
                          .instances()
                          .create(workflow.spec(PASSWORD))
                          .toCompletableFuture()
                          .join()))
          .hasCauseInstanceOf(AlreadyExistsException.class);
    }
  }
}
