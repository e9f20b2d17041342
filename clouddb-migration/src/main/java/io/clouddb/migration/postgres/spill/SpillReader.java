/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Reads what a {@link SpillWriter} has published, from file to file. For one thread. */
final class SpillReader implements AutoCloseable {
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
