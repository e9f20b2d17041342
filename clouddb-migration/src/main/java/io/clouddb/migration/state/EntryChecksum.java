/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The checksum of a journal's entry: CRC-32C over the checksum of the entry before and the entry
 * itself. One that was changed, moved, repeated, taken out or taken from another journal does not
 * fit to what is before it. It is no defence against somebody who means it, who can compute one.
 */
final class EntryChecksum {
  /** Before the first entry. */
  static final String START = "00000000";

  static final int LENGTH = START.length();

  private EntryChecksum() {}

  /** The checksum behind an entry, as eight digits. */
  static String of(String before, ByteBuffer entry) {
    CRC32C crc = new CRC32C();
    crc.update(before.getBytes(StandardCharsets.US_ASCII));
    crc.update(entry.duplicate());
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  static String of(String before, String entry) {
    return of(before, ByteBuffer.wrap(entry.getBytes(StandardCharsets.UTF_8)));
  }
}
