/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import io.clouddb.migration.postgres.stream.ChangeFeed;
import io.clouddb.migration.postgres.stream.ChangeMessage;
import io.clouddb.migration.postgres.stream.PgOutputDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Reads what a {@link SpillWriter} has published, from file to file. For one thread. */
final class SpillReader implements AutoCloseable {
  private static final int CHUNK_MESSAGES = 512;
  private static final long CHUNK_BYTES = 1L << 20;

  private final PgOutputDecoder decoder = new PgOutputDecoder();
  private final SpillFolder folder;
  private final SpillWriter writer;
  private long number;
  private long records;
  private @Nullable SpillFile file;
  private @Nullable LogSequenceNumber boundary;

  /**
   * Begins to read.
   *
   * @param folder the files
   * @param writer who writes them
   * @param first the file to begin with
   */
  SpillReader(SpillFolder folder, SpillWriter writer, long first) {
    this.folder = folder;
    this.writer = writer;
    this.number = first;
  }

  /** How many bytes of records were read. */
  long records() {
    return records;
  }

  /**
   * The next message.
   *
   * @return null when there is none yet
   * @throws SpillDamagedException when a file is not what was written to it
   */
  @Nullable ByteBuffer next() throws IOException {
    while (true) {
      SpillWriter.Published published = writer.published();
      SpillFile open = file;
      if (open == null) {
        open = open();
      }
      boolean complete = number < published.file();
      ByteBuffer message = open.next(complete ? open.size() : published.length());
      if (message != null) {
        records += SpillFormat.RECORD_HEAD + message.remaining();
        LogSequenceNumber end = SpillFormat.boundary(message);
        if (end != null) {
          boundary = end;
        }
        return message;
      }
      if (!complete) {
        return null;
      }
      open.close();
      file = null;
      number++;
    }
  }

  /** The next messages that are there, decoded; null when there are none yet. */
  ChangeFeed.@Nullable Chunk take() throws IOException {
    List<ChangeMessage> messages = new ArrayList<>();
    long bytes = 0;
    @Nullable LogSequenceNumber idleAt = null;
    while (idleAt == null && messages.size() < CHUNK_MESSAGES && bytes < CHUNK_BYTES) {
      ByteBuffer message = next();
      if (message == null) {
        break;
      }
      if (SpillFormat.isIdle(message)) {
        idleAt = SpillFormat.boundary(message);
      } else {
        bytes += message.remaining();
        messages.add(decoder.decode(message));
      }
    }
    return messages.isEmpty() && idleAt == null
        ? null
        : new ChangeFeed.Chunk(messages, bytes, idleAt, null);
  }

  private SpillFile open() throws IOException {
    SpillFile next = SpillFile.open(folder.file(number), folder.stream());
    file = next;
    LogSequenceNumber end = boundary;
    if (end != null && !end.equals(next.start())) {
      throw new SpillDamagedException(
          next.path(),
          0,
          "it begins at "
              + next.start().asString()
              + ", but the file before it ends at "
              + end.asString());
    }
    boundary = next.start();
    return next;
  }

  @Override
  public void close() throws IOException {
    SpillFile open = file;
    if (open != null) {
      open.close();
    }
  }
}
