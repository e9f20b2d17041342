/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** Reads one file of a spill from its beginning, each record checked. */
final class SpillFile implements AutoCloseable {
  private static final int WINDOW = 256 << 10;
  private static final int LARGE = 16 << 20;

  private final Path path;
  private final FileChannel channel;
  private final LogSequenceNumber start;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW);
  private long offset;

  private SpillFile(Path path, FileChannel channel, LogSequenceNumber start, long offset) {
    this.path = path;
    this.channel = channel;
    this.start = start;
    this.offset = offset;
    window.limit(0);
  }

  static SpillFile open(Path path, String stream) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try {
      ByteBuffer header = ByteBuffer.allocate(SpillFormat.LONGEST_HEADER);
      while (header.hasRemaining() && channel.read(header, header.position()) > 0) {
        // A read may bring less than there is.
      }
      header.flip();
      LogSequenceNumber start = SpillFormat.start(header, stream);
      if (start == null) {
        throw new SpillDamagedException(
            path, 0, "this is not the beginning of a file of " + stream);
      }
      return new SpillFile(path, channel, start, header.position());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Everything before it is in an earlier file, or needs none. */
  LogSequenceNumber start() {
    return start;
  }

  Path path() {
    return path;
  }

  /** Where the next record begins. */
  long offset() {
    return offset;
  }

  long size() throws IOException {
    return channel.size();
  }

  /**
   * The next record's message.
   *
   * @param limit how much of the file there is
   * @return null at the limit
   * @throws SpillDamagedException when what is there is no whole record
   */
  @Nullable ByteBuffer next(long limit) throws IOException {
    if (offset == limit) {
      return null;
    }
    need(SpillFormat.RECORD_HEAD, limit);
    int length = window.getInt();
    int crc = window.getInt();
    if (length <= 0 || length > limit - offset - SpillFormat.RECORD_HEAD) {
      throw new SpillDamagedException(path, offset, "a record of " + length + " bytes is cut off");
    }
    if (length > LARGE) {
      // A length that was damaged must not take the memory of a gigabyte.
      requireChecksum(length, crc);
    }
    ByteBuffer message = ByteBuffer.allocate(length);
    int there = Math.min(length, window.remaining());
    message.put(window.slice(window.position(), there));
    window.position(window.position() + there);
    long from = offset + SpillFormat.RECORD_HEAD;
    while (message.hasRemaining()) {
      if (channel.read(message, from + message.position()) < 0) {
        throw new SpillDamagedException(path, offset, "the file ends within a record");
      }
    }
    message.flip();
    if (SpillFormat.crcOf(message) != crc) {
      throw new SpillDamagedException(path, offset, "a record's checksum is wrong");
    }
    offset += SpillFormat.RECORD_HEAD + length;
    return message;
  }

  private void requireChecksum(int length, int crc) throws IOException {
    CRC32C found = new CRC32C();
    found.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).flip());
    ByteBuffer part = ByteBuffer.allocate(WINDOW);
    for (long at = 0; at < length; at += part.limit()) {
      part.clear().limit((int) Math.min(WINDOW, length - at));
      while (part.hasRemaining()) {
        if (channel.read(part, offset + SpillFormat.RECORD_HEAD + at + part.position()) < 0) {
          throw new SpillDamagedException(path, offset, "the file ends within a record");
        }
      }
      found.update(part.flip());
    }
    if ((int) found.getValue() != crc) {
      throw new SpillDamagedException(path, offset, "a record's checksum is wrong");
    }
  }

  private void need(int bytes, long limit) throws IOException {
    if (window.remaining() >= bytes) {
      return;
    }
    if (limit - offset < bytes) {
      throw new SpillDamagedException(path, offset, "the file ends within a record");
    }
    // Afresh from the next record on: what is behind the limit may not be written yet.
    window.clear().limit((int) Math.min(window.capacity(), limit - offset));
    while (window.position() < bytes) {
      if (channel.read(window, offset + window.position()) < 0) {
        throw new SpillDamagedException(path, offset, "the file ends within a record");
      }
    }
    window.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
