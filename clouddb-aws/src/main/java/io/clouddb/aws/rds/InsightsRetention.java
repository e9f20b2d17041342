/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

/**
 * How long Performance Insights are kept: 7 days, months of 31 days up to 23 of them, or 731 days.
 * Source: RDS API Reference, {@code CreateDBInstance}, {@code PerformanceInsightsRetentionPeriod}.
 */
final class InsightsRetention {
  static final int LEAST = 7;
  static final int MOST = 731;

  private static final int MONTH = 31;
  private static final int MOST_MONTHS = 23;

  private InsightsRetention() {}

  /** The next longer one that RDS has; the longest where there is none. */
  static int kept(int days) {
    if (days <= LEAST) {
      return LEAST;
    }
    int months = (days + MONTH - 1) / MONTH;
    return months <= MOST_MONTHS ? months * MONTH : MOST;
  }
}
