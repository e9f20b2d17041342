/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.security.SecretRef;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An operation log that fails while an operation goes on takes the operation from nobody. */
class LogThatFailsForAMomentTest {
  /** Of every process, so that it can be read. */
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud workflow = new WorkflowCloud();

  private static RuntimeException full() {
    return ErrorDetails.of(ErrorCategory.UNAVAILABLE, "The operation log cannot be written")
        .retryable(false)
        .toException();
  }

  private void requireCreated() {
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      assertThat(cloud.instances().create(workflow.spec(PASSWORD)).await(WorkflowCloud.LONG).name())
          .isEqualTo("orders");
    }
    assertThat(workflow.entries).isEmpty();
    assertThat(workflow.provider.requests).hasSize(2);
  }

  @Test
  void isWrittenAgain() {
    workflow.atWrite =
        WorkflowCloud.at(
            3,
            () -> {
              throw full();
            });
    requireCreated();
  }

  @Test
  void keepsWhatItHasAndTheErrorTellsOfIt() {
    AtomicInteger writes = new AtomicInteger();
    workflow.atWrite =
        () -> {
          if (writes.incrementAndGet() > 2) {
            throw new IllegalStateException("no space left on device");
          }
        };
    try (CloudDb cloud = CloudDb.open(workflow.config().build())) {
      CloudDbException e = workflow.failureOfACreation(cloud, PASSWORD);
      assertThat(e)
          .hasMessageContainingAll("operation log", "no space left", "the instance orders");
      assertThat(e.details().operationToken()).isPresent();
      assertThat(workflow.entries).hasSize(1);
      workflow.atWrite = () -> {};
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
    assertThat(workflow.provider.requests).hasSize(2);
  }

  @Test
  void knowsItsOwnEntryThoughTheWriteFailedAfterIt() {
    workflow.afterWrite =
        WorkflowCloud.at(
            2,
            () -> {
              throw full();
            });
    requireCreated();
  }
}
