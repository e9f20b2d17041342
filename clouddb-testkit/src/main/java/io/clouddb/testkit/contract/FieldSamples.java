/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.instance.TlsMode;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;

/**
 * A spec for each field, which asks for that field with a value that some cloud can honour, beside
 * what its base asks for.
 */
final class FieldSamples {
  private FieldSamples() {}

  /**
   * A spec that asks for a field.
   *
   * @param base what the provider accepts
   * @param field the field to ask for
   * @return the spec
   */
  static InstanceSpec asking(InstanceSpec base, InstanceField field) {
    InstanceSpec.Builder spec = base.toBuilder();
    switch (field) {
      // Every spec asks for these.
      case NAME, ENGINE, ENGINE_VERSION, STORAGE_TYPE, STORAGE_SIZE, ENCRYPTION -> {}
      case SIZE -> spec.size(InstanceSize.atLeast(2, DataSize.gib(8)));
      case TLS -> spec.tls(TlsMode.REQUIRED);
      case STORAGE_IOPS -> spec.storage(Storage.provisionedIops(DataSize.gib(128), 3000));
      case STORAGE_GROWTH -> spec.storage(base.storage().growing());
      case STORAGE_GROWTH_LIMIT -> spec.storage(base.storage().growingTo(DataSize.gib(256)));
      case ENCRYPTION_KEY -> spec.storage(base.storage().encryptedWith("customer-key"));
      case AVAILABILITY ->
          spec.availability(Availability.REGIONAL)
              .backups(backups(base).retainDays(7).withPointInTime());
      case DATABASE -> spec.database("shop");
      case ADMIN_LOGIN -> spec.admin(AdminLogin.of("app_admin", SecretRef.environment("PW")));
      case ADMIN_MANAGED_PASSWORD -> spec.admin(AdminLogin.managed("app_admin"));
      case BACKUPS -> spec.backups(backups(base));
      case BACKUP_WINDOW -> spec.backups(at(LocalTime.of(1, 0), backups(base)));
      case BACKUP_WINDOW_LENGTH ->
          spec.backups(at(LocalTime.of(1, 0), backups(base)).lasting(Duration.ofHours(1)));
      case BACKUP_RETENTION -> spec.backups(backups(base).retainDays(7));
      case POINT_IN_TIME -> spec.backups(backups(base).withPointInTime());
      case BACKUP_LOCATION -> spec.backups(backups(base).storedIn("region-2"));
      case LOG_RETENTION ->
          spec.backups(backups(base).retainDays(7).withPointInTime().retainLogDays(5));
      case GEO_REDUNDANT_BACKUP -> spec.backups(backups(base).geoRedundant(true));
      case MAINTENANCE_WINDOW ->
          spec.maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0)));
      case MAINTENANCE_WINDOW_LENGTH ->
          spec.maintenance(
              MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0))
                  .lasting(Duration.ofHours(1)));
      case PRIVATE_NETWORK -> spec.network(Network.privateNetwork("network-1"));
      case PUBLIC_ACCESS -> spec.network(Network.publicAccess("203.0.113.0/24"));
      case DELETION_PROTECTION -> spec.deletionProtection(true);
      case PARAMETERS -> spec.parameter("work_mem", "8192");
      case LOGICAL_REPLICATION -> spec.logicalReplication(true);
      case INSIGHTS -> spec.insights(Insights.enabled());
      case INSIGHTS_RETENTION -> spec.insights(Insights.enabled().retainDays(7));
      case TAGS -> spec.tag("team", "shop");
    }
    InstanceSpec built = spec.build();
    if (!built.fields().contains(field) || !built.engine().equals(Engine.POSTGRESQL)) {
      throw new IllegalStateException("The sample for " + field + " does not ask for it");
    }
    return built;
  }

  private static BackupPolicy backups(InstanceSpec base) {
    return base.backups().filter(BackupPolicy::enabled).orElseGet(BackupPolicy::daily);
  }

  /** A policy with another start. */
  private static BackupPolicy at(LocalTime start, BackupPolicy policy) {
    BackupPolicy daily = BackupPolicy.daily(start);
    daily = policy.length().map(daily::lasting).orElse(daily);
    daily = policy.retentionDays().map(daily::retainDays).orElse(daily);
    daily = policy.logRetentionDays().map(daily::retainLogDays).orElse(daily);
    daily = policy.location().map(daily::storedIn).orElse(daily);
    daily = policy.geoRedundant().map(daily::geoRedundant).orElse(daily);
    return policy.pointInTime() ? daily.withPointInTime() : daily;
  }
}
