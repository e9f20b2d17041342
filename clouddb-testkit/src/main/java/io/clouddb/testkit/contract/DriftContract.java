/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Drift;
import io.clouddb.plan.OnDrift;
import java.time.LocalTime;
import org.junit.jupiter.api.Test;

/** Drift: what differs from its spec is named, and what does not is not. */
abstract class DriftContract extends InstanceCases {
  DriftContract(CloudContract kit) {
    super(kit);
  }

  /** All that a cloud() honours, as far as one spec can ask for it. */
  private InstanceSpec askingForEverything(String name) {
    InstanceSpec all = spec(name).build();
    // The samples below have one part of a policy each, and would take the others away.
    InstanceSpec safe =
        all.toBuilder()
            .availability(Availability.REGIONAL)
            .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7).withPointInTime())
            .build();
    if (cloud().instances().plan(safe).feasible()) {
      all = safe;
    }
    for (InstanceField field : InstanceField.values()) {
      InstanceSpec more = FieldSamples.asking(all, field).toBuilder().admin(all.admin()).build();
      if (more.fields().containsAll(all.fields()) && cloud().instances().plan(more).feasible()) {
        all = more;
      }
    }
    return all;
  }

  @Test
  void whatWasAskedForIsWhatIsThereTheDriftOfANewInstanceIsEmpty() {
    InstanceSpec spec = askingForEverything(newName());
    create(spec);
    Drift drift = cloud().instances().drift(spec);
    assertThat(drift.differences()).isEmpty();
    assertThat(drift.unknown())
        .as("a password is told by nobody")
        .extracting(Drift.Difference::field)
        .isSubsetOf(InstanceField.ADMIN_LOGIN, InstanceField.ADMIN_MANAGED_PASSWORD);
    assertThat(cloud().instances().ensure(spec, OnDrift.FAIL).await(kit().limit()).name())
        .isEqualTo(spec.name());
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
