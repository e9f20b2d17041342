/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.ResourceId;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.OperationState;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What another provider wrote into a shared log is sealed with that one's key, or with none. */
class SharedLogOfTwoProvidersTest {
  private static final SecretRef KEY = SecretRef.literal("0123456789abcdef");
  private static final SecretRef OTHER = SecretRef.literal("fedcba9876543210");

  @Test
  void isLeftToIt() {
    OperationState state =
        OperationState.begin(
            "instance.start",
            ResourceId.of("gcp", "shop", "here", "instance", "orders"),
            "op-1",
            Instant.parse("2026-01-01T00:00:00Z"),
            null);
    OperationToken aws = new OperationToken("aws", KEY);
    assertThat(aws.isOfThisProvider(new OperationToken("gcp", null).write(state))).isFalse();
    assertThat(aws.isOfThisProvider(new OperationToken("gcp", OTHER).write(state))).isFalse();
    assertThat(new OperationToken("gcp", OTHER).isOfThisProvider(aws.write(state))).isFalse();
  }
}
