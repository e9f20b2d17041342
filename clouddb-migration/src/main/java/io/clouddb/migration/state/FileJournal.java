/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal as JSON lines. A crash can leave the last line unfinished: it was never acknowledged,
 * so it is cut off when the journal is opened; so is at once what an append that failed left. Any
 * other damage is refused: see {@link JournalLines}. What cannot be seen is that whole lines are
 * gone from the end, as in an older copy of the file.
 */
final class FileJournal implements Journal {
  private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);

  /** What has more is no journal. One of a thousand tables has a megabyte. */
  private static final long LARGEST = 1L << 30;

  private final Path file;
  // No channel: that would be closed by a thread which is interrupted while it writes.
  private final RandomAccessFile out;
  private final FileChannel lockChannel;
  private final HeldFile place;
  private final HeldFile lock;
  private final Clock clock;
  private final List<JournalEntry> entries;

  /** Where the last whole entry ends. */
  private long end;

  /** Of the last whole entry. */
  private String checksum;

  /** Its append failed, and it is not known what of it is in the file. */
  private @Nullable JournalEntry open;

  private FileJournal(
      Path file,
      RandomAccessFile out,
      FileChannel lockChannel,
      HeldFile lock,
      Clock clock,
      JournalLines lines)
      throws IOException {
    this.file = file;
    this.out = out;
    this.lockChannel = lockChannel;
    this.place = HeldFile.at(file);
    this.lock = lock;
    this.clock = clock;
    this.entries = new ArrayList<>(lines.entries());
    this.end = lines.end();
    this.checksum = lines.checksum();
  }

  static FileJournal open(Path file, FileChannel lockChannel, HeldFile lock, Clock clock)
      throws IOException {
    return open(file, new RandomAccessFile(file.toFile(), "rw"), lockChannel, lock, clock);
  }

  /** Opens the journal that a file has, which it closes. */
  static FileJournal open(
      Path file, RandomAccessFile out, FileChannel lockChannel, HeldFile lock, Clock clock)
      throws IOException {
    boolean opened = false;
    try {
      long length = out.length();
      if (length > LARGEST) {
        throw new IOException("it has " + length + " bytes, which no journal has");
      }
      byte[] content = new byte[(int) length];
      out.readFully(content);
      JournalLines lines = JournalLines.read(content, file);
      int end = lines.end();
      FileJournal journal = new FileJournal(file, out, lockChannel, lock, clock, lines);
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

  @Override
  public synchronized List<JournalEntry> entries() {
    return List.copyOf(entries);
  }

  @Override
  public void requireHeld() {
    if (lock.isGone()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The lock of the journal, "
                  + lock.path()
                  + ", was removed or replaced while this run had it: another run may have the"
                  + " journal now")
          .resource(file.toString())
          .nextStep(
              "See whether there is one, and what removes files there, for example a cleaner of"
                  + " temporary ones; then run the migration again.")
          .toException();
    }
  }

  private void requireInPlace() {
    if (place.isGone()) {
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE,
              "The journal "
                  + file
                  + " was removed or replaced while this run had it: what this run writes, a later"
                  + " one would not know")
          .retryable(false)
          .resource(file.toString())
          .nextStep(
              "See what removes files there, for example a cleaner of temporary ones. Put the"
                  + " journal back from a copy and run the migration again; where there is none, go"
                  + " on as the guide says under \"When the journal is lost\".")
          .toException();
    }
  }

  @Override
  public synchronized JournalEntry append(String kind, Map<String, String> data) {
    requireHeld();
    requireInPlace();
    JournalEntry earlier = open;
    if (earlier != null) {
      settle();
      if (open != null) {
        throw unavailable(
            "what is left of entry " + earlier.sequence() + " cannot be cut off", true, null);
      }
    }
    JournalEntry entry = new JournalEntry(entries.size() + 1L, clock.instant(), kind, data);
    String next = JournalLines.checksum(entry, checksum);
    byte[] line = JournalLines.line(entry, next);
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
    checksum = next;
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
    String next = JournalLines.checksum(entry, checksum);
    byte[] line = JournalLines.line(entry, next);
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
    checksum = next;
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
        DirectoryStateStore.close(lockChannel);
      }
    } catch (IOException e) {
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE, "The journal " + file + " cannot be closed: " + e)
          .toException(e);
    }
  }
}
