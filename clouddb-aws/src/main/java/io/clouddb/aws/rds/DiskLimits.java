/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.DataSize;

/**
 * How large and how fast a disk of PostgreSQL can be: the RDS API Reference ({@code
 * CreateDBInstance}, {@code AllocatedStorage}) and <em>Amazon RDS DB instance storage</em> of the
 * user guide.
 */
final class DiskLimits {
  static final int LEAST_GIB = 20;
  static final int LEAST_GIB_WITH_IOPS = 100;
  static final int MOST_GIB = 65_536;
  static final int LEAST_IOPS = 1_000;
  static final int MOST_IOPS = 256_000;

  /** io2 has at least one operation per second for two GiB. */
  private static final int GIB_PER_IOPS = 2;

  private static final int MOST_IOPS_PER_GIB = 1_000;

  private DiskLimits() {}

  /** In GiB, rounded up. */
  static int wholeGib(DataSize size) {
    return (int) Math.min(Integer.MAX_VALUE, (long) Math.ceil(size.toGib()));
  }

  static int leastIops(int gib) {
    return Math.max(LEAST_IOPS, (gib + GIB_PER_IOPS - 1) / GIB_PER_IOPS);
  }

  static int mostIops(int gib) {
    return (int) Math.min(MOST_IOPS, (long) gib * MOST_IOPS_PER_GIB);
  }

  /** The largest disk for so many operations per second. */
  static int mostGib(int iops) {
    return Math.min(MOST_GIB, iops * GIB_PER_IOPS);
  }
}
