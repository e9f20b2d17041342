/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Interval;
import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.instance.Instances;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads Cloud SQL's backups as portable ones. */
final class BackupReader {
  static final String SUCCESSFUL = "SUCCESSFUL";
  static final String FAILED = "FAILED";
  static final String DELETING = "DELETING";

  private final Place place;

  BackupReader(Place place) {
    this.place = place;
  }

  Backup read(com.google.api.services.sqladmin.model.Backup found) {
    Optional<BackupDescription> described = BackupDescription.read(found.getDescription());
    BackupId named = BackupId.of(found);
    ResourceId id = named.in(place).withNativeId(found.getName());
    String version = found.getDatabaseVersion();
    Long bytes = found.getMaxChargeableBytes();
    return Backup.builder(
            id, named.name(), origin(found), state(found), String.valueOf(found.getState()))
        .instance(
            ResourceId.of("gcp", place.project(), place.region(), Instances.KIND, named.instance()))
        .takenAt(takenAt(found))
        .expiresAt(time(found.getExpiryTime()))
        .size(bytes == null ? null : new DataSize(bytes))
        .engine(
            version == null ? null : EngineVersion.engine(version),
            version == null ? null : EngineVersion.version(version))
        // "Backups are also encrypted by default using Google-managed or Customer-Managed
        // Encryption keys", of Cloud SQL's page on backups.
        .encrypted(true, key(found))
        .storageLocation(found.getLocation())
        .tags(described.map(BackupDescription::tags).orElse(Map.of()))
        .nativeObject(found)
        .build();
  }

  /** The customer's key; the service's own has no name. */
  static @Nullable String key(com.google.api.services.sqladmin.model.Backup found) {
    String key = found.getKmsKey();
    return key == null || key.isEmpty() ? null : key;
  }

  /** What is newer than this release is taken by nobody here. */
  static Backup.Origin origin(com.google.api.services.sqladmin.model.Backup found) {
    return "AUTOMATED".equals(found.getType()) ? Backup.Origin.AUTOMATIC : Backup.Origin.MANUAL;
  }

  static Backup.State state(com.google.api.services.sqladmin.model.Backup found) {
    return switch (String.valueOf(found.getState())) {
      case "ENQUEUED", "RUNNING" -> Backup.State.CREATING;
      case SUCCESSFUL -> Backup.State.AVAILABLE;
      case DELETING -> Backup.State.DELETING;
      case FAILED -> Backup.State.FAILED;
      default -> Backup.State.UNKNOWN;
    };
  }

  /** "start_time: All database writes up to this time are available", of the definition. */
  private static @Nullable Instant takenAt(com.google.api.services.sqladmin.model.Backup found) {
    Interval interval = found.getBackupInterval();
    return interval == null || state(found) == Backup.State.CREATING
        ? null
        : time(interval.getStartTime());
  }

  /** A time as the service writes it; null when it tells none. */
  static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null || text.isEmpty() ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** The region of the instance that a backup is of, as the backup tells it. */
  static Optional<String> region(com.google.api.services.sqladmin.model.Backup found) {
    return Optional.ofNullable(found.getInstanceSettings()).map(DatabaseInstance::getRegion);
  }
}
