/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceArnTest {
  @Test
  void hasRegionAccountAndNameInEachPartition() {
    String text = "arn:aws-cn:rds:cn-north-1:123456789012:db:orders";
    assertThat(InstanceArn.of(text))
        .contains(new InstanceArn(text, "cn-north-1", "123456789012", "orders"));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "orders",
        "arn:aws:rds:us-east-1:123456789012:pg:orders",
        "arn:aws:rds:us-east-1::db:orders",
        "arn:aws:rds:us-east-1:123456789012:db:",
        "arn:aws:ec2:us-east-1:123456789012:db:orders"
      })
  void isNothingElse(String text) {
    assertThat(InstanceArn.of(text)).isEmpty();
  }
}
