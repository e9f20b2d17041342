/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import org.junit.jupiter.api.Test;

/** DB instance classes: those that are offered here are a part of those of the service. */
class InstanceClassTest {
  @Test
  void oneThatIsNotOfferedHereMayBeOfferedByTheService() {
    assertThatNoException().isThrownBy(() -> InstanceRules.instanceClass("db.m7g.large"));
    assertThatThrownBy(() -> InstanceRules.instanceClass("db.m4.large"))
        .isInstanceOf(NotSimulatedException.class)
        .hasMessageContaining("db.m4.large");
    assertThatThrownBy(() -> InstanceRules.instanceClass("m4.large")).isInstanceOf(AwsError.class);
  }
}
