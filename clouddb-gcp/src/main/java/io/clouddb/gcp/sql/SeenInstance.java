/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import java.util.Optional;

/**
 * An instance as the cloud shows it, with what further requests have told of its inside.
 *
 * @param instance the instance
 * @param hasDatabase whether the spec's database is there; empty when nobody has asked, or the
 *     instance does not run
 * @param hasUser whether the spec's administrator is there; empty likewise
 */
record SeenInstance(
    DatabaseInstance instance, Optional<Boolean> hasDatabase, Optional<Boolean> hasUser) {
  Settings settings() {
    return instance.getSettings() == null ? new Settings() : instance.getSettings();
  }

  BackupConfiguration backups() {
    BackupConfiguration backups = settings().getBackupConfiguration();
    return backups == null ? new BackupConfiguration() : backups;
  }

  IpConfiguration addresses() {
    IpConfiguration addresses = settings().getIpConfiguration();
    return addresses == null ? new IpConfiguration() : addresses;
  }
}
