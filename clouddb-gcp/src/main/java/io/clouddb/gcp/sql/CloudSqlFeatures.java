/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import java.util.Optional;

/** What Cloud SQL for PostgreSQL can do. Says the same as {@link CloudSqlPlans}. */
public final class CloudSqlFeatures {
  private CloudSqlFeatures() {}

  /**
   * Tells whether there is a feature.
   *
   * @param feature the feature
   * @param context for which engine, edition and region
   * @return the answer
   */
  public static Support supports(Feature feature, FeatureContext context) {
    Optional<Engine> engine = context.engine();
    if (engine.isPresent() && !engine.get().equals(Engine.POSTGRESQL)) {
      return Support.no("This provider makes PostgreSQL only, not " + engine.get() + ".");
    }
    if (feature.equals(Feature.INSTANCE_STOP)) {
      return Support.yes();
    }
    for (InstanceField field : InstanceField.values()) {
      if (feature.equals(Feature.of(field))) {
        return supports(field, context);
      }
    }
    return ReplicaTables.supports(feature, context)
        .orElseGet(() -> Support.no("Not known to this provider: " + feature + "."));
  }

  private static Support supports(InstanceField field, FeatureContext context) {
    return switch (field) {
      case NAME ->
          Support.conditional("The project's id and the name have at most 97 characters together.");
      case ENGINE -> Support.conditional("PostgreSQL only.");
      case ENGINE_VERSION ->
          Support.conditional(
              "A major version, 9.6 or 10 to 18, on Enterprise Plus from 12 on; Cloud SQL chooses the"
                  + " minor one.");
      case SIZE ->
          Support.conditional(
                  "A tier by name, or the smallest custom machine: 1 or an even number of vCPUs,"
                      + " 0.9 to 6.5 GiB for each.")
              .limit("cpus.max", Tier.MOST_CPUS)
              .limit("memory.mib.min", Tier.LEAST_MEMORY_MIB);
      case STORAGE_TYPE ->
          Support.conditional("SSD, or HDD on machines that have it: Enterprise, but N4.");
      case STORAGE_SIZE ->
          Support.conditional("Whole GiB.")
              .limit("size.gib.min", StorageSettings.LEAST_GIB)
              .limit("size.gib.max", StorageSettings.MOST_GIB);
      case STORAGE_IOPS -> Support.no("PD_SSD sells no IOPS; they grow with the size of the disk.");
      case STORAGE_GROWTH -> Support.yes();
      case STORAGE_GROWTH_LIMIT ->
          Support.conditional("Whole GiB.").limit("size.gib.max", StorageSettings.MOST_GIB);
      case ENCRYPTION -> Support.conditional("Always on; it cannot be switched off.");
      case ENCRYPTION_KEY -> Support.conditional("A Cloud KMS key in the instance's region.");
      case AVAILABILITY ->
          Support.conditional("REGIONAL switches backups and point-in-time recovery on.");
      case DATABASE, DELETION_PROTECTION, LOGICAL_REPLICATION, INSIGHTS, TLS, BACKUPS ->
          Support.yes();
      case ADMIN_LOGIN ->
          Support.conditional(
              "Not named cloudsql... or pg_...; the password is in the environment or a file.");
      case ADMIN_MANAGED_PASSWORD ->
          Support.no("Cloud SQL makes no passwords; choose one by AdminLogin.of.");
      case BACKUP_WINDOW -> Support.conditional("Hours and minutes, no seconds.");
      case BACKUP_RETENTION ->
          Support.conditional("One backup a day.")
              .limit("retention.days.min", 1)
              .limit("retention.days.max", BackupSettings.MOST_RETAINED);
      case POINT_IN_TIME ->
          Support.conditional("Only the last days of a longer retention.")
              .limit("retention.days.max", new Tier("", edition(context)).mostLogDays());
      case MAINTENANCE_WINDOW ->
          Support.conditional("Begins at a full hour.").limit("window.hours", 1);
      case BACKUP_WINDOW_LENGTH -> Support.conditional("Four hours.").limit("window.hours", 4);
      case MAINTENANCE_WINDOW_LENGTH -> Support.conditional("One hour.").limit("window.hours", 1);
      case INSIGHTS_RETENTION ->
          Support.conditional("Seven days.")
              .limit("retention.days.max", CloudSqlPlans.INSIGHT_DAYS);
      case PRIVATE_NETWORK ->
          Support.conditional(
              "A VPC by its resource name, with private services access; there is no default"
                  + " network, and there are no security groups.");
      case PUBLIC_ACCESS -> Support.conditional("IPv4 address ranges.");
      case PARAMETERS -> Support.conditional("Database flags of Cloud SQL.");
      case TAGS -> Support.conditional("Labels.").limit("tags.max", Labels.MOST_TAGS);
    };
  }

  private static String edition(FeatureContext context) {
    return context.edition().filter(Tier.ENTERPRISE_PLUS::equals).isPresent()
        ? Tier.ENTERPRISE_PLUS
        : Tier.ENTERPRISE;
  }
}
