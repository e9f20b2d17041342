/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One worker's ledger: a line before each transaction, another after it. Every line is handed to
 * the operating system before the next step, so that it is there when this process is killed.
 */
public final class LedgerFile implements AutoCloseable {
  private static final String PATTERN = "ledger-*.txt";
  private static final String INTENT = "I";
  private static final String ACKNOWLEDGED = "A";
  private static final String ROLLED_BACK = "R";

  private final FileChannel channel;

  private LedgerFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Begins a ledger.
   *
   * @param folder where it goes
   * @param worker which worker's
   * @return the ledger
   * @throws IOException when the file exists or cannot be written
   */
  public static LedgerFile create(Path folder, int worker) throws IOException {
    return new LedgerFile(
        FileChannel.open(
            folder.resolve("ledger-" + worker + ".txt"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE));
  }

  /** Notes what is about to be written. */
  public void intend(UUID id, WriteKind kind, String subject, int amount) throws IOException {
    line(INTENT + " " + id + " " + kind + " " + subject + " " + amount);
  }

  /** Notes that the commit returned. */
  public void acknowledge(UUID id) throws IOException {
    line(ACKNOWLEDGED + " " + id);
  }

  /** Notes that the write failed before its commit and was rolled back. */
  public void rolledBack(UUID id) throws IOException {
    line(ROLLED_BACK + " " + id);
  }

  private void line(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /**
   * Reads the ledgers of all workers.
   *
   * @param folder where they are
   * @return the entries; those of one worker in their order
   * @throws IOException when a ledger cannot be read or is damaged; a last line that is cut off is
   *     taken for one that was never written
   */
  public static List<LedgerEntry> readAll(Path folder) throws IOException {
    List<LedgerEntry> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PATTERN)) {
      for (Path file : files) {
        entries.addAll(read(file));
      }
    }
    return entries;
  }

  private static List<LedgerEntry> read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    Map<UUID, LedgerEntry> entries = new LinkedHashMap<>();
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    for (String line : whole.lines().toList()) {
      String[] part = line.split(" ");
      try {
        UUID id = UUID.fromString(part[1]);
        LedgerEntry entry =
            part[0].equals(INTENT)
                ? new LedgerEntry(
                    id,
                    WriteKind.valueOf(part[2]),
                    part[3],
                    Integer.parseInt(part[4]),
                    LedgerEntry.Outcome.IN_DOUBT)
                : told(entries.get(id), part[0], line);
        entries.put(id, entry);
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new IOException(file + " has a line that is none of a ledger: " + line, e);
      }
    }
    return List.copyOf(entries.values());
  }

  private static LedgerEntry told(@Nullable LedgerEntry intent, String mark, String line) {
    if (intent == null) {
      throw new IllegalArgumentException("No intent before: " + line);
    }
    return switch (mark) {
      case ACKNOWLEDGED -> intent.with(LedgerEntry.Outcome.ACKNOWLEDGED);
      case ROLLED_BACK -> intent.with(LedgerEntry.Outcome.ROLLED_BACK);
      default -> throw new IllegalArgumentException("Unknown mark: " + line);
    };
  }
}
