/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * The file in which a server keeps which other ones it has in this machine's memory: no process
 * need have those any more, and they stay as long as the server does. PostgreSQL's dsm.c has its
 * form: three numbers, and an item for each file that begins with the number in its name and with
 * how many use it, 0 for none.
 */
final class ControlSegment {
  /** What every file of PostgreSQL's is called, up to its number. */
  static final String NAME = "/dev/shm/PostgreSQL.";

  private static final int MAGIC = 0x9a503d32;
  private static final int HEADER = 16;
  private static final int COUNT = 4;
  private static final int MOST = 8;
  private static final int USERS = 4;

  private ControlSegment() {}

  /**
   * The files that one of a server's names.
   *
   * @param file its path
   * @return their paths; none when it is another one, or gone
   */
  static Set<String> others(String file) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      ByteBuffer header = inOrder(in.readNBytes(HEADER));
      return header.limit() == HEADER && header.getInt(0) == MAGIC
          ? items(header.getInt(COUNT), header.getInt(MOST), inOrder(in.readAllBytes()))
          : Set.of();
    } catch (IOException e) {
      return Set.of();
    }
  }

  private static ByteBuffer inOrder(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  private static Set<String> items(int count, int most, ByteBuffer items) {
    Set<String> names = new TreeSet<>();
    // Releases have items of different lengths.
    int length = most <= 0 ? 0 : items.limit() / most;
    for (int i = 0; length > USERS + Integer.BYTES && i < Math.min(count, most); i++) {
      int number = items.getInt(i * length);
      // An odd number is of memory that needs no file.
      if (items.getInt(i * length + USERS) != 0 && number % 2 == 0) {
        names.add(NAME + Integer.toUnsignedString(number));
      }
    }
    return names;
  }
}
