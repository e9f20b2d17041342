/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.azure.internal.ArmPipeline;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import java.util.Arrays;

/** What flexible servers can do; says the same as {@link FlexibleServerPlan}. */
public final class FlexibleServerSupport {
  private FlexibleServerSupport() {}

  /**
   * Tells whether flexible servers have a feature.
   *
   * @param feature the feature
   * @param context for which engine
   * @return the answer
   */
  public static Support of(Feature feature, FeatureContext context) {
    if (!context.engine().orElse(Engine.POSTGRESQL).equals(Engine.POSTGRESQL)) {
      return Support.no("Only PostgreSQL (flexible server) is driven on Azure");
    }
    if (feature.equals(Feature.INSTANCE_STOP)) {
      return Support.conditional("Azure starts a stopped server again after seven days")
          .limit("stopped.days.max", 7);
    }
    return Arrays.stream(InstanceField.values())
        .filter(field -> Feature.of(field).equals(feature))
        .findFirst()
        .map(FlexibleServerSupport::of)
        .orElseGet(() -> Support.no("clouddb-azure does not know " + feature));
  }

  private static Support of(InstanceField field) {
    return switch (field) {
      case NAME, ENGINE, DATABASE, ADMIN_LOGIN, BACKUPS, POINT_IN_TIME -> Support.yes();
      case PARAMETERS, LOGICAL_REPLICATION, INSIGHTS -> Support.yes();
      case ENGINE_VERSION ->
          Support.conditional(
                  "By major version, those that Azure's API version "
                      + ArmPipeline.API_VERSION
                      + " lists; Azure chooses the minor one")
              .limit("major.min", 14)
              .limit("major.max", 18);
      case SIZE ->
          Support.conditional("As large as Azure's largest size")
              .limit("cpus.max", ServerSizes.MOST_CPUS)
              .limit("memory.gib.max", ServerSizes.MOST_GIB);
      case STORAGE_TYPE -> Support.conditional("Premium SSD only");
      case STORAGE_SIZE ->
          Support.conditional("32, 64, 128, ... GiB; up only")
              .limit("size.gib.min", StorageSizes.LEAST_GIB)
              .limit("size.gib.max", StorageSizes.MOST_GIB);
      case STORAGE_IOPS ->
          Support.no("The SDK's stable release can ask for none; they come with the size");
      case STORAGE_GROWTH ->
          Support.no("The SDK's stable release cannot ask for it; modify(storageSize)");
      case STORAGE_GROWTH_LIMIT -> Support.no("Azure knows no limit of growth");
      case ENCRYPTION -> Support.conditional("Always encrypted");
      case ENCRYPTION_KEY -> Support.no("Native.customize(ServerInner.class, ...) sets one");
      case AVAILABILITY -> Support.conditional("A standby needs a size that is not burstable");
      case ADMIN_MANAGED_PASSWORD -> Support.no("AdminLogin.of(user, SecretRef) sets one");
      case BACKUP_WINDOW, BACKUP_WINDOW_LENGTH -> Support.no("Azure chooses the time");
      case BACKUP_RETENTION ->
          Support.conditional("7 to 35 days")
              .limit("retention.days.min", FlexibleServerPlan.LEAST_RETENTION)
              .limit("retention.days.max", FlexibleServerPlan.MOST_RETENTION);
      case MAINTENANCE_WINDOW -> Support.conditional("Beginning at a whole minute");
      case MAINTENANCE_WINDOW_LENGTH -> Support.conditional("An hour").limit("window.hours", 1);
      case INSIGHTS_RETENTION ->
          Support.conditional("1 to 30 days, by the query store")
              .limit("retention.days.max", ServerParameters.MOST_QUERY_STORE_DAYS);
      case PRIVATE_NETWORK ->
          Support.conditional(
              "By a delegated subnet and its private DNS zone; there is no default");
      case PUBLIC_ACCESS -> Support.conditional("IPv4 ranges only");
      case TLS -> Support.conditional("Optional or required; no client certificates");
      case DELETION_PROTECTION -> Support.no("A management lock on the server does it");
      case TAGS -> Support.conditional("At most 49").limit("tags.count.max", TagPlan.MOST);
    };
  }
}
