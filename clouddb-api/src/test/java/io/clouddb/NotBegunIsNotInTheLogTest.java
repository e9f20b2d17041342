/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.Instance;
import io.clouddb.security.SecretRef;
import org.junit.jupiter.api.Test;

/**
 * Whoever was told that an operation could not be written down does not find it begun by the next
 * process that goes on with what is unfinished.
 */
class NotBegunIsNotInTheLogTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud there = new WorkflowCloud();

  private static void lost() {
    throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, "the answer to the write was lost")
        .retryable(false)
        .toException();
  }

  private CloudDbException refusedCreation() {
    try (CloudDb cloud = CloudDb.open(there.config().build())) {
      return catchThrowableOfType(
          CloudDbException.class, () -> cloud.instances().create(there.spec(PASSWORD)));
    }
  }

  @Test
  void whereItsAnswerWasLost() {
    there.afterWrite = NotBegunIsNotInTheLogTest::lost;
    CloudDbException e = refusedCreation();
    assertThat(e).isInstanceOf(UnavailableException.class).hasMessageContaining("was lost");
    assertThat(e.details().leftBehind()).isEmpty();
    assertThat(there.entries).isEmpty();
    assertThat(there.provider.requests).isEmpty();
  }

  @Test
  void orItIsToldThatItMayBe() {
    there.afterWrite = NotBegunIsNotInTheLogTest::lost;
    there.atRemove =
        () -> {
          throw new IllegalStateException("the log is gone");
        };
    CloudDbException e = refusedCreation();
    assertThat(e).isInstanceOf(UnavailableException.class);
    String id = there.entries.keySet().iterator().next();
    assertThat(e.details().leftBehind().orElseThrow()).contains(id, "operation log");
    assertThat(e.nextStep().orElseThrow()).contains("forget()");
    there.afterWrite = () -> {};
    there.atRemove = () -> {};
    try (CloudDb next = CloudDb.open(there.config().build())) {
      next.operations().unfinished().get(0).forget();
      assertThat(next.instances().create(there.spec(PASSWORD)).await(WorkflowCloud.LONG))
          .isInstanceOf(Instance.class);
    }
  }

  @Test
  void whatWasNeverWrittenLeavesNothing() {
    CloudDbException e;
    try (CloudDb cloud = CloudDb.open(there.config().build())) {
      e =
          catchThrowableOfType(
              CloudDbException.class,
              () -> cloud.instances().create(there.spec(SecretRef.literal("hunter2"))));
    }
    assertThat(e.details().leftBehind()).isEmpty();
    assertThat(there.entries).isEmpty();
  }
}
