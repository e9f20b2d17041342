/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.plan.Field;
import java.util.Locale;

/** The parts of an {@link InstanceSpec} that a plan speaks about. */
public enum InstanceField implements Field {
  /** {@link InstanceSpec#name()}. */
  NAME,
  /** {@link InstanceSpec#engine()}. */
  ENGINE,
  /** {@link InstanceSpec#engineVersion()}. */
  ENGINE_VERSION,
  /** {@link InstanceSpec#size()}. */
  SIZE,
  /** {@link Storage#type()}. */
  STORAGE_TYPE,
  /** {@link Storage#size()}. */
  STORAGE_SIZE,
  /** {@link Storage#iops()}. */
  STORAGE_IOPS,
  /** {@link Storage#growth()}. */
  STORAGE_GROWTH,
  /** {@link Storage#growthLimit()}. */
  STORAGE_GROWTH_LIMIT,
  /** {@link Storage#encrypted()}. */
  ENCRYPTION,
  /** {@link Storage#encryptionKey()}. */
  ENCRYPTION_KEY,
  /** {@link InstanceSpec#availability()}. */
  AVAILABILITY,
  /** {@link InstanceSpec#database()}. */
  DATABASE,
  /** {@link InstanceSpec#admin()}: a name and a password that the caller chooses. */
  ADMIN_LOGIN,
  /** {@link InstanceSpec#admin()}: a password that the cloud makes and keeps. */
  ADMIN_MANAGED_PASSWORD,
  /** {@link io.clouddb.backup.BackupPolicy#enabled()}. */
  BACKUPS,
  /** {@link io.clouddb.backup.BackupPolicy#start()}. */
  BACKUP_WINDOW,
  /** {@link io.clouddb.backup.BackupPolicy#length()}. */
  BACKUP_WINDOW_LENGTH,
  /** {@link io.clouddb.backup.BackupPolicy#retentionDays()}. */
  BACKUP_RETENTION,
  /** {@link io.clouddb.backup.BackupPolicy#pointInTime()}. */
  POINT_IN_TIME,
  /** {@link io.clouddb.backup.BackupPolicy#location()}. */
  BACKUP_LOCATION,
  /** {@link io.clouddb.backup.BackupPolicy#logRetentionDays()}. */
  LOG_RETENTION,
  /** {@link io.clouddb.backup.BackupPolicy#geoRedundant()}. */
  GEO_REDUNDANT_BACKUP,
  /** {@link InstanceSpec#maintenance()}. */
  MAINTENANCE_WINDOW,
  /** {@link MaintenanceWindow#length()}. */
  MAINTENANCE_WINDOW_LENGTH,
  /** {@link InstanceSpec#network()}: a private network. */
  PRIVATE_NETWORK,
  /** {@link InstanceSpec#network()}: access over the public internet. */
  PUBLIC_ACCESS,
  /** {@link InstanceSpec#tls()}. */
  TLS,
  /** {@link InstanceSpec#deletionProtection()}. */
  DELETION_PROTECTION,
  /** {@link InstanceSpec#parameters()}. */
  PARAMETERS,
  /** {@link InstanceSpec#logicalReplication()}. */
  LOGICAL_REPLICATION,
  /** {@link InstanceSpec#insights()}. */
  INSIGHTS,
  /** {@link Insights#retentionDays()}. */
  INSIGHTS_RETENTION,
  /** {@link InstanceSpec#tags()}. */
  TAGS;

  /**
   * The name that messages and feature ids use.
   *
   * @return for example {@code backup-window}
   */
  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
