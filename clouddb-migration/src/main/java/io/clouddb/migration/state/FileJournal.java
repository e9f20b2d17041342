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
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal as JSON lines. A crash can leave the last line unfinished: it was never acknowledged,
 * so it is cut off when the journal is opened; so is at once what an append that failed left. Any
 * other damage is refused.
 */
final class FileJournal implements Journal {
  private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SCHEMA_VERSION = 1;

  private final Path file;
  // No channel: that would be closed by a thread which is interrupted while it writes.
  private final RandomAccessFile out;
  private final FileChannel lockChannel;
  private final Clock clock;
  private final List<JournalEntry> entries;

  /** Where the last whole entry ends. */
  private long end;

  /** Its append failed, and it is not known what of it is in the file. */
  private @Nullable JournalEntry open;

  private FileJournal(
      Path file,
      RandomAccessFile out,
      FileChannel lockChannel,
      Clock clock,
      List<JournalEntry> entries,
      long end) {
    this.file = file;
    this.out = out;
    this.lockChannel = lockChannel;
    this.clock = clock;
    this.entries = entries;
    this.end = end;
  }

  static FileJournal open(Path file, FileChannel lockChannel, Clock clock) throws IOException {
    return open(file, new RandomAccessFile(file.toFile(), "rw"), lockChannel, clock);
  }

  /** Opens the journal that a file has, which it closes. */
  static FileJournal open(Path file, RandomAccessFile out, FileChannel lockChannel, Clock clock)
      throws IOException {
    boolean opened = false;
    try {
      byte[] content = new byte[Math.toIntExact(out.length())];
      out.readFully(content);
      int end = endOfLastLine(content);
      List<JournalEntry> entries = new ArrayList<>();
      new String(content, 0, end, StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> entries.add(parse(line, entries.size() + 1L, file)));
      FileJournal journal = new FileJournal(file, out, lockChannel, clock, entries, end);
      if (end < content.length) {
        LOG.warn(
            "The journal {} ends in a line that was never finished; {} bytes are cut off",
            file,
            content.length - end);
        journal.cutBack();
      }
      opened = true;
      return journal;
    } finally {
      if (!opened) {
        out.close();
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
            "Nothing was changed. Restore the file from a copy. Where there is none, the migration"
                + " cannot be gone on with or aborted: remove by hand what it made, as the guide"
                + " says under \"When the journal is lost\".")
        .toException(cause);
  }

  @Override
  public synchronized List<JournalEntry> entries() {
    return List.copyOf(entries);
  }

  @Override
  public synchronized JournalEntry append(String kind, Map<String, String> data) {
    JournalEntry earlier = open;
    if (earlier != null) {
      settle();
      if (open != null) {
        throw unavailable(
            "what is left of entry " + earlier.sequence() + " cannot be cut off", true, null);
      }
    }
    JournalEntry entry = new JournalEntry(entries.size() + 1L, clock.instant(), kind, data);
    byte[] line = line(entry);
    try {
      out.seek(end);
      out.write(line);
      out.getFD().sync();
    } catch (IOException e) {
      open = entry;
      boolean cut = tryToCutBack(e);
      throw unavailable(e.toString(), cut, e);
    }
    end += line.length;
    entries.add(entry);
    return entry;
  }

  @Override
  public synchronized Optional<JournalEntry> settle() {
    JournalEntry entry = open;
    if (entry == null) {
      return Optional.empty();
    }
    IOException why = new IOException("What an append left could not be cut off");
    if (tryToCutBack(why)) {
      return Optional.empty();
    }
    byte[] line = line(entry);
    try {
      byte[] found = new byte[(int) Math.min(line.length, Math.max(0, out.length() - end))];
      out.seek(end);
      out.readFully(found);
      if (!Arrays.equals(found, line)) {
        // Whoever opens it next cuts that off; until then nothing more is written behind it.
        return Optional.empty();
      }
      out.getFD().sync();
    } catch (IOException e) {
      e.addSuppressed(why);
      throw unavailable(e.toString(), false, e);
    }
    open = null;
    end += line.length;
    entries.add(entry);
    return Optional.of(entry);
  }

  private boolean tryToCutBack(IOException because) {
    try {
      cutBack();
      open = null;
      return true;
    } catch (IOException e) {
      because.addSuppressed(e);
      LOG.warn("The journal {} could not be cut back to its last whole entry", file, e);
      return false;
    }
  }

  private void cutBack() throws IOException {
    out.setLength(end);
    out.getFD().sync();
  }

  private static byte[] line(JournalEntry entry) {
    ObjectNode line =
        JSON.createObjectNode()
            .put("schemaVersion", SCHEMA_VERSION)
            .put("sequence", entry.sequence())
            .put("at", entry.at().toString())
            .put("kind", entry.kind());
    ObjectNode fields = line.putObject("data");
    entry.data().forEach(fields::put);
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private CloudDbException unavailable(String why, boolean known, @Nullable Exception cause) {
    return ErrorDetails.of(
            ErrorCategory.UNAVAILABLE,
            "The journal "
                + file
                + " cannot be written: "
                + why
                + (known ? "" : "; whether the entry is in it is not known"))
        .outcomeKnown(known)
        .resource(file.toString())
        .nextStep("Check the disk; then run the migration again.")
        .toException(cause);
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
