/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.time.Duration;
import java.util.Objects;

/**
 * Describes a replica and makes it. It is as its primary is now, with that one's settings and TLS,
 * unless said otherwise. What recovery demands it follows by itself ({@code max_connections} and
 * the like): it has the primary's, or more when that is set for it.
 */
public final class ReplicaBuilder extends ServerBuilder<ReplicaBuilder> {
  static final long KEPT_LOG = 1L << 30;

  private final ServerLifecycle primary;
  Duration copyTimeout = Duration.ofMinutes(5);
  long keptLog = KEPT_LOG;
  boolean raisesSizes;

  ReplicaBuilder(ServerLifecycle primary) {
    this.primary = primary;
    primary.describeTo(this);
  }

  @Override
  ReplicaBuilder self() {
    return this;
  }

  /**
   * Says how long the copy of the primary's data may take; by default five minutes.
   *
   * @param limit the limit
   * @return this builder
   */
  public ReplicaBuilder copyTimeout(Duration limit) {
    this.copyTimeout = Objects.requireNonNull(limit, "copyTimeout");
    return this;
  }

  /**
   * Says how much of its log the primary keeps for the replica while that is down; by default a
   * gibibyte. A replica that was down for longer serves what it has, can be promoted, and does not
   * follow any more. It is looked at every few seconds, so somewhat more may be kept.
   *
   * @param bytes the limit
   * @return this builder
   */
  public ReplicaBuilder keptLog(long bytes) {
    this.keptLog = bytes;
    return this;
  }

  /**
   * Says what becomes of a size that is set for the replica and is below what its primary has. By
   * default such a replica is refused, and so is the start of a primary with more than a running
   * replica has. Otherwise the replica starts with what the primary has; one that runs while its
   * primary starts with more replays no further until its own next start.
   *
   * @param value true to raise it
   * @return this builder
   */
  public ReplicaBuilder raiseSizes(boolean value) {
    this.raisesSizes = value;
    return this;
  }

  /**
   * Gives a parameter its default, whatever the primary has.
   *
   * @param name the parameter's name
   * @return this builder
   */
  public ReplicaBuilder resetSetting(String name) {
    settings.remove(ServerSettings.checkName(name));
    return this;
  }

  /**
   * Copies the primary, which goes on serving, and starts the replica. It has everything that was
   * committed before the call, and follows what comes.
   *
   * @return the running replica
   * @throws io.clouddb.error.InvalidArgumentException when the replica refuses a setting, or the
   *     primary's do not allow replicas
   * @throws io.clouddb.error.CloudDbException when it cannot be made; then nothing of it is left,
   *     and the primary is as it was
   */
  public EmbeddedPostgres start() {
    return new EmbeddedPostgres(ReplicaCreation.start(primary, this));
  }
}
