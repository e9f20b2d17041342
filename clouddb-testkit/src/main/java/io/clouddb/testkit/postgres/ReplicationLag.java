/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How far a replica has come, at one moment. Positions are bytes from the start of the primary's
 * write-ahead log, as {@code lsn - '0/0'} says in SQL; they are comparable between a server and its
 * replicas.
 */
public final class ReplicationLag {
  private final long received;
  private final long replayed;
  private final @Nullable Long written;
  private final @Nullable Instant lastReplayed;
  private final boolean following;
  private final boolean paused;

  ReplicationLag(
      long received,
      long replayed,
      @Nullable Long written,
      @Nullable Instant lastReplayed,
      boolean following,
      boolean paused) {
    this.received = received;
    this.replayed = replayed;
    this.written = written;
    this.lastReplayed = lastReplayed;
    this.following = following;
    this.paused = paused;
  }

  /**
   * Up to where it has received the log, and would come if it were promoted now ({@code
   * pg_last_wal_receive_lsn}; what it has replayed, when it has received nothing since its start).
   *
   * @return the position
   */
  public long received() {
    return received;
  }

  /**
   * Up to where readers see what happened ({@code pg_last_wal_replay_lsn}).
   *
   * @return the position
   */
  public long replayed() {
    return replayed;
  }

  /**
   * Up to where the server that it follows has written its log ({@code pg_current_wal_lsn}); when
   * that is a replica itself, up to where it has received it.
   *
   * @return the position; empty when that server does not run or does not answer, or there is none
   */
  public OptionalLong written() {
    return written == null ? OptionalLong.empty() : OptionalLong.of(written);
  }

  /**
   * What is missing here of the log of the server that it follows.
   *
   * @return bytes; empty when {@link #written} is
   */
  public OptionalLong bytesToReceive() {
    return written == null
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, written - received));
  }

  /**
   * What readers do not see yet of what has been received.
   *
   * @return bytes
   */
  public long bytesToReplay() {
    return Math.max(0, received - replayed);
  }

  /**
   * When the last of the transactions was committed on the primary that readers see here ({@code
   * pg_last_xact_replay_timestamp}).
   *
   * @return the time, by the primary's clock; empty when none was replayed since the start of this
   *     server
   */
  public Optional<Instant> lastReplayed() {
    return Optional.ofNullable(lastReplayed);
  }

  /**
   * Whether it is connected to the server that it follows, and receives what that writes.
   *
   * @return false when that is down, or no longer has what this one needs next
   */
  public boolean isFollowing() {
    return following;
  }

  /**
   * Whether replay is paused, by {@link EmbeddedPostgres#pauseReplay()} or by the server itself.
   *
   * @return true when nothing is replayed
   */
  public boolean isReplayPaused() {
    return paused;
  }

  /** The numbers, for people. */
  @Override
  public String toString() {
    return (following ? "following" : "not following")
        + (paused ? ", replay paused" : "")
        + ", written "
        + (written == null ? "unknown" : written)
        + ", received "
        + received
        + ", replayed "
        + replayed
        + ", last transaction of "
        + Objects.requireNonNullElse(lastReplayed, "no time");
  }
}
