/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Drift;
import io.clouddb.plan.OnDrift;
import org.junit.jupiter.api.Test;

/**
 * Drift: what differs from its spec is named, kept or changed. That nothing differs of what was
 * just made is for {@link InstanceFeaturesContract}, which asks for everything.
 */
abstract class DriftContract extends InstanceCases {
  DriftContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void whatDiffersFromItsSpecIsNamedKeptOrChanged() {
    InstanceSpec spec = spec(newName()).tag("team", "contract").build();
    create(spec);
    InstanceSpec other = spec.toBuilder().tag("team", "other").build();
    assertThat(cloud().instances().drift(other).differences())
        .extracting(Drift.Difference::field)
        .containsExactly(InstanceField.TAGS);
    assertThatThrownBy(() -> cloud().instances().ensure(other, OnDrift.FAIL))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining(InstanceField.TAGS.id());
    assertThat(cloud().instances().ensure(other, OnDrift.KEEP).await(kit().limit()).tags())
        .containsEntry("team", "contract");
    assertThat(cloud().instances().ensure(other, OnDrift.APPLY).await(kit().limit()).tags())
        .containsEntry("team", "other");
    assertThat(cloud().instances().drift(other).isEmpty()).isTrue();
    InstanceSpec missing = spec(newName()).build();
    assertThatThrownBy(() -> cloud().instances().drift(missing))
        .isInstanceOf(NotFoundException.class);
  }
}
