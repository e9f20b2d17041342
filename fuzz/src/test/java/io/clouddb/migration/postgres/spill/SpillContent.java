/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/** A spill's file as bytes: one that was written, and what is read of any. */
public final class SpillContent {
  private static final String STREAM = "slot";

  private SpillContent() {}

  /**
   * A file as it is written: three records of a transaction.
   *
   * @return its bytes
   */
  public static byte[] sample() {
    ByteBuffer file = ByteBuffer.allocate(1024);
    file.put(SpillFormat.header(STREAM, LogSequenceNumber.valueOf(16)));
    for (byte[] message :
        List.of(
            ByteBuffer.allocate(21).put((byte) 'B').putLong(100).array(),
            "Irow".getBytes(StandardCharsets.US_ASCII),
            ByteBuffer.allocate(26)
                .put((byte) 'C')
                .put((byte) 0)
                .putLong(100)
                .putLong(110)
                .array())) {
      ByteBuffer record = ByteBuffer.wrap(message);
      file.putInt(message.length).putInt(SpillFormat.crcOf(record)).put(message);
    }
    byte[] bytes = new byte[file.position()];
    file.flip().get(bytes);
    return bytes;
  }

  /**
   * Reads a file to its end.
   *
   * @param path the file
   * @return the records; empty when it says that it is damaged
   * @throws IOException what is no such word
   */
  public static List<byte[]> read(Path path) throws IOException {
    List<byte[]> records = new ArrayList<>();
    try (SpillFile file = SpillFile.open(path, STREAM)) {
      ByteBuffer next;
      while ((next = file.next(Files.size(path))) != null) {
        SpillFormat.boundary(next);
        byte[] bytes = new byte[next.remaining()];
        next.get(bytes);
        records.add(bytes);
      }
      return records;
    } catch (SpillDamagedException e) {
      return List.of();
    }
  }
}
