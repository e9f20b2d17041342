/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.DataSize;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.plan.Plan;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DatabaseInsightsMode;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * Makes {@code ModifyDBInstance} and the parameters of its group out of a change. A pure function;
 * the password is not part of it. {@link PendingValues} says what is applied by {@code
 * ApplyImmediately}.
 */
final class ModifyMapping {
  /** What depends on the disk that there is, and {@link StorageGrowth} sees to. */
  private static final String GROWTH =
      "a disk grows by at least 10 %, below the limit of its own growth; Iops and StorageThroughput"
          + " go with it where RDS demands them";

  private final InstanceChange change;
  private final FieldMapping<ModifyDbInstanceRequest.Builder> fields;

  ModifyMapping(String provider, InstanceChange change) {
    this.change = change;
    this.fields =
        new FieldMapping<>(Plan.builder(provider, change), ModifyDbInstanceRequest.builder());
    change.size().ifPresent(this::size);
    storage();
    change
        .availability()
        .ifPresent(
            availability ->
                fields.honour(
                    InstanceField.AVAILABILITY,
                    "MultiAZ",
                    availability == Availability.REGIONAL,
                    ModifyDbInstanceRequest.Builder::multiAZ));
    change
        .adminPassword()
        .ifPresent(
            secret -> fields.honoured(InstanceField.ADMIN_LOGIN, "MasterUserPassword", secret));
    policies();
    switches();
    PostgresParameters parameters = new PostgresParameters(fields);
    change.tls().ifPresent(mode -> parameters.tls(mode, null));
    change.logicalReplication().ifPresent(parameters::logicalReplication);
    parameters.named(change.parameters());
    tags();
  }

  Plan plan() {
    return fields.plan();
  }

  ModifyDbInstanceRequest.Builder request() {
    return fields.request();
  }

  Map<String, String> parameters() {
    return fields.parameters();
  }

  private void size(InstanceSize size) {
    Optional<String> chosen = InstanceClasses.choose(size);
    if (chosen.isPresent()) {
      fields.honour(
          InstanceField.SIZE,
          "DBInstanceClass",
          chosen.get(),
          ModifyDbInstanceRequest.Builder::dbInstanceClass);
    } else {
      fields.refuse(
          InstanceField.SIZE, CreateMapping.noClass(size), "InstanceSize.named(\"db....\")");
    }
  }

  private void storage() {
    change
        .storageSize()
        .ifPresent(
            size -> {
              int gib = StorageMapping.wholeGib(size);
              if (gib > StorageMapping.MOST_GIB) {
                fields.refuse(
                    InstanceField.STORAGE_SIZE,
                    "RDS has disks of up to " + StorageMapping.MOST_GIB + " GiB",
                    "");
              } else if (size.bytes() % DataSize.gib(1).bytes() == 0) {
                fields.honour(
                    InstanceField.STORAGE_SIZE,
                    "AllocatedStorage",
                    gib,
                    GROWTH,
                    ModifyDbInstanceRequest.Builder::allocatedStorage);
              } else {
                fields.adjust(
                    InstanceField.STORAGE_SIZE,
                    "AllocatedStorage",
                    gib,
                    "RDS counts in whole GiB, and " + GROWTH,
                    ModifyDbInstanceRequest.Builder::allocatedStorage);
              }
            });
  }

  private void policies() {
    PolicyMapping<ModifyDbInstanceRequest.Builder> policies =
        new PolicyMapping<>(
            fields,
            ModifyDbInstanceRequest.Builder::backupRetentionPeriod,
            ModifyDbInstanceRequest.Builder::preferredBackupWindow,
            ModifyDbInstanceRequest.Builder::preferredMaintenanceWindow);
    change
        .backups()
        .ifPresent(policy -> policies.backups(policy, change.maintenance().orElse(null), null));
    change.maintenance().ifPresent(policies::maintenance);
  }

  private void switches() {
    change
        .deletionProtection()
        .ifPresent(
            on ->
                fields.honour(
                    InstanceField.DELETION_PROTECTION,
                    "DeletionProtection",
                    on,
                    ModifyDbInstanceRequest.Builder::deletionProtection));
    change
        .insights()
        .ifPresent(
            insights -> {
              fields.honour(
                  InstanceField.INSIGHTS,
                  "EnablePerformanceInsights",
                  insights.collected(),
                  ModifyMapping::insights);
              InsightsRetention.map(
                  fields,
                  insights,
                  ModifyDbInstanceRequest.Builder::performanceInsightsRetentionPeriod);
            });
  }

  /** The advanced mode, chosen elsewhere, stays; without Performance Insights there is none. */
  private static ModifyDbInstanceRequest.Builder insights(
      ModifyDbInstanceRequest.Builder request, boolean on) {
    request.enablePerformanceInsights(on);
    return on ? request : request.databaseInsightsMode(DatabaseInsightsMode.STANDARD);
  }

  private void tags() {
    Tags.plan(fields, "AddTagsToResource Tags", change.tags());
  }
}
