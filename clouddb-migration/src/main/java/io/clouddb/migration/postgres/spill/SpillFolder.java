/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.spill;

import io.clouddb.internal.file.DataFolder;
import io.clouddb.internal.file.PrivateFile;
import io.clouddb.internal.file.PrivateFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The folder with the files of one slot's spill, numbered in the order of the stream. Rows are in
 * them as the application wrote them: only the owner may read them, where the file system knows
 * owners.
 */
final class SpillFolder {
  private static final String ENDING = ".spill";

  private final Path folder;
  private final String stream;

  /**
   * Describes a spill; nothing is made yet.
   *
   * @param folder where its files are
   * @param stream whose it is: another slot's files are none of it
   */
  SpillFolder(Path folder, String stream) {
    this.folder = folder;
    this.stream = stream;
  }

  /**
   * What a spill holds without a gap.
   *
   * @param first number of the first file that is needed; the files before it are not
   * @param last number of the last file
   * @param length how much of the last file is whole transactions
   * @param end everything whose commit is before is in the files
   * @param torn why the last file has no more, in words; empty when it has
   */
  record Contents(long first, long last, long length, LogSequenceNumber end, String torn) {}

  Path folder() {
    return folder;
  }

  String stream() {
    return stream;
  }

  Path file(long number) {
    return folder.resolve("%012d%s".formatted(number, ENDING));
  }

  void create() throws IOException {
    DataFolder.make(folder);
  }

  /** Makes a new file, open for writing; one of that number that was never begun is replaced. */
  FileChannel make(long number) throws IOException {
    Path path = file(number);
    Files.deleteIfExists(path);
    FileChannel made = PrivateFile.create(path);
    boolean known = false;
    try {
      PrivateFolder.force(folder);
      known = true;
      return made;
    } finally {
      if (!known) {
        made.close();
      }
    }
  }

  /** The numbers of the files, in order. */
  List<Long> numbers() throws IOException {
    List<Long> numbers = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        numbers.add(Long.parseLong(name.substring(0, name.length() - ENDING.length())));
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (NumberFormatException e) {
      throw new IOException("There are files of something else in " + folder, e);
    }
    Collections.sort(numbers);
    return numbers;
  }

  /**
   * Looks at the files and changes nothing. Those before the last are checked when they are read;
   * the last is read to its end, where a kill may have left half a record.
   *
   * @param from what is durable on the target
   * @return what they hold from there on
   * @throws SpillDamagedException when they do not begin there, or one is missing or unreadable
   */
  Contents read(LogSequenceNumber from) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      DataFolder.require(folder);
    }
    List<Long> numbers = new ArrayList<>(numbers());
    String torn = "";
    if (numbers.size() > 1 && isNotBegun(last(numbers))) {
      torn = file(last(numbers)) + " was never begun";
      numbers.remove(numbers.size() - 1);
    }
    if (numbers.isEmpty()) {
      throw new SpillDamagedException(folder, 0, "there are no files of a spill");
    }
    long first = -1;
    for (long number : numbers) {
      if (start(number).compareTo(from) <= 0) {
        first = number;
      }
    }
    if (first < 0) {
      throw new SpillDamagedException(
          file(numbers.get(0)),
          0,
          "it begins at " + start(numbers.get(0)).asString() + ", behind " + from.asString());
    }
    long last = last(numbers);
    for (long number = first; number <= last; number++) {
      if (!numbers.contains(number)) {
        throw new SpillDamagedException(file(number), 0, "the file is missing");
      }
    }
    return readLast(first, last, torn);
  }

  private Contents readLast(long first, long last, String tornBefore) throws IOException {
    String torn = tornBefore;
    try (SpillFile file = SpillFile.open(file(last), stream)) {
      LogSequenceNumber end = file.start();
      long length = file.offset();
      long limit = file.size();
      try {
        var message = file.next(limit);
        while (message != null) {
          LogSequenceNumber boundary = SpillFormat.boundary(message);
          if (boundary != null) {
            end = boundary;
            length = file.offset();
          }
          message = file.next(limit);
        }
      } catch (SpillDamagedException e) {
        torn = String.valueOf(e.getMessage());
      }
      return new Contents(first, last, length, end, torn);
    }
  }

  private static long last(List<Long> numbers) {
    return numbers.get(numbers.size() - 1);
  }

  /** From where on a file holds the stream. */
  LogSequenceNumber start(long number) throws IOException {
    try (SpillFile file = SpillFile.open(file(number), stream)) {
      return file.start();
    }
  }

  /** A file whose header a kill cut off has nothing in it that was confirmed. */
  private boolean isNotBegun(long number) throws IOException {
    try (SpillFile file = SpillFile.open(file(number), stream)) {
      return false;
    } catch (SpillDamagedException e) {
      return true;
    }
  }

  /** Cuts off what is behind the contents, and removes what is before them. */
  void keep(Contents contents) throws IOException {
    for (long number : numbers()) {
      if (number < contents.first() || number > contents.last()) {
        delete(number);
      }
    }
    try (FileChannel last = PrivateFile.open(file(contents.last()), StandardOpenOption.WRITE)) {
      last.truncate(contents.length());
      last.force(true);
    }
  }

  void delete(long number) throws IOException {
    Files.deleteIfExists(file(number));
  }

  /** Removes all files; from the last on, so that what is left is never one with a gap. */
  void clear() throws IOException {
    List<Long> numbers = new ArrayList<>(numbers());
    Collections.reverse(numbers);
    for (long number : numbers) {
      delete(number);
    }
  }

  /** Removes the files and the folder. */
  void remove() throws IOException {
    clear();
    Files.deleteIfExists(folder);
  }

  /** How much the files hold. */
  long bytes() throws IOException {
    long bytes = 0;
    for (long number : numbers()) {
      bytes += Files.size(file(number));
    }
    return bytes;
  }

  /** Why no file can be made there; null when one can. */
  static @Nullable String unusable(Path parent) {
    try {
      DataFolder.make(parent);
      Files.delete(Files.createTempFile(parent, "clouddb", ENDING + ".try"));
      return null;
    } catch (IOException | SecurityException e) {
      return String.valueOf(e);
    }
  }
}
