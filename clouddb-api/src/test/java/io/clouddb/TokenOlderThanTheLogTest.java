/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.QuotaException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whoever goes on by a token knows what the log has written of the operation since. */
class TokenOlderThanTheLogTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");
  private static final SecretRef KEY = SecretRef.literal("0123456789abcdef");

  private final WorkflowCloud there = new WorkflowCloud();
  private final BlockingQueue<Runnable> later = new LinkedBlockingQueue<>();
  private volatile String token = "";

  private CloudDb opened(boolean killed) {
    CloudConfig.Builder config = there.config().tokenKey(KEY);
    return CloudDb.open(
        killed ? config.timer((delay, task) -> later.add(task)).build() : config.build());
  }

  /** The token as it was when the operation was begun. */
  private void keepTheFirstToken() {
    there.afterWrite = WorkflowCloud.at(1, () -> token = there.entries.values().iterator().next());
  }

  @Test
  void aRequestThatWasSentIsNotSentAgain() throws InterruptedException {
    ResourceId id = ResourceId.of("workflow", "shop", "here", "instance", "orders");
    there.provider.attempts.put("here/orders", "of an earlier operation");
    InstanceChange change = InstanceChange.builder().storageSize(DataSize.gib(40)).build();
    keepTheFirstToken();
    CloudDb killed = opened(true);
    killed.instances().modify(id, change);
    // It has sent its request, and does not get to look at it.
    assertThat(later.poll(WorkflowCloud.LONG.toSeconds(), TimeUnit.SECONDS)).isNotNull();
    try (CloudDb next = opened(false)) {
      Operation<Instance> resumed = next.operations().resume(token, Instance.class);
      assertThat(resumed.await(WorkflowCloud.LONG).name()).isEqualTo("orders");
    }
    killed.close();
    assertThat(there.provider.requests).filteredOn(sent -> sent.startsWith("change")).hasSize(1);
    assertThat(there.entries).isEmpty();
  }

  @Test
  void whatIsBeingRemovedIsNotMadeAgain() throws InterruptedException {
    keepTheFirstToken();
    there.provider.atRequest = WorkflowCloud.at(2, WorkflowCloud.failing(ErrorCategory.QUOTA));
    CloudDb killed = opened(true);
    Operation<Instance> operation = killed.instances().create(there.spec(PASSWORD));
    // The login is refused at the second look, and that it failed is written down.
    Runnable second = later.poll(WorkflowCloud.LONG.toSeconds(), TimeUnit.SECONDS);
    CountDownLatch failing = new CountDownLatch(1);
    there.afterWrite = WorkflowCloud.at(2, failing::countDown);
    second.run();
    failing.await();
    assertThat(later.poll(WorkflowCloud.LONG.toSeconds(), TimeUnit.SECONDS)).isNotNull();
    there.provider.requests.clear();
    try (CloudDb next = opened(false)) {
      Operation<Instance> resumed = next.operations().resume(token, Instance.class);
      assertThatThrownBy(() -> resumed.await(WorkflowCloud.LONG))
          .isInstanceOf(QuotaException.class)
          .isInstanceOf(CloudDbException.class);
    }
    killed.close();
    assertThat(operation.status()).isEqualTo(Operation.Status.FAILED);
    assertThat(there.provider.requests).isEmpty();
  }
}
