/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.backup.Backups;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;

/**
 * A backup by the names that lead to it. Azure's backups belong to their server: another one may
 * have a backup of the same name, so that ids have both.
 *
 * @param server the server's name
 * @param backup the backup's name
 */
record BackupName(String server, String backup) {
  private static final char BETWEEN = '/';

  /**
   * Reads an id.
   *
   * @throws io.clouddb.error.InvalidArgumentException when it is none of a backup
   */
  static BackupName of(ResourceId id) {
    String name = id.name();
    int slash = name.indexOf(BETWEEN);
    if (!id.kind().equals(Backups.KIND) || slash < 1 || slash == name.length() - 1) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              id + " names no backup of a server: its name has to be SERVER/BACKUP")
          .nextStep("Take the id of a Backup: backups().find(instance, name), or list(...).")
          .toException();
    }
    return new BackupName(name.substring(0, slash), name.substring(slash + 1));
  }

  /** The portable id. */
  ResourceId in(ArmScope scope) {
    return ResourceId.of(
            "azure", scope.account(), scope.location(), Backups.KIND, server + BETWEEN + backup)
        .withNativeId(
            new BackupArmId(
                    new ServerArmId(scope.subscription(), scope.resourceGroup(), server), backup)
                .toString());
  }
}
