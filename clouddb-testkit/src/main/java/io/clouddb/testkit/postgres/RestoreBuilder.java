/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes a server that is restored to a moment of another one, and makes it. It has that one's
 * settings and TLS as they are now, unless said otherwise, and is a server of its own: databases,
 * roles and passwords are those of the moment; replicas, and what is kept for them, it has none.
 */
public final class RestoreBuilder extends ServerBuilder<RestoreBuilder> {
  private final KeptLog log;
  @Nullable Duration recoveryTimeout;
  @Nullable Instant moment;

  RestoreBuilder(KeptLog log) {
    this.log = log;
    log.server().describeTo(this);
  }

  @Override
  RestoreBuilder self() {
    return this;
  }

  /**
   * Names the moment, by the clock of this machine; without this call the server has all that was
   * committed before {@link #start()}. What was acknowledged before the moment is in; what was
   * begun after it is not; of what was being committed at it, all that the log has before the first
   * transaction that is later, by the time that PostgreSQL writes down with each commit.
   *
   * @param time the moment, of which a microsecond counts
   * @return this builder
   */
  public RestoreBuilder until(Instant time) {
    this.moment = Objects.requireNonNull(time, "until");
    return this;
  }

  /**
   * Says how long the log may be replayed; by default five minutes, and a second more for each 16
   * MiB of it.
   *
   * @param limit the limit
   * @return this builder
   */
  public RestoreBuilder recoveryTimeout(Duration limit) {
    this.recoveryTimeout = Objects.requireNonNull(limit, "recoveryTimeout");
    return this;
  }

  /**
   * Gives a parameter its default, whatever the other server has.
   *
   * @param name the parameter's name
   * @return this builder
   */
  public RestoreBuilder resetSetting(String name) {
    settings.remove(ServerSettings.checkName(name));
    return this;
  }

  /**
   * Copies the log, replays it, and starts the server. The other one, if it runs, serves meanwhile.
   *
   * @return the running server
   * @throws io.clouddb.error.InvalidArgumentException when the server refuses a setting
   * @throws io.clouddb.error.CloudDbException when it cannot be made; then nothing of it is left
   */
  public EmbeddedPostgres start() {
    return new EmbeddedPostgres(Restoration.start(log, this));
  }
}
