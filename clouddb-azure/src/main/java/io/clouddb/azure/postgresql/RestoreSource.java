/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.CreateMode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a new server is made of, with what Azure shows of it and does not give to the new one.
 *
 * @param id the server that was backed up
 * @param mode how Azure makes the new one
 * @param moment to which it is restored
 * @param backup the backup of that moment; null where none was asked for
 * @param shown the server; null of one that was deleted, or whose region does not answer
 * @param disk its disk
 * @param parameters its parameters that somebody has set
 * @param rules its firewall rules, by name
 * @param secondKey the key of its backups in the paired region; null where it has none, or Azure
 *     does not tell it
 */
record RestoreSource(
    ServerArmId id,
    CreateMode mode,
    Instant moment,
    @Nullable ListedBackup backup,
    @Nullable ServerInner shown,
    ServerAsItIs.Disk disk,
    Map<String, String> parameters,
    Map<String, AddressRange> rules,
    @Nullable GeoBackupKey secondKey) {
  /** Azure's word for what becomes of a server that was deleted; the SDK's release has no name. */
  static final CreateMode REVIVED = CreateMode.fromString("ReviveDropped");

  static RestoreSource notShown(ServerArmId id, CreateMode mode, Instant moment) {
    return new RestoreSource(
        id, mode, moment, null, null, ServerAsItIs.Disk.UNKNOWN, Map.of(), Map.of(), null);
  }

  Optional<ServerInner> server() {
    return Optional.ofNullable(shown);
  }

  /** Whether somebody has asked for the backup, which has its own moment whatever the window is. */
  boolean isOfBackupByHand() {
    return backup != null && backup.isOnDemand();
  }

  Optional<GeoBackupKey> geoBackupKey() {
    return Optional.ofNullable(secondKey);
  }

  /** Whether the new server is in another region. */
  boolean isFar() {
    return mode.equals(CreateMode.GEO_RESTORE);
  }
}
