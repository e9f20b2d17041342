/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.InsightsConfig;
import com.google.api.services.sqladmin.model.Settings;
import org.jspecify.annotations.Nullable;

/**
 * What of another instance's settings the size that is asked for does not have, and Cloud SQL
 * refuses beside it: what only the greater edition has, and what belongs to another kind of disk.
 */
final class SettingsOfSize {
  /** "Maximum query plan samples" and "Query length limit" of the page on Query Insights. */
  private static final int MOST_PLANS = 20;

  private static final int LONGEST_QUERY = 4500;

  private SettingsOfSize() {}

  /**
   * Takes out what the size has not, shortens what it has less of, and makes a disk as large as its
   * kind begins.
   *
   * @param settings those of the other instance, with the size that is asked for
   */
  static void limit(Settings settings) {
    KeptLogs.limit(settings);
    if (Tier.ENTERPRISE.equals(settings.getEdition())) {
      // "Connection pool is only supported for Enterprise Plus edition."
      settings.setConnectionPoolConfig(null);
      settings.setDataCacheConfig(null);
      limit(settings.getInsightsConfig());
    }
    String disk = settings.getDataDiskType();
    Long size = settings.getDataDiskSizeGb();
    if (Tier.HYPERDISK.equals(disk)) {
      if (size != null && size < Tier.LEAST_HYPERDISK_GIB) {
        settings.setDataDiskSizeGb(Tier.LEAST_HYPERDISK_GIB);
        Long most = settings.getStorageAutoResizeLimit();
        // Zero is no limit, and one below the disk is refused.
        if (most != null && most > 0 && most < Tier.LEAST_HYPERDISK_GIB) {
          settings.setStorageAutoResizeLimit(Tier.LEAST_HYPERDISK_GIB);
        }
      }
    } else if (disk != null) {
      // "This field is only used for hyperdisk-balanced disk types."
      settings.setDataDiskProvisionedIops(null);
      settings.setDataDiskProvisionedThroughput(null);
    }
  }

  /**
   * Takes out, or lessens, what only the greater edition has, by <a
   * href="https://cloud.google.com/sql/docs/postgres/using-query-insights">Query Insights of both
   * editions</a>.
   */
  static void limit(@Nullable InsightsConfig insights) {
    if (insights == null) {
      return;
    }
    insights.setEnhancedQueryInsightsEnabled(null);
    Integer plans = insights.getQueryPlansPerMinute();
    if (plans != null && plans > MOST_PLANS) {
      insights.setQueryPlansPerMinute(MOST_PLANS);
    }
    Integer length = insights.getQueryStringLength();
    if (length != null && length > LONGEST_QUERY) {
      insights.setQueryStringLength(LONGEST_QUERY);
    }
  }
}
