/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.backup.BackupField;
import io.clouddb.backup.RestoreField;
import io.clouddb.instance.InstanceField;
import io.clouddb.replica.ReplicaField;
import io.clouddb.table.TableField;

/**
 * Something that one cloud has and another may not. An open value: a provider may have features
 * that are not named here.
 *
 * @param id its name in lower case, for example {@code instance.stop}
 */
public record Feature(String id) {
  /** An instance can be stopped and started. */
  public static final Feature INSTANCE_STOP = new Feature("instance.stop");

  /** An instance can be deleted so that its automated backups stay. */
  public static final Feature DELETE_KEEPING_BACKUPS =
      new Feature("instance.delete.keeping-backups");

  /** The cloud makes and keeps the administrator's password. */
  public static final Feature MANAGED_PASSWORD = of(InstanceField.ADMIN_MANAGED_PASSWORD);

  /**
   * A field of a spec can be honoured.
   *
   * @param field the field
   * @return for example {@code instance.spec.backup-window}
   */
  public static Feature of(InstanceField field) {
    return new Feature("instance.spec." + field.id());
  }

  /**
   * A field of a replica's spec can be honoured, or a form of promotion can be had.
   *
   * @param field the field
   * @return for example {@code replica.spec.encryption-key} or {@code replica.promote.switchover}
   */
  public static Feature of(ReplicaField field) {
    return new Feature(
        switch (field) {
          case STANDALONE, STANDALONE_FORCED, SWITCHOVER, SWITCHOVER_FORCED ->
              "replica.promote." + field.id();
          case NAME,
              SOURCE,
              SIZE,
              AVAILABILITY,
              PRIVATE_NETWORK,
              PUBLIC_ACCESS,
              ENCRYPTION_KEY,
              DELETION_PROTECTION,
              TAGS ->
              "replica.spec." + field.id();
        });
  }

  /**
   * A field of a backup's spec can be honoured.
   *
   * @param field the field
   * @return for example {@code backup.spec.tags}
   */
  public static Feature of(BackupField field) {
    return new Feature("backup.spec." + field.id());
  }

  /**
   * A field of what is restored can be honoured.
   *
   * @param field the field
   * @return for example {@code restore.spec.size}
   */
  public static Feature of(RestoreField field) {
    return new Feature("restore.spec." + field.id());
  }

  /**
   * A field of a table's spec can be honoured, or a change of one can be made.
   *
   * @param field the field
   * @return for example {@code table.spec.local-indexes} or {@code table.change.added-regions}
   */
  public static Feature of(TableField field) {
    return new Feature(
        switch (field) {
          case ADDED_INDEXES, REMOVED_INDEXES, ADDED_REGIONS, REMOVED_REGIONS, REMOVED_TAGS ->
              "table.change." + field.id();
          default -> "table.spec." + field.id();
        });
  }

  @Override
  public String toString() {
    return id;
  }
}
