/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.QuotaException;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a caller's own log or timer throws, errors of the machine too, leaves nobody waiting. */
class EndsWhateverIsThrownTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud there = new WorkflowCloud();

  private static void missingMethod() {
    throw new NoSuchMethodError("of another version of the log's driver");
  }

  @Test
  void byTheLogOfWhatHasFailed() {
    there.provider.atRequest = WorkflowCloud.failing(ErrorCategory.QUOTA);
    there.atRemove = EndsWhateverIsThrownTest::missingMethod;
    try (CloudDb cloud = CloudDb.open(there.config().build())) {
      assertThat(there.failureOfACreation(cloud, PASSWORD)).isInstanceOf(QuotaException.class);
    }
  }

  @Test
  void byTheLogOfWhatIsDone() {
    there.atRemove = EndsWhateverIsThrownTest::missingMethod;
    try (CloudDb cloud = CloudDb.open(there.config().build())) {
      assertThat(cloud.instances().create(there.spec(PASSWORD)).await(WorkflowCloud.LONG).name())
          .isEqualTo("orders");
    }
  }

  @Test
  void byAClosedTimerAfterALookThatFailed() {
    // The second look is the login's: its failure asks the timer for another one.
    there.provider.atLook = WorkflowCloud.failing(ErrorCategory.UNAVAILABLE);
    CountDownLatch first = new CountDownLatch(1);
    CloudConfig config =
        there
            .config()
            .timer(
                (delay, task) -> {
                  if (first.getCount() == 0) {
                    throw new IllegalStateException("the timer is shut down");
                  }
                  first.countDown();
                  task.run();
                })
            .build();
    try (CloudDb cloud = CloudDb.open(config)) {
      Operation<Instance> operation = cloud.instances().create(there.spec(PASSWORD));
      CloudDbException e =
          catchThrowableOfType(CloudDbException.class, () -> operation.await(WorkflowCloud.LONG));
      assertThat(e).hasMessageContainingAll("the timer is shut down", "the instance orders");
      assertThat(e.details().operationToken()).isPresent();
    }
  }

  /** Whoever goes on with what is unfinished would send the request again. */
  @Test
  void whatHasFailedSaysThatItsEntryStays() {
    there.provider.atRequest = WorkflowCloud.failing(ErrorCategory.QUOTA);
    there.atRemove =
        () -> {
          throw new IllegalStateException("connection refused");
        };
    try (CloudDb cloud = CloudDb.open(there.config().build())) {
      CloudDbException e = there.failureOfACreation(cloud, PASSWORD);
      assertThat(e).isInstanceOf(QuotaException.class);
      String id = there.entries.keySet().iterator().next();
      assertThat(e.details().leftBehind().orElseThrow()).contains(id, "operation log");
      assertThat(e.nextStep().orElseThrow()).contains("forget()");
      there.atRemove = () -> {};
      cloud.operations().unfinished().get(0).forget();
      assertThat(there.entries).isEmpty();
    }
  }
}
