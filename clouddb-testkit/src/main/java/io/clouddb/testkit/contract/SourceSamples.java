/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Plan;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What a source of restores is asked for so that it is in no field as a service makes an instance
 * by itself: a restore that loses one of them is seen then. What a cloud does not grant is left
 * out.
 */
final class SourceSamples {
  /** What of a policy the sources of all clouds have is not here. */
  private static final List<InstanceField> FIELDS =
      List.of(
          InstanceField.BACKUP_WINDOW,
          InstanceField.BACKUP_WINDOW_LENGTH,
          InstanceField.BACKUP_LOCATION,
          InstanceField.LOG_RETENTION,
          InstanceField.GEO_REDUNDANT_BACKUP,
          InstanceField.MAINTENANCE_WINDOW,
          InstanceField.MAINTENANCE_WINDOW_LENGTH,
          InstanceField.STORAGE_GROWTH,
          InstanceField.STORAGE_GROWTH_LIMIT,
          InstanceField.LOGICAL_REPLICATION,
          InstanceField.INSIGHTS,
          InstanceField.INSIGHTS_RETENTION,
          InstanceField.AVAILABILITY,
          InstanceField.DELETION_PROTECTION);

  /** Another number than that of the backups. */
  private static final int LOG_DAYS = 5;

  /** A month, which is none of the defaults. */
  private static final int INSIGHTS_DAYS = 31;

  private final BiFunction<InstanceSpec, InstanceField, InstanceSpec> asking;
  private final Function<InstanceSpec, Plan> plans;

  /**
   * Makes samples.
   *
   * @param asking gives a spec that asks for a field, beside what a base asks for
   * @param plans what the provider would do with one
   */
  SourceSamples(
      BiFunction<InstanceSpec, InstanceField, InstanceSpec> asking,
      Function<InstanceSpec, Plan> plans) {
    this.asking = asking;
    this.plans = plans;
  }

  /** A source that has all of it that goes together, beside what is asked for already. */
  InstanceSpec source(InstanceSpec least) {
    InstanceSpec source = least;
    for (InstanceField field : FIELDS) {
      InstanceSpec more = asked(source, field);
      if (plans.apply(more).feasible()) {
        source = more;
      }
    }
    return source;
  }

  private InstanceSpec asked(InstanceSpec base, InstanceField field) {
    return switch (field) {
      // Not with the fewer days that the sample for instances has beside it.
      case LOG_RETENTION ->
          base.toBuilder()
              .backups(base.backups().orElseGet(BackupPolicy::daily).retainLogDays(LOG_DAYS))
              .build();
      case AVAILABILITY -> base.toBuilder().availability(Availability.REGIONAL).build();
      case INSIGHTS_RETENTION ->
          base.toBuilder().insights(Insights.enabled().retainDays(INSIGHTS_DAYS)).build();
      default -> asking.apply(base, field);
    };
  }
}
