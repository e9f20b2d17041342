/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Storage;
import io.clouddb.instance.TlsMode;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Collections;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;

/** What an instance has to become, for each field that a change can ask for. */
final class ChangeSamples {
  /** What {@link InstanceChange} can ask for, as one says that asks for all of it. */
  static final Set<InstanceField> FIELDS = Collections.unmodifiableSet(everything().fields());

  private final BiFunction<InstanceSpec, InstanceField, InstanceSpec> asking;

  /**
   * Makes samples.
   *
   * @param asking gives a spec that asks for a field, beside what a base asks for
   */
  ChangeSamples(BiFunction<InstanceSpec, InstanceField, InstanceSpec> asking) {
    this.asking = asking;
  }

  /** A change of everything that a change can be about. */
  static InstanceChange everything() {
    return InstanceChange.builder()
        .size(InstanceSize.atLeast(4, DataSize.gib(16)))
        .storageSize(DataSize.gib(256))
        .availability(Availability.REGIONAL)
        .adminPassword(SecretRef.environment("PW"))
        .backups(
            BackupPolicy.daily(LocalTime.of(1, 0))
                .lasting(Duration.ofHours(1))
                .retainDays(7)
                .withPointInTime()
                .retainLogDays(5)
                .storedIn("region-2")
                .geoRedundant(true))
        .maintenance(
            MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0))
                .lasting(Duration.ofHours(1)))
        .tls(TlsMode.OPTIONAL)
        .deletionProtection(true)
        .logicalReplication(true)
        .insights(Insights.enabled().retainDays(7))
        .parameter("work_mem", "8192")
        .tag("team", "shop")
        .build();
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
