/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void aPauseIsTwiceAsLongAfterEachFailure() {
    RetryPolicy policy = new RetryPolicy(9, Duration.ofSeconds(1), Duration.ofSeconds(6));
    assertThat(policy.pause(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(policy.pause(2)).isEqualTo(Duration.ofSeconds(2));
    assertThat(policy.pause(3)).isEqualTo(Duration.ofSeconds(4));
    assertThat(policy.pause(4)).isEqualTo(Duration.ofSeconds(6));
    assertThat(policy.pause(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(6));
    assertThat(RetryPolicy.NONE.pause(1)).isZero();
  }

  @Test
  void pausesLastAMillisecondToADay() {
    assertThatCode(() -> new RetryPolicy(1, MILLISECOND, Duration.ZERO)).doesNotThrowAnyException();
    assertThatCode(() -> new RetryPolicy(1, DAY, DAY)).doesNotThrowAnyException();
    refuses(0, MILLISECOND, DAY);
    refuses(1, MILLISECOND.minusNanos(1), DAY);
    refuses(1, DAY.plusNanos(1), DAY);
    refuses(1, MILLISECOND, Duration.ofNanos(-1));
    refuses(1, MILLISECOND, DAY.plusNanos(1));
  }

  private static void refuses(int attempts, Duration first, Duration longest) {
    assertThatThrownBy(() -> new RetryPolicy(attempts, first, longest))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
