/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What RDS for PostgreSQL has, with the limits that {@code plan} goes by. */
public final class RdsFeatures {
  private static final int RESTART_AFTER_DAYS = 7;

  private static final Map<Feature, Support> ALL =
      Stream.concat(
              Stream.of(
                  Map.entry(
                      Feature.INSTANCE_STOP,
                      Support.conditional("RDS starts a stopped instance again after 7 days")
                          .limit("stopped.days.max", RESTART_AFTER_DAYS))),
              Stream.of(InstanceField.values())
                  .map(field -> Map.entry(Feature.of(field), field(field))))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private RdsFeatures() {}

  /**
   * Tells whether RDS has a feature.
   *
   * @param feature the feature
   * @param context for which engine; PostgreSQL when it is not known
   * @return the answer
   */
  public static Support supports(Feature feature, FeatureContext context) {
    Engine engine = context.engine().orElse(Engine.POSTGRESQL);
    if (!engine.equals(Engine.POSTGRESQL)) {
      return Support.no("This release makes no " + engine + " on RDS; it makes PostgreSQL");
    }
    return ALL.getOrDefault(feature, Support.no("This release knows no " + feature + " on RDS"));
  }

  private static Support field(InstanceField field) {
    return switch (field) {
      case ENGINE -> Support.conditional("PostgreSQL only");
      case ENGINE_VERSION -> Support.conditional("Versions from 11 on").limit("major.min", 11);
      case SIZE ->
          Support.conditional("A DB instance class by name, or the least that a known class has")
              .limit("cpus.max", InstanceClasses.MOST_CPUS)
              .limit("memory.gib.max", InstanceClasses.MOST_GIB);
      case STORAGE_TYPE ->
          Support.conditional("SSD (gp3) and PROVISIONED_IOPS_SSD (io2); no magnetic disk");
      case STORAGE_SIZE ->
          Support.conditional("Whole GiB; with bought operations per second from 100 GiB on")
              .limit("storage.gib.min", StorageMapping.LEAST_GIB)
              .limit("storage.gib.max", StorageMapping.MOST_GIB);
      case STORAGE_IOPS ->
          Support.conditional("With PROVISIONED_IOPS_SSD, half to 1000 for each GiB")
              .limit("iops.min", StorageMapping.LEAST_IOPS)
              .limit("iops.max", StorageMapping.MOST_IOPS);
      case STORAGE_GROWTH_LIMIT ->
          Support.conditional(
                  "Whole GiB, at least a tenth above the size; two for each bought operation per"
                      + " second at most")
              .limit("storage.gib.max", StorageMapping.MOST_GIB);
      case DATABASE -> Support.conditional("The name begins with a letter");
      case ADMIN_LOGIN, ADMIN_MANAGED_PASSWORD ->
          Support.conditional("The name begins with a letter and is not reserved, as admin is");
      case BACKUP_RETENTION ->
          Support.yes().limit("retention.days.max", PolicyMapping.MOST_RETENTION_DAYS);
      case BACKUP_WINDOW -> Support.conditional("Whole minutes, outside the maintenance window");
      case MAINTENANCE_WINDOW -> Support.conditional("Whole minutes");
      case BACKUP_WINDOW_LENGTH, MAINTENANCE_WINDOW_LENGTH ->
          Support.conditional("Whole minutes; the two windows do not overlap")
              .limit("window.minutes.min", Windows.LEAST_MINUTES)
              .limit("window.minutes.max", Windows.MOST_MINUTES);
      case INSIGHTS_RETENTION ->
          Support.conditional("7, 731, or a multiple of 31 up to 713")
              .limit("retention.days.min", InsightsRetention.LEAST)
              .limit("retention.days.max", InsightsRetention.MOST);
      case PUBLIC_ACCESS ->
          Support.conditional(
              "Only preferred, and with a VPC security group, which says who may connect");
      case PRIVATE_NETWORK -> Support.conditional("Without a private DNS zone");
      case TLS -> Support.conditional("OPTIONAL and REQUIRED; no client certificates");
      case PARAMETERS -> Support.conditional("Those of the DB parameter group without own fields");
      case TAGS ->
          Support.conditional(
                  "Letters, digits, spaces and + - = . _ : / @; no key begins with aws:")
              .limit("tags.max", Tags.MOST);
      case STORAGE_GROWTH ->
          Support.conditional("Below the largest size for the bought operations");
      case NAME,
          ENCRYPTION,
          ENCRYPTION_KEY,
          AVAILABILITY,
          BACKUPS,
          POINT_IN_TIME,
          DELETION_PROTECTION,
          LOGICAL_REPLICATION,
          INSIGHTS ->
          Support.yes();
    };
  }
}
