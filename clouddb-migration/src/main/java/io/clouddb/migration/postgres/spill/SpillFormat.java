/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What the files of a spill are made of: a header, then records. A record is its length and its
 * CRC32C, four bytes each, and a message as the server sent it. One kind is the spill's own: the
 * position up to which the source had nothing more to send.
 */
final class SpillFormat {
  static final int RECORD_HEAD = 8;
  static final int LONGEST_HEADER = 1024;

  private static final long MAGIC = 0x434C_4442_5350_4C31L; // CLDBSPL1
  private static final byte IDLE = 'i';
  private static final byte BEGIN = 'B';
  private static final byte COMMIT = 'C';
  private static final byte RELATION = 'R';
  private static final int COMMIT_END_LSN = 1 + 1 + Long.BYTES;

  private SpillFormat() {}

  /** Begins a file: whose stream it holds, and from where on. */
  static ByteBuffer header(String stream, LogSequenceNumber start) {
    byte[] name = stream.getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = ByteBuffer.allocate(2 * Long.BYTES + 2 * Integer.BYTES + name.length);
    header.putLong(MAGIC).putLong(start.asLong()).putInt(name.length).put(name);
    header.putInt(crc(header.duplicate().flip()));
    return header.flip();
  }

  /** The start in a header; null when it is none of that stream. Stops behind the header. */
  static @Nullable LogSequenceNumber start(ByteBuffer in, String stream) {
    byte[] name = stream.getBytes(StandardCharsets.UTF_8);
    int length = 2 * Long.BYTES + Integer.BYTES + name.length;
    if (in.remaining() < length + Integer.BYTES) {
      return null;
    }
    ByteBuffer checked = in.slice(in.position(), length);
    LogSequenceNumber start = LogSequenceNumber.valueOf(in.getLong(in.position() + Long.BYTES));
    int crc = in.getInt(in.position() + length);
    if (!header(stream, start).slice(0, length).equals(checked) || crc != crc(checked)) {
      return null;
    }
    in.position(in.position() + length + Integer.BYTES);
    return start;
  }

  static ByteBuffer idle(LogSequenceNumber position) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(IDLE).putLong(position.asLong()).flip();
  }

  static boolean isIdle(ByteBuffer message) {
    return message.get(message.position()) == IDLE;
  }

  static boolean isBegin(ByteBuffer message) {
    return message.get(message.position()) == BEGIN;
  }

  static boolean isRelation(ByteBuffer message) {
    return message.get(message.position()) == RELATION;
  }

  /** The oid that a relation message describes. */
  static int relation(ByteBuffer message) {
    return message.getInt(message.position() + 1);
  }

  /** Where the stream can be taken up again behind this message; null within a transaction. */
  static @Nullable LogSequenceNumber boundary(ByteBuffer message) {
    int at = message.position();
    return switch (message.get(at)) {
      case COMMIT -> LogSequenceNumber.valueOf(message.getLong(at + COMMIT_END_LSN));
      case IDLE -> LogSequenceNumber.valueOf(message.getLong(at + 1));
      default -> null;
    };
  }

  /** The check of a record; the length is part of it, so that zeros are none. */
  static int crcOf(ByteBuffer message) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(message.remaining()).flip());
    crc.update(message.duplicate());
    return (int) crc.getValue();
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }
}
