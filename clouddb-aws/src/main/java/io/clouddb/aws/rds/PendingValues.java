/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * What waits for the maintenance window: <em>Settings for DB instances</em> in the user guide says
 * which members of {@code ModifyDBInstance} do. {@code ApplyImmediately} applies these members at
 * once, and everything else that waits: what somebody else put off comes with it, with its outage.
 *
 * <p>Members are called as the request has them.
 */
final class PendingValues {
  private static final String RETENTION = "BackupRetentionPeriod";

  /** RDS changes them as soon as it can, whatever {@code ApplyImmediately} says. */
  static final Set<String> AT_ONCE =
      Set.of(
          "AllowMajorVersionUpgrade",
          "AutoMinorVersionUpgrade",
          "CertificateRotationRestart",
          "CloudwatchLogsExportConfiguration",
          "CopyTagsToSnapshot",
          "DBParameterGroupName",
          "DBPortNumber",
          "DBSecurityGroups",
          "DatabaseInsightsMode",
          "DeletionProtection",
          "EnablePerformanceInsights",
          "ManageMasterUserPassword",
          "MasterUserPassword",
          "MasterUserSecretKmsKeyId",
          "MaxAllocatedStorage",
          "MonitoringInterval",
          "MonitoringRoleArn",
          "PerformanceInsightsKMSKeyId",
          "PerformanceInsightsRetentionPeriod",
          "PreferredBackupWindow",
          "PreferredMaintenanceWindow",
          "PubliclyAccessible",
          "TagSpecifications",
          "VpcSecurityGroupIds");

  /** Where a description has another name than the request. */
  static final Map<String, String> REQUEST_NAMES =
      Map.of(
          "DBInstanceIdentifier",
          "NewDBInstanceIdentifier",
          "IAMDatabaseAuthenticationEnabled",
          "EnableIAMDatabaseAuthentication",
          "PendingCloudwatchLogsExports",
          "CloudwatchLogsExportConfiguration",
          "Port",
          "DBPortNumber",
          "ResumeFullAutomationModeTime",
          "ResumeFullAutomationModeMinutes");

  private PendingValues() {}

  /** The members that a request changes. */
  static Set<String> named(ModifyDbInstanceRequest request) {
    Set<String> names = set(request);
    names.remove("DBInstanceIdentifier");
    names.remove("ApplyImmediately");
    return names;
  }

  /** The members of which an instance has another value to come. */
  static Set<String> of(DBInstance instance) {
    Set<String> names = new TreeSet<>();
    if (instance.pendingModifiedValues() != null) {
      set(instance.pendingModifiedValues())
          .forEach(name -> names.add(REQUEST_NAMES.getOrDefault(name, name)));
    }
    return names;
  }

  private static Set<String> set(SdkPojo pojo) {
    Set<String> names = new TreeSet<>();
    for (SdkField<?> field : pojo.sdkFields()) {
      Object value = field.getValueOrDefault(pojo);
      if (value != null && !(value instanceof SdkAutoConstructList)) {
        names.add(field.memberName());
      }
    }
    return names;
  }

  /** Tells whether a request waits for the window when nothing is said of that. */
  static boolean waits(ModifyDbInstanceRequest request, DBInstance current) {
    return named(request).stream()
        .anyMatch(
            name ->
                name.equals(RETENTION)
                    ? turns(request.backupRetentionPeriod(), current)
                    : !AT_ONCE.contains(name));
  }

  /** Only the step from or to no backups waits. */
  private static boolean turns(int days, DBInstance current) {
    Integer now = current.backupRetentionPeriod();
    return now == null || (now == 0) != (days == 0);
  }

  /** What waits for the window is applied at once when the window is moved over the present. */
  private static boolean opensWindow(ModifyDbInstanceRequest request, Instant now) {
    String window = request.preferredMaintenanceWindow();
    return window != null && Windows.contains(window, now);
  }

  /**
   * Refuses a request that could only be applied together with what somebody else put off.
   *
   * @param request the request, which may say by {@code ApplyImmediately} that this is meant
   * @param current the instance as it is
   * @param now the present moment
   */
  static void requireNoOthers(ModifyDbInstanceRequest request, DBInstance current, Instant now) {
    if (Boolean.TRUE.equals(request.applyImmediately())
        || !(waits(request, current) || opensWindow(request, now))) {
      return;
    }
    Set<String> others = of(current);
    others.removeAll(named(request));
    others.removeIf(name -> !name.equals(RETENTION) && AT_ONCE.contains(name));
    if (!others.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              current.dbInstanceIdentifier()
                  + " has other changes that wait for its maintenance window ("
                  + String.join(", ", others)
                  + "), and RDS would apply them at once with this one, with an outage where they"
                  + " need one")
          .operation("rds.ModifyDBInstance")
          .resource(current.dbInstanceArn())
          .nextStep(
              "Wait until they are applied, take them back, name the same members in this change,"
                  + " or let them be applied with it:"
                  + " Native.customize(ModifyDbInstanceRequest.Builder.class, request ->"
                  + " request.applyImmediately(true)).")
          .toException();
    }
  }
}
