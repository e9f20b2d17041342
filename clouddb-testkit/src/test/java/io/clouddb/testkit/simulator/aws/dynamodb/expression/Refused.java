/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.testkit.simulator.aws.AwsError;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What tests expect of refusals. */
final class Refused {
  private Refused() {}

  static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AwsError.class,
            e -> {
              assertThat(e.code()).isEqualTo("ValidationException");
              assertThat(e.status()).isEqualTo(400);
              assertThat(e.text()).isEqualTo(message);
            });
  }
}
