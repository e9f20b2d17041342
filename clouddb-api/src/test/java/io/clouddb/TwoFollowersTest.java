/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationLog;
import io.clouddb.operation.UnfinishedOperation;
import io.clouddb.security.SecretRef;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of two that follow one operation by one log, one sends its next request. */
class TwoFollowersTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");
  private static final SecretRef KEY = SecretRef.literal("0123456789abcdef");

  private final WorkflowCloud there = new WorkflowCloud();
  private final BlockingQueue<Runnable> later = new LinkedBlockingQueue<>();
  private final CountDownLatch sent = new CountDownLatch(1);
  private final CountDownLatch answered = new CountDownLatch(1);

  @TempDir Path folder;

  private CloudDb slow;
  private CloudDb other;
  private Operation<Instance> slowOne;
  private Runnable slowPoll;

  /** The first process has made the instance, and does not get to look at it. */
  @BeforeEach
  void begin() throws InterruptedException {
    CloudConfig.Builder config =
        there.config().tokenKey(KEY).operationLog(OperationLog.directory(folder.resolve("log")));
    slow = CloudDb.open(config.timer((delay, task) -> later.add(task)).build());
    other =
        CloudDb.open(
            there
                .config()
                .tokenKey(KEY)
                .operationLog(OperationLog.directory(folder.resolve("log")))
                .build());
    slowOne = slow.instances().create(there.spec(PASSWORD));
    slowPoll = later.poll(WorkflowCloud.LONG.toSeconds(), TimeUnit.SECONDS);
    there.provider.atRequest =
        WorkflowCloud.at(
            1,
            () -> {
              sent.countDown();
              WorkflowCloud.awaitUninterrupted(answered);
            });
  }

  @AfterEach
  void close() {
    answered.countDown();
    slow.close();
    other.close();
  }

  private static void assertOvertaken(Operation<Instance> overtaken) {
    CloudDbException e =
        catchThrowableOfType(CloudDbException.class, () -> overtaken.await(WorkflowCloud.LONG));
    assertThat(e)
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll(
            "Another process goes on with instance.create of orders", "unfinished()");
    assertThat(e.details().outcomeKnown()).isFalse();
    assertThat(e.details().operationToken()).isEmpty();
    assertThat(e.details().leftBehind().orElseThrow()).contains("the instance orders");
  }

  private void assertMadeOnceBy(Operation<Instance> one) {
    answered.countDown();
    assertThat(one.await(WorkflowCloud.LONG).name()).isEqualTo("orders");
    assertThat(there.provider.requests).hasSize(2).doesNotHaveDuplicates();
    assertThat(other.operations().unfinished()).isEmpty();
  }

  @Test
  void whoWasGoneOnWithoutEndsBeforeItsNextRequest() throws InterruptedException {
    Operation<Instance> resumed = other.operations().unfinished().get(0).resume(Instance.class);
    sent.await();
    slowPoll.run();
    assertOvertaken(slowOne);
    assertThat(other.operations().unfinished()).hasSize(1);
    assertMadeOnceBy(resumed);
  }

  @Test
  void whoGoesOnByATokenIsOneOfThem() throws InterruptedException {
    Operation<Instance> resumed = other.operations().resume(slowOne.token(), Instance.class);
    sent.await();
    slowPoll.run();
    assertOvertaken(slowOne);
    assertMadeOnceBy(resumed);
  }

  @Test
  void whoComesLaterThanTheNextRequestEndsHimself() throws InterruptedException {
    UnfinishedOperation found = other.operations().unfinished().get(0);
    slowPoll.run();
    sent.await();
    assertOvertaken(found.resume(Instance.class));
    answered.countDown();
    later.poll(WorkflowCloud.LONG.toSeconds(), TimeUnit.SECONDS).run();
    assertMadeOnceBy(slowOne);
  }

  @Test
  void whoOnlyWaitsForTheEndHasIt() throws InterruptedException {
    Operation<Instance> resumed = other.operations().unfinished().get(0).resume(Instance.class);
    sent.await();
    assertMadeOnceBy(resumed);
    slowPoll.run();
    assertMadeOnceBy(slowOne);
  }

  @Test
  void whatSomebodyGoesOnWithIsNotForgotten() throws InterruptedException {
    UnfinishedOperation found = other.operations().unfinished().get(0);
    slowPoll.run();
    sent.await();
    assertThatThrownBy(found::forget)
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("since it was listed");
    assertThat(other.operations().unfinished()).hasSize(1);
  }

  @Test
  void whatIsForgottenIsNotGoneOnWith() {
    UnfinishedOperation found = other.operations().unfinished().get(0);
    found.forget();
    found.forget();
    slowPoll.run();
    assertOvertaken(slowOne);
    assertThat(other.operations().unfinished()).isEmpty();
    assertThat(there.provider.requests).hasSize(1);
  }

  @Test
  void anIdThatIsGivenTwiceBeginsNothing() {
    there.provider.atRequest = () -> {};
    CloudConfig config = there.config().ids(() -> "op-7").build();
    there.entries.put("op-7", "another");
    try (CloudDb cloud = CloudDb.open(config)) {
      assertThatThrownBy(() -> cloud.in("there").instances().create(there.spec(PASSWORD)))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContainingAll("op-7", "ids");
    }
    assertThat(there.entries).containsEntry("op-7", "another");
    assertThat(there.provider.requests).hasSize(1);
  }
}
