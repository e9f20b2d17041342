/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Instance;
import io.clouddb.internal.operation.OperationToken;
import io.clouddb.operation.UnfinishedOperation;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.OperationState;
import org.junit.jupiter.api.Test;

/** One entry that this release cannot read hides none of the others. */
class UnknownKindInTheLogTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud workflow = new WorkflowCloud();

  @Test
  void isListedAndNotResumed() {
    OperationState newer =
        OperationState.begin(
            "snapshot.create",
            ResourceId.of("workflow", "shop", "here", "snapshot", "nightly"),
            "op-new",
            workflow.now.minusSeconds(1),
            null);
    workflow.entries.put("op-new", new OperationToken("workflow", null).write(newer));
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      workflow.provider.atRequest = WorkflowCloud.failing(ErrorCategory.AUTHENTICATION);
      workflow.failureOfACreation(cloud, PASSWORD);
      assertThat(cloud.operations().unfinished())
          .extracting(UnfinishedOperation::kind)
          .containsExactly("snapshot.create", "instance.create");
      UnfinishedOperation unknown = cloud.operations().unfinished().get(0);
      assertThatThrownBy(() -> unknown.resume(Instance.class))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("knows no operation 'snapshot.create'");
    }
  }

  @Test
  void whatIsNoTokenIsToldByItsId() {
    workflow.entries.put("op-7", "nonsense");
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      assertThatThrownBy(() -> cloud.operations().unfinished())
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("op-7");
    }
  }
}
