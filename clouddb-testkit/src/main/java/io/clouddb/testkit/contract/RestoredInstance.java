/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import java.util.List;
import java.util.Set;

/**
 * Holds what was restored against its spec, and against its source in all that the spec leaves
 * unset: that goes for what a service would lose, too.
 */
final class RestoredInstance {
  private RestoredInstance() {}

  /**
   * Fails when it differs in anything but what the plan names.
   *
   * @param kit says which fields a restore has otherwise
   * @param where the cloud of its region
   * @param spec what was asked
   * @param source what its source was asked for, under the name of what was restored
   * @param from where the source is
   */
  static void isAsAsked(
      CloudContract kit,
      CloudDb where,
      RestoreSpec spec,
      InstanceSpec source,
      CloudContract.RestoredFrom from) {
    Set<InstanceField> otherwise = kit.otherThanItsSource(spec, from);
    assertThat(where.backups().plan(spec).inherited().stream().map(each -> each.field().id()))
        .as("what the plan names of what is not as the source has it")
        .containsAll(otherwise.stream().map(Field::id).toList());
    Drift drift = where.instances().drift(BackupSamples.asInstance(spec, source));
    for (List<Drift.Difference> wrong : List.of(drift.differences(), drift.unknown())) {
      assertThat(wrong)
          .as("%s, restored from %s, and its source: %s", spec, from, source.values())
          .filteredOn(each -> !otherwise.contains((InstanceField) each.field()))
          // A password is told by nobody, and who can connect has it.
          .filteredOn(each -> each.state() != Drift.State.UNKNOWN || !isOfLogin(each.field()))
          .isEmpty();
    }
  }

  private static boolean isOfLogin(Field field) {
    return field == InstanceField.ADMIN_LOGIN || field == InstanceField.ADMIN_MANAGED_PASSWORD;
  }
}
