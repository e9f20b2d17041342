/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.plan.Field;
import java.util.Locale;

/** The parts of a {@link TableRestoreSpec} that a plan speaks about. */
public enum TableRestoreField implements Field {
  /** {@link TableRestoreSpec#name()}. */
  NAME,
  /** {@link TableRestoreSpec#backup()}: as it was when a backup was taken. */
  BACKUP,
  /** {@link TableRestoreSpec#moment()}: as a table was at a moment. */
  MOMENT,
  /** {@link TableRestoreSpec#isLatest()}: as a table was as lately as the cloud can tell. */
  LATEST,
  /** {@link TableRestoreSpec#backup()} is in another region than what is made of it. */
  OTHER_REGION,
  /** {@link TableRestoreSpec#indexes()}. */
  INDEXES,
  /** {@link TableRestoreSpec#throughput()}. */
  THROUGHPUT,
  /** {@link TableRestoreSpec#encryptionKey()}. */
  ENCRYPTION_KEY,
  /** {@link TableRestoreSpec#timeToLive()}. */
  TIME_TO_LIVE,
  /** {@link TableRestoreSpec#changeFeed()}. */
  CHANGE_FEED,
  /** {@link TableRestoreSpec#deletionProtection()}. */
  DELETION_PROTECTION,
  /** {@link TableRestoreSpec#pointInTimeRecoveryDays()}. */
  POINT_IN_TIME_RECOVERY,
  /** {@link TableRestoreSpec#tags()}. */
  TAGS;

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
