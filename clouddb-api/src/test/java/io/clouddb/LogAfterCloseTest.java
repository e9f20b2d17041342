/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a closed cloud still hears of its last request is not written into the log. */
class LogAfterCloseTest {
  private final WorkflowCloud there = new WorkflowCloud();

  @TempDir Path folder;

  @Test
  void itIsOfWhoeverGoesOn() throws Exception {
    SecretRef password = SecretRef.file(Files.writeString(folder.resolve("password"), "Correct-1"));
    CountDownLatch sent = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    AtomicReference<Thread> polling = new AtomicReference<>();
    there.provider.atRequest =
        WorkflowCloud.at(
            1,
            () -> {
              polling.set(Thread.currentThread());
              sent.countDown();
              WorkflowCloud.awaitUninterrupted(answered);
              WorkflowCloud.failing(ErrorCategory.UNAVAILABLE).run();
            });
    CloudDb closed = CloudDb.open(there.config().build());
    Operation<Instance> operation = closed.instances().create(there.spec(password));
    sent.await();
    closed.close();
    String token = operation.token();
    try (CloudDb next = CloudDb.open(there.config().trustTokens(true).build())) {
      there.now = there.now.plusSeconds(600);
      assertThat(next.operations().resume(token, Instance.class).await(WorkflowCloud.LONG).name())
          .isEqualTo("orders");
    }
    assertThat(there.entries).isEmpty();
    answered.countDown();
    Objects.requireNonNull(polling.get()).join(WorkflowCloud.LONG.toMillis());
    assertThat(there.entries).isEmpty();
  }
}
