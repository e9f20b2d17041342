/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal as JSON lines. A crash can leave the last line unfinished: it was never acknowledged,
 * so it is cut off. Any other damage is refused.
 */
final class FileJournal implements Journal {
  private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SCHEMA_VERSION = 1;

  private final Path file;
  private final FileChannel out;
  private final FileChannel lockChannel;
  private final Clock clock;
  private final List<JournalEntry> entries;

  private FileJournal(
      Path file,
      FileChannel out,
      FileChannel lockChannel,
      Clock clock,
      List<JournalEntry> entries) {
    this.file = file;
    this.out = out;
    this.lockChannel = lockChannel;
    this.clock = clock;
    this.entries = entries;
  }

  static FileJournal open(Path file, FileChannel lockChannel, Clock clock) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean opened = false;
    try {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Until all of it is read.
      }
      byte[] content = bytes.array();
      int end = endOfLastLine(content);
      if (end < content.length) {
        LOG.warn(
            "The journal {} ends in a line that was never finished; {} bytes are cut off",
            file,
            content.length - end);
        channel.truncate(end);
        channel.force(true);
      }
      channel.position(end);
      List<JournalEntry> entries = new ArrayList<>();
      new String(content, 0, end, StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> entries.add(parse(line, entries.size() + 1L, file)));
      opened = true;
      return new FileJournal(file, channel, lockChannel, clock, entries);
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  private static int endOfLastLine(byte[] content) {
    int end = content.length;
    while (end > 0 && content[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private static JournalEntry parse(String line, long number, Path file) {
    try {
      JsonNode node = JSON.readTree(line);
      if (node.required("schemaVersion").intValue() != SCHEMA_VERSION) {
        throw damaged(file, number, "it is of another version", null);
      }
      if (node.required("sequence").longValue() != number) {
        throw damaged(file, number, "its number is " + node.required("sequence"), null);
      }
      Map<String, String> data = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> field : node.required("data").properties()) {
        data.put(field.getKey(), field.getValue().asText());
      }
      return new JournalEntry(
          number,
          Instant.parse(node.required("at").asText()),
          node.required("kind").asText(),
          data);
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw damaged(file, number, "it is no entry", e);
    }
  }

  private static CloudDbException damaged(
      Path file, long line, String why, @Nullable Exception cause) {
    return ErrorDetails.of(
            ErrorCategory.DATA, "Line " + line + " of the journal " + file + " is damaged: " + why)
        .resource(file.toString())
        .nextStep(
            "Nothing was changed. Restore the journal, or abort the migration and start anew.")
        .toException(cause);
  }

  @Override
  public synchronized List<JournalEntry> entries() {
    return List.copyOf(entries);
  }

  @Override
  public synchronized JournalEntry append(String kind, Map<String, String> data) {
    JournalEntry entry = new JournalEntry(entries.size() + 1L, clock.instant(), kind, data);
    ObjectNode line =
        JSON.createObjectNode()
            .put("schemaVersion", SCHEMA_VERSION)
            .put("sequence", entry.sequence())
            .put("at", entry.at().toString())
            .put("kind", kind);
    ObjectNode fields = line.putObject("data");
    data.forEach(fields::put);
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(false);
    } catch (IOException e) {
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE, "The journal " + file + " cannot be written: " + e)
          .resource(file.toString())
          .nextStep("Check the disk; then run the migration again.")
          .toException(e);
    }
    entries.add(entry);
    return entry;
  }

  @Override
  public synchronized void close() {
    try {
      try {
        out.close();
      } finally {
        lockChannel.close();
      }
    } catch (IOException e) {
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE, "The journal " + file + " cannot be closed: " + e)
          .toException(e);
    }
  }
}
