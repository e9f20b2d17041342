/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Plan;
import java.time.LocalTime;

/** Asks what a cloud would make of a spec, without a remote call. */
final class PlanBeforeYouPay {
  private PlanBeforeYouPay() {}

  static Plan plan(CloudDb cloud, InstanceSpec spec) {
    // @start region="plan"
    InstanceSpec nightly =
        spec.toBuilder()
            .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7))
            .preferring(InstanceField.BACKUP_WINDOW) // may be adjusted where there is none
            .build();
    Plan plan = cloud.instances().plan(nightly);
    plan.entries(Plan.Outcome.ADJUSTED).forEach(System.out::println);
    plan.entries(Plan.Outcome.REFUSED).forEach(System.out::println);
    return plan.orThrow(); // create() would refuse the same fields, before the first remote call
    // @end region="plan"
  }

  static Plan planByTheCatalog(CloudDb cloud, InstanceSpec spec) {
    // @start region="catalog"
    Catalog catalog = cloud.instances().catalog(spec.engine());
    catalog.atLeast(2, DataSize.gib(8)).forEach(System.out::println); // the smallest first
    return cloud.instances().plan(spec, catalog).orThrow(); // names what the region lacks
    // @end region="catalog"
  }
}
