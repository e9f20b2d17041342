/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.CloudDb;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstancePlan;
import io.clouddb.instance.InstanceSpec;
import java.time.LocalTime;

/** Asks what a cloud would make of a spec, without a remote call. */
final class PlanBeforeYouPay {
  private PlanBeforeYouPay() {}

  static InstancePlan plan(CloudDb cloud, InstanceSpec spec) {
    InstanceSpec nightly =
        spec.toBuilder()
            .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7))
            .preferring(InstanceField.BACKUP_WINDOW) // may be adjusted where there is none
            .build();
    InstancePlan plan = cloud.instances().plan(nightly);
    plan.entries(InstancePlan.Outcome.ADJUSTED).forEach(entry -> show(entry.toString()));
    plan.entries(InstancePlan.Outcome.REFUSED).forEach(entry -> show(entry.toString()));
    return plan.orThrow(); // create() would refuse the same fields, before the first remote call
  }

  private static void show(String line) {
    System.out.println(line);
  }
}
