/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

/** The names under which an instance's members are kept: those of {@code DBInstance}. */
final class Members {
  static final String CLASS = "DBInstanceClass";
  static final String DATABASE = "DBName";
  static final String STORAGE = "AllocatedStorage";
  static final String STORAGE_LIMIT = "MaxAllocatedStorage";
  static final String STORAGE_TYPE = "StorageType";
  static final String IOPS = "Iops";
  static final String THROUGHPUT = "StorageThroughput";
  static final String ENCRYPTED = "StorageEncrypted";
  static final String KEY = "KmsKeyId";
  static final String MULTI_AZ = "MultiAZ";
  static final String VERSION = "EngineVersion";
  static final String RETENTION = "BackupRetentionPeriod";
  static final String BACKUP_WINDOW = "PreferredBackupWindow";
  static final String MAINTENANCE_WINDOW = "PreferredMaintenanceWindow";
  static final String GROUP = "DBParameterGroupName";
  static final String SUBNET_GROUP = "DBSubnetGroupName";
  static final String SECURITY_GROUPS = "VpcSecurityGroupIds";
  static final String PUBLIC = "PubliclyAccessible";
  static final String PROTECTED = "DeletionProtection";
  static final String PERFORMANCE_INSIGHTS = "PerformanceInsightsEnabled";
  static final String INSIGHTS_RETENTION = "PerformanceInsightsRetentionPeriod";
  static final String INSIGHTS_MODE = "DatabaseInsightsMode";
  static final String MINOR_UPGRADES = "AutoMinorVersionUpgrade";
  static final String MONITORING = "MonitoringInterval";
  static final String COPY_TAGS = "CopyTagsToSnapshot";
  static final String TAGS = "TagList";
  static final String SECRET = "MasterUserSecret";

  /** {@code Map<String, String>}: what is to become of members, while it is becoming. */
  static final String PENDING = "PendingModifiedValues";

  /** {@code String}: a status that the engine does not have, empty when there is none. */
  static final String STATUS = "status";

  /** {@code Boolean}: a group was assigned that asks for a restart. */
  static final String GROUP_PENDING = "group-pending-reboot";

  /** {@code Integer}: so many more descriptions do not show it. */
  static final String HIDDEN = "hidden";

  private Members() {}
}
