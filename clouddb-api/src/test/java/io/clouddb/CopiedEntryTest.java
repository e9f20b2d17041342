/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An entry that was copied to another id is told, and not taken for a second operation. */
class CopiedEntryTest {
  private final WorkflowCloud there = new WorkflowCloud();

  @Test
  void isNamed() {
    try (CloudDb cloud = CloudDb.open(there.config().timer((delay, task) -> {}).build())) {
      Operation<?> operation = cloud.instances().create(there.spec(SecretRef.environment("PATH")));
      assertThat(operation.status()).isEqualTo(Operation.Status.RUNNING);
    }
    Map.Entry<String, String> its = there.entries.entrySet().iterator().next();
    there.entries.put("op-copy", its.getValue());
    try (CloudDb next = CloudDb.open(there.config().build())) {
      assertThatThrownBy(() -> next.operations().unfinished())
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContainingAll("op-copy", its.getKey());
      there.entries.remove("op-copy");
      next.operations().unfinished().get(0).forget();
    }
    assertThat(there.entries).isEmpty();
  }
}
