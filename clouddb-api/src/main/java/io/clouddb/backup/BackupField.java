/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.plan.Field;
import java.util.Locale;

/** The parts of a {@link BackupSpec} and of a {@link BackupReplicationSpec} in a plan. */
public enum BackupField implements Field {
  /** {@link BackupSpec#name()}. */
  NAME,
  /** {@link BackupSpec#source()}: an instance or a table, of which a backup is taken. */
  TAKE,
  /** {@link BackupSpec#source()}: a backup, which is copied. */
  COPY,
  /** {@link BackupSpec#source()} is in another region than what is made of it. */
  OTHER_REGION,
  /** {@link BackupSpec#encryptionKey()}. */
  ENCRYPTION_KEY,
  /** {@link BackupSpec#tags()}. */
  TAGS,
  /** {@link BackupSpec#sharedWith()}. */
  SHARING,
  /** {@link BackupSpec#exportedTo()}. */
  EXPORT,
  /** {@link BackupReplicationSpec#source()}. */
  REPLICATION,
  /** {@link BackupReplicationSpec#retentionDays()}. */
  REPLICATION_RETENTION,
  /** {@link BackupReplicationSpec#encryptionKey()}. */
  REPLICATION_KEY;

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
