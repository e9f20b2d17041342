/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.json.JsonFields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a journal in a file. Each is a JSON object whose last field is the {@link
 * EntryChecksum} of the bytes before it.
 *
 * @param entries what they say
 * @param checksum of the last
 * @param end where the last whole one ends; what is behind it was never finished
 */
record JournalLines(List<JournalEntry> entries, String checksum, int end) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SCHEMA_VERSION = 2;

  /** What any disk writes at once, at the least. */
  private static final int SECTOR = 512;

  private static final byte[] BEFORE_CHECKSUM =
      ",\"crc32c\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BEHIND_CHECKSUM = "\"}".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL =
      BEFORE_CHECKSUM.length + EntryChecksum.LENGTH + BEHIND_CHECKSUM.length;

  /** Reads all whole lines. */
  static JournalLines read(byte[] content, Path file) {
    List<JournalEntry> entries = new ArrayList<>();
    String checksum = EntryChecksum.START;
    int begin = 0;
    for (int at = 0; at < content.length; at++) {
      if (content[at] == '\n') {
        byte[] line = Arrays.copyOfRange(content, begin, at);
        long number = entries.size() + 1L;
        if (at + 1 == content.length && isTorn(content, begin)) {
          break;
        }
        checksum = checked(line, checksum, number, file);
        entries.add(parse(new String(line, StandardCharsets.UTF_8), number, file));
        begin = at + 1;
      }
    }
    return new JournalLines(entries, checksum, begin);
  }

  /**
   * Whether part of the last line never reached the disk, though its end did: a loss of power
   * leaves zeros where the sectors of one write came in another order. It was never acknowledged.
   * Zeros from one border of a sector to another are no byte that was changed later.
   */
  private static boolean isTorn(byte[] content, int begin) {
    int at = begin;
    while (at < content.length) {
      int sector = Math.min(content.length, (at / SECTOR + 1) * SECTOR);
      boolean zeros = true;
      for (int i = at; i < sector && zeros; i++) {
        zeros = content[i] == 0;
      }
      if (zeros) {
        return true;
      }
      at = sector;
    }
    return false;
  }

  /** The checksum that a line has to have, and has. */
  private static String checked(byte[] line, String before, long number, Path file) {
    int body = line.length - TAIL;
    if (body >= 0) {
      String checksum = EntryChecksum.of(before, ByteBuffer.wrap(line, 0, body));
      if (Arrays.equals(line, body, line.length, tail(checksum), 0, TAIL)) {
        return checksum;
      }
    }
    if (isOfVersionOne(line)) {
      throw damaged(
          file,
          number,
          "it is of version 1, which had no checksums; this release reads version "
              + SCHEMA_VERSION,
          null);
    }
    throw damaged(
        file,
        number,
        "its checksum does not fit; it was changed, or it is not the line that was written behind"
            + " the one before it",
        null);
  }

  private static boolean isOfVersionOne(byte[] line) {
    return new String(line, StandardCharsets.UTF_8).startsWith("{\"schemaVersion\":1,");
  }

  private static JournalEntry parse(String line, long number, Path file) {
    try {
      JsonFields fields = JsonFields.parse(line);
      fields.number("schemaVersion", SCHEMA_VERSION, SCHEMA_VERSION);
      fields.number("sequence", number, number);
      fields.text("crc32c");
      JournalEntry entry =
          new JournalEntry(number, fields.time("at"), fields.text("kind"), fields.texts("data"));
      fields.refuseOthers();
      return entry;
    } catch (IllegalArgumentException e) {
      throw damaged(file, number, "it is no entry: " + e.getMessage(), e);
    }
  }

  /** The line of an entry. */
  static byte[] line(JournalEntry entry, String checksum) {
    byte[] body = body(entry);
    byte[] line = Arrays.copyOf(body, body.length + TAIL + 1);
    System.arraycopy(tail(checksum), 0, line, body.length, TAIL);
    line[line.length - 1] = '\n';
    return line;
  }

  /** The checksum that an entry has behind another. */
  static String checksum(JournalEntry entry, String before) {
    return EntryChecksum.of(before, ByteBuffer.wrap(body(entry)));
  }

  private static byte[] body(JournalEntry entry) {
    ObjectNode line =
        JSON.createObjectNode()
            .put("schemaVersion", SCHEMA_VERSION)
            .put("sequence", entry.sequence())
            .put("at", entry.at().toString())
            .put("kind", entry.kind());
    ObjectNode fields = line.putObject("data");
    entry.data().forEach(fields::put);
    byte[] whole = line.toString().getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(whole, whole.length - 1); // Without the brace at the end.
  }

  private static byte[] tail(String checksum) {
    return (new String(BEFORE_CHECKSUM, StandardCharsets.US_ASCII)
            + checksum
            + new String(BEHIND_CHECKSUM, StandardCharsets.US_ASCII))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static CloudDbException damaged(
      Path file, long line, String why, @Nullable Exception cause) {
    return ErrorDetails.of(
            ErrorCategory.DATA, "Line " + line + " of the journal " + file + " is damaged: " + why)
        .resource(file.toString())
        .nextStep(
            "Nothing was changed. Restore the file from a copy. Where there is none, the migration"
                + " cannot be gone on with or aborted: remove by hand what it made, as the guide"
                + " says under \"When the journal is lost\".")
        .toException(cause);
  }
}
