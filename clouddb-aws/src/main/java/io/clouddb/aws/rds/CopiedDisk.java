/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import org.jspecify.annotations.Nullable;

/**
 * A disk of which RDS is to make another one, of a replica or of what is restored: the members have
 * to be named, since RDS would take another type. {@code StorageType} of {@code
 * CreateDBInstanceReadReplica} and of the restores: "Default: io1 if the Iops parameter is
 * specified, otherwise gp3". Of gp3 RDS takes {@code Iops} and {@code StorageThroughput} from 400
 * GiB on only.
 *
 * @param type for example {@code gp3}
 * @param gib its size
 * @param iopsOrNull what it has; null where RDS does not tell
 * @param throughputOrNull what it has; null where RDS does not tell
 */
record CopiedDisk(
    String type, int gib, @Nullable Integer iopsOrNull, @Nullable Integer throughputOrNull) {
  private static final String GENERAL = "gp3";

  private boolean isBought() {
    return type.startsWith("io");
  }

  private boolean isStriped() {
    return type.equals(GENERAL) && gib >= StorageGrowth.STRIPED_GIB;
  }

  /** What to name as {@code Iops}; null where RDS takes none. */
  @Nullable Integer iops() {
    return isBought() || isStriped()
        ? Integer.valueOf(atLeast(isStriped() ? StorageGrowth.STRIPED_IOPS : 0, iopsOrNull))
        : null;
  }

  /** What to name as {@code StorageThroughput}; null where RDS takes none. */
  @Nullable Integer throughput() {
    return isStriped()
        ? Integer.valueOf(atLeast(StorageGrowth.STRIPED_THROUGHPUT, throughputOrNull))
        : null;
  }

  static int atLeast(int least, @Nullable Integer value) {
    return value == null ? least : Math.max(least, value);
  }
}
