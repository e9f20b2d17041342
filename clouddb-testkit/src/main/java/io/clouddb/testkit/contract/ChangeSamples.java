/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.DataSize;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.instance.TlsMode;
import io.clouddb.security.SecretRef;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;

/** What an instance has to become, for each field that a change can ask for. */
final class ChangeSamples {
  /** What {@link InstanceChange} can ask for. */
  static final Set<InstanceField> FIELDS =
      Collections.unmodifiableSet(
          EnumSet.of(
              InstanceField.SIZE,
              InstanceField.STORAGE_SIZE,
              InstanceField.AVAILABILITY,
              InstanceField.ADMIN_LOGIN,
              InstanceField.BACKUPS,
              InstanceField.BACKUP_WINDOW,
              InstanceField.BACKUP_WINDOW_LENGTH,
              InstanceField.BACKUP_RETENTION,
              InstanceField.POINT_IN_TIME,
              InstanceField.MAINTENANCE_WINDOW,
              InstanceField.MAINTENANCE_WINDOW_LENGTH,
              InstanceField.TLS,
              InstanceField.DELETION_PROTECTION,
              InstanceField.LOGICAL_REPLICATION,
              InstanceField.INSIGHTS,
              InstanceField.INSIGHTS_RETENTION,
              InstanceField.PARAMETERS,
              InstanceField.TAGS));

  private final BiFunction<InstanceSpec, InstanceField, InstanceSpec> asking;

  /**
   * Makes samples.
   *
   * @param asking gives a spec that asks for a field, beside what a base asks for
   */
  ChangeSamples(BiFunction<InstanceSpec, InstanceField, InstanceSpec> asking) {
    this.asking = asking;
  }

  /** What an instance is after one more field has been changed. */
  InstanceSpec changed(InstanceSpec spec, InstanceField field) {
    return switch (field) {
      case SIZE -> spec.toBuilder().size(InstanceSize.atLeast(4, DataSize.gib(16))).build();
      case STORAGE_SIZE ->
          spec.toBuilder()
              .storage(Storage.ssd(DataSize.gib(spec.storage().size().toGibExact() * 2)))
              .build();
      case ADMIN_LOGIN ->
          spec.toBuilder()
              .admin(
                  AdminLogin.of(
                      spec.admin().user(), SecretRef.literal("Changed-" + UUID.randomUUID())))
              .build();
      case TLS -> spec.toBuilder().tls(TlsMode.OPTIONAL).build();
      default -> asking.apply(spec, field);
    };
  }

  /** What a change has to ask for, so that an instance becomes another. */
  static InstanceChange change(InstanceSpec before, InstanceSpec after) {
    InstanceChange.Builder change = InstanceChange.builder();
    if (!after.size().equals(before.size())) {
      change.size(after.size());
    }
    if (!after.storage().size().equals(before.storage().size())) {
      change.storageSize(after.storage().size());
    }
    if (after.availability() != before.availability()) {
      change.availability(after.availability());
    }
    if (!after.admin().equals(before.admin())) {
      after.admin().password().ifPresent(change::adminPassword);
    }
    if (!after.backups().equals(before.backups())) {
      after.backups().ifPresent(change::backups);
    }
    if (!after.maintenance().equals(before.maintenance())) {
      after.maintenance().ifPresent(change::maintenance);
    }
    if (after.tls() != before.tls()) {
      change.tls(after.tls());
    }
    if (!after.deletionProtection().equals(before.deletionProtection())) {
      after.deletionProtection().ifPresent(change::deletionProtection);
    }
    if (!after.logicalReplication().equals(before.logicalReplication())) {
      after.logicalReplication().ifPresent(change::logicalReplication);
    }
    if (!after.insights().equals(before.insights())) {
      after.insights().ifPresent(change::insights);
    }
    after.parameters().entrySet().stream()
        .filter(entry -> !entry.getValue().equals(before.parameters().get(entry.getKey())))
        .forEach(entry -> change.parameter(entry.getKey(), entry.getValue()));
    after.tags().entrySet().stream()
        .filter(entry -> !entry.getValue().equals(before.tags().get(entry.getKey())))
        .forEach(entry -> change.tag(entry.getKey(), entry.getValue()));
    return change.build();
  }
}
