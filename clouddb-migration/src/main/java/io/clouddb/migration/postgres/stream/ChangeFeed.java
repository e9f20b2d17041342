/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A change stream that is read ahead of the apply by a thread of its own, which also gives the
 * source its signs of life while the apply is slow or held. One thread takes from it; the other
 * methods may be called by any.
 */
public interface ChangeFeed extends AutoCloseable {
  /**
   * Messages that arrived together.
   *
   * @param messages in order; empty to wake the reader up
   * @param bytes their size
   * @param idleAt set when nothing else had been sent: all commits before it have been delivered
   * @param failure set when the stream ended
   */
  record Chunk(
      List<ChangeMessage> messages,
      long bytes,
      @Nullable LogSequenceNumber idleAt,
      @Nullable Throwable failure) {}

  /**
   * The next chunk.
   *
   * @param millis how long to wait for one
   * @return null when none came in time
   * @throws InterruptedException when the waiting thread is interrupted
   */
  @Nullable Chunk poll(long millis) throws InterruptedException;

  /**
   * Says what need not be sent again.
   *
   * @param position everything before it is durable on the target
   */
  void confirm(LogSequenceNumber position);

  /** Has the source say how far it has sent. */
  void askForPosition();

  /** Ends a wait in {@link #poll}. */
  void wake();

  /**
   * Why no more is read, as {@link #poll} will tell.
   *
   * @return null while it is
   */
  @Nullable Throwable failure();

  /** Ends reading; the slot stays. */
  @Override
  void close() throws SQLException;
}
