/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.replica;

import io.clouddb.plan.Field;
import java.util.Locale;

/** The parts of a {@link ReplicaSpec} and of a {@link Promotion} that a plan speaks about. */
public enum ReplicaField implements Field {
  /** {@link ReplicaSpec#name()}. */
  NAME,
  /** {@link ReplicaSpec#source()}, in the replica's region or in another one. */
  SOURCE,
  /** {@link ReplicaSpec#size()}. */
  SIZE,
  /** {@link ReplicaSpec#availability()}. */
  AVAILABILITY,
  /** {@link ReplicaSpec#network()}: a private network. */
  PRIVATE_NETWORK,
  /** {@link ReplicaSpec#network()}: access over the public internet. */
  PUBLIC_ACCESS,
  /** {@link ReplicaSpec#encryptionKey()}. */
  ENCRYPTION_KEY,
  /** {@link ReplicaSpec#deletionProtection()}. */
  DELETION_PROTECTION,
  /** {@link ReplicaSpec#tags()}. */
  TAGS,
  /** {@link Promotion#standalone()}, while the source is there. */
  STANDALONE,
  /** {@link Promotion#forced()} of a standalone one: without waiting for the source. */
  STANDALONE_FORCED,
  /** {@link Promotion#switchingRoles()}, while the source is there. */
  SWITCHOVER,
  /** {@link Promotion#forced()} of one that switches roles: without waiting for the source. */
  SWITCHOVER_FORCED;

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
