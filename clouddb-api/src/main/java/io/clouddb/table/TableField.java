/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.plan.Field;
import java.util.Locale;

/** The parts of a {@link GlobalTableSpec} and of a {@link TableChange} in a plan. */
public enum TableField implements Field {
  /** {@link GlobalTableSpec#name()}. */
  NAME,
  /** {@link GlobalTableSpec#key()}. */
  KEY,
  /** {@link GlobalTableSpec#host()}. */
  HOST,
  /** {@link GlobalTableSpec#indexes()} over all partitions. */
  INDEXES,
  /** {@link GlobalTableSpec#indexes()} within a partition: {@link IndexSpec#local()}. */
  LOCAL_INDEXES,
  /** {@link IndexSpec#projection()}, where it is not all attributes. */
  INDEX_PROJECTION,
  /** {@link IndexSpec#throughput()}. */
  INDEX_THROUGHPUT,
  /** {@link GlobalTableSpec#regions()}. */
  REGIONS,
  /** {@link TableRegion#key()}. */
  ENCRYPTION_KEY,
  /** {@link GlobalTableSpec#writes()}. */
  WRITES,
  /** {@link GlobalTableSpec#consistency()}. */
  CONSISTENCY,
  /** {@link GlobalTableSpec#throughput()}. */
  THROUGHPUT,
  /** {@link GlobalTableSpec#timeToLive()}. */
  TIME_TO_LIVE,
  /** {@link GlobalTableSpec#version()}. */
  VERSION,
  /** {@link GlobalTableSpec#changeFeed()}. */
  CHANGE_FEED,
  /** {@link GlobalTableSpec#deletionProtection()}. */
  DELETION_PROTECTION,
  /** {@link GlobalTableSpec#pointInTimeRecoveryDays()}. */
  POINT_IN_TIME_RECOVERY,
  /** {@link GlobalTableSpec#tableClass()}. */
  TABLE_CLASS,
  /** {@link GlobalTableSpec#tags()}. */
  TAGS,
  /** {@link TableChange#addedIndexes()}. */
  ADDED_INDEXES,
  /** {@link TableChange#removedIndexes()}. */
  REMOVED_INDEXES,
  /** {@link TableChange#addedRegions()}. */
  ADDED_REGIONS,
  /** {@link TableChange#removedRegions()}. */
  REMOVED_REGIONS,
  /** {@link TableChange#removedTags()}. */
  REMOVED_TAGS;

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
