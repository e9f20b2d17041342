/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A process gives its token away, sends its request and is killed: who goes on by the token knows
 * of no request, and meets what it has made.
 */
class TokenOlderThanItsRequestTest {
  private static final SecretRef PASSWORD = SecretRef.environment("PATH");

  private final WorkflowCloud there = new WorkflowCloud();
  private volatile String id = "";
  private volatile String token = "";

  @BeforeEach
  void begin() {
    there.atWrite =
        WorkflowCloud.at(
            2,
            () -> {
              id = there.entries.keySet().iterator().next();
              token = there.entries.values().iterator().next();
            });
    there.provider.atRequest = WorkflowCloud.failing(ErrorCategory.AUTHENTICATION);
    try (CloudDb killed = CloudDb.open(there.config().build())) {
      there.failureOfACreation(killed, PASSWORD);
    }
    there.provider.requests.clear();
  }

  /** It shows only when the request is refused because of it. */
  private void existsAsThatOf(String attempt) {
    there.provider.atRequest =
        WorkflowCloud.at(
            1,
            () -> {
              there.provider.attempts.put("here/orders", attempt);
              throw ErrorDetails.of(ErrorCategory.ALREADY_EXISTS, "orders exists").toException();
            });
  }

  @Test
  void itsOwnInstanceIsGoneOnWith() {
    existsAsThatOf(id);
    try (CloudDb next = CloudDb.open(there.config().trustTokens(true).build())) {
      Operation<Instance> operation = next.operations().resume(token, Instance.class);
      assertThat(operation.await(WorkflowCloud.LONG).name()).isEqualTo("orders");
    }
    assertThat(there.provider.requests).filteredOn("make here/orders"::equals).hasSize(1);
    assertThat(there.entries).isEmpty();
  }

  @Test
  void somebodyElsesIsNot() {
    existsAsThatOf("another");
    try (CloudDb next = CloudDb.open(there.config().trustTokens(true).build())) {
      Operation<Instance> operation = next.operations().resume(token, Instance.class);
      assertThatThrownBy(() -> operation.await(WorkflowCloud.LONG))
          .isInstanceOf(AlreadyExistsException.class);
    }
    assertThat(there.provider.requests).containsExactly("make here/orders");
    assertThat(there.entries).isEmpty();
  }
}
