/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Backup;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backups;
import java.util.Optional;

/**
 * How a backup is named. Cloud SQL names it by a number or an id of its own; here it has the name
 * that its description tells, behind its instance's, since each instance has names of its own: the
 * {@code before-release} of {@code orders} is {@code orders/before-release}. One that has none, an
 * automated one for example, is called by the number of its run.
 *
 * @param instance the instance's name
 * @param name the backup's name
 */
record BackupId(String instance, String name) {
  /** Reads an id; empty when it is none of this driver's. */
  static Optional<BackupId> of(ResourceId id) {
    int slash = id.name().indexOf('/');
    return slash < 1
        ? Optional.empty()
        : Optional.of(new BackupId(id.name().substring(0, slash), id.name().substring(slash + 1)));
  }

  static BackupId of(Backup backup) {
    return new BackupId(
        instance(backup),
        BackupDescription.read(backup.getDescription())
            .map(BackupDescription::name)
            .orElseGet(
                () ->
                    last(
                        backup.getBackupRun() == null ? backup.getName() : backup.getBackupRun())));
  }

  /** The name of the instance that a backup is of. */
  static String instance(Backup backup) {
    return last(backup.getInstance());
  }

  /** The number of a backup's run; empty when it has none. */
  static Optional<Long> run(Backup backup) {
    return Optional.ofNullable(backup.getBackupRun())
        .map(BackupId::last)
        .filter(number -> number.matches("[0-9]{1,18}"))
        .map(Long::valueOf);
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** As the id of a backup in a region. */
  ResourceId in(Place place) {
    return ResourceId.of(
        "gcp", place.project(), place.region(), Backups.KIND, instance + "/" + name);
  }
}
