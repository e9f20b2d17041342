/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerBackupInner;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.DataEncryption;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Origin;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.backup.Backup;
import io.clouddb.instance.Engine;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Backup} out of what Azure says of it and of its server: a backup itself tells its kind
 * and its moment only. It has no state, and is restored once it has a moment.
 */
final class BackupView {
  private BackupView() {}

  static Backup backup(ArmScope scope, ListedBackup listed, ServerInner server) {
    String name = listed.id().name();
    Instant completed = listed.completed();
    DataEncryption encryption = server.dataEncryption();
    return Backup.builder(
            new BackupName(server.name(), name).in(scope),
            name,
            listed.isOnDemand() ? Backup.Origin.MANUAL : Backup.Origin.AUTOMATIC,
            completed == null ? Backup.State.CREATING : Backup.State.AVAILABLE,
            "")
        .instance(scope.instance(server.name()))
        .takenAt(completed)
        .expiresAt(expires(completed, server))
        .engine(Engine.POSTGRESQL, ServerView.version(server))
        .encrypted(true, encryption == null ? null : encryption.primaryKeyUri())
        .storageLocation(scope.location())
        .nativeObject(
            new ServerBackupInner()
                .withBackupType(Origin.fromString(listed.type()))
                .withCompletedTime(completed == null ? null : completed.atOffset(ZoneOffset.UTC))
                .withSource(listed.source()))
        .build();
  }

  /** "These backups are retained according to your backup retention window", those by hand too. */
  private static @Nullable Instant expires(@Nullable Instant completed, ServerInner server) {
    Integer days = server.backup() == null ? null : server.backup().backupRetentionDays();
    return completed == null || days == null ? null : completed.plus(Duration.ofDays(days));
  }
}
