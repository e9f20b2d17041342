/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import io.clouddb.plan.Field;
import java.util.Locale;

/** The parts of a {@link RestoreSpec} that a plan speaks about. */
public enum RestoreField implements Field {
  /** {@link RestoreSpec#name()}. */
  NAME,
  /** {@link RestoreSpec#backup()}: as it was when a backup was taken. */
  BACKUP,
  /** {@link RestoreSpec#moment()}: as an instance was at a moment. */
  MOMENT,
  /** {@link RestoreSpec#isLatest()}: as an instance was as lately as the cloud can tell. */
  LATEST,
  /** {@link RestoreSpec#source()} is in another region than what is made of it. */
  OTHER_REGION,
  /** {@link RestoreSpec#size()}. */
  SIZE,
  /** {@link RestoreSpec#availability()}. */
  AVAILABILITY,
  /** {@link RestoreSpec#network()}: a private network. */
  PRIVATE_NETWORK,
  /** {@link RestoreSpec#network()}: access over the public internet. */
  PUBLIC_ACCESS,
  /** {@link RestoreSpec#encryptionKey()}. */
  ENCRYPTION_KEY,
  /** {@link RestoreSpec#deletionProtection()}. */
  DELETION_PROTECTION,
  /** {@link RestoreSpec#parameters()}. */
  PARAMETERS,
  /** {@link RestoreSpec#tags()}. */
  TAGS;

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
