/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead log of one server, all of it since it was started on a copy of its template. That
 * is a base backup that costs nothing: replayed on another copy, the log makes the same data. Once
 * the log is longer than its limit, the server removes its beginning, and nothing can be made of
 * it.
 *
 * <p>The server keeps it where it is, by {@code wal_keep_size}: an archive command takes a process
 * for each server, a shell and a copy for each segment, and a segment at each stop; a slot is seen
 * by who looks at slots; and a hard link of a segment shows what the server writes when it uses it
 * again.
 */
final class KeptLog {
  /** What {@code wal_keep_size} can be told. */
  private static final long MOST = 1L << 40;

  /** How often it is looked for files that are made meanwhile. */
  private static final int LOOKS = 5;

  private static final String DIRECTORY = "pg_wal";
  private static final String TABLESPACES = "pg_tblspc";

  private final ServerLifecycle server;
  private final long limit;

  /** That the files stay where they are while they are copied, by any number of threads. */
  private final ReadWriteLock place = new ReentrantReadWriteLock();

  private @Nullable WalArchive earlier;
  private int earlierWay;

  /** Where the log is. */
  private volatile Path files;

  private int holds;
  private boolean closed;

  /**
   * A copy of the log.
   *
   * @param way the number of the way that it has taken
   * @param segments how long it is
   */
  record Copy(int way, int segments) {}

  /**
   * @param limit how many bytes are kept at most
   */
  KeptLog(ServerLifecycle server, long limit) {
    this.server = server;
    this.limit = limit;
    this.files = server.directory().data().resolve(DIRECTORY);
  }

  /** What this log goes on, from where a replica was copied. */
  synchronized void continues(WalArchive archive) throws IOException {
    earlier = archive;
    earlierWay = archive.log().way();
  }

  ServerLifecycle server() {
    return server;
  }

  long limit() {
    return limit;
  }

  /** So that no segment is removed or used again before there are more than the limit allows. */
  String keepSize() {
    return (Math.min(limit, MOST) >> 20) + "MB";
  }

  synchronized void hold() {
    if (closed && holds == 0) {
      throw new IllegalStateException("This server is closed, and its log is gone");
    }
    holds++;
  }

  void release() {
    synchronized (this) {
      holds--;
      if (!closed || holds > 0) {
        return;
      }
    }
    try {
      server.deleteKept();
    } finally {
      releaseEarlier();
    }
  }

  private void releaseEarlier() {
    WalArchive held;
    synchronized (this) {
      held = earlier;
      earlier = null;
    }
    if (held != null) {
      held.close();
    }
  }

  /**
   * The server is about to be closed.
   *
   * @return whether somebody holds the log, so that it stays
   */
  boolean close() {
    synchronized (this) {
      closed = true;
      if (holds > 0) {
        return true;
      }
    }
    releaseEarlier();
    return false;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Has nothing stay of a server that has ended but its log. */
  void outlive() throws IOException {
    requireOwnTablespaces();
    place.writeLock().lock();
    try {
      files = server.directory().reduceTo(files);
    } finally {
      place.writeLock().unlock();
    }
  }

  /**
   * Copies the log as far as it goes now.
   *
   * @param target a folder with the template's log
   */
  Copy copyTo(Path target) throws IOException {
    if (!isClosed()) {
      requireOwnTablespaces();
    }
    long first = remove(target);
    int way = way();
    return inPlace(
        way,
        List.of(),
        parts -> {
          List<LogFile> whole = whole(parts, first);
          for (LogFile file : whole) {
            file.copyTo(target);
          }
          return new Copy(way, numbers(whole).size());
        });
  }

  /** What one server has written, up to a way. */
  private record Part(KeptLog log, int last) {}

  /** What is done with files that stay where they are. */
  private interface Work {
    Copy with(List<Part> parts) throws IOException;
  }

  /** Does something with this log and with all that it goes on. */
  private Copy inPlace(int last, List<Part> later, Work work) throws IOException {
    List<Part> parts = new ArrayList<>(later);
    parts.add(0, new Part(this, last));
    KeptLog before;
    int beforeLast;
    synchronized (this) {
      before = earlier == null ? null : earlier.log();
      // What that server has written since on other ways is none of this one's.
      beforeLast = Math.min(last, earlierWay);
    }
    place.readLock().lock();
    try {
      return before == null ? work.with(parts) : before.inPlace(beforeLast, parts, work);
    } finally {
      place.readLock().unlock();
    }
  }

  /** All files, the earlier ones first; nothing is restored of what has a hole in it. */
  private List<LogFile> whole(List<Part> parts, long first) throws IOException {
    for (int looks = 1; ; looks++) {
      List<LogFile> found = new ArrayList<>();
      for (Part part : parts) {
        part.log().list().stream().filter(file -> file.way() <= part.last()).forEach(found::add);
      }
      NavigableSet<Long> numbers = numbers(found);
      if (numbers.isEmpty() || numbers.first() > first) {
        throw incomplete(parts, numbers, first);
      }
      if (numbers.last() - first + 1 == numbers.size()) {
        return found;
      }
      // A server that writes makes files meanwhile, of which a look may find the later one only.
      if (looks == LOOKS) {
        throw incomplete(parts, numbers, first);
      }
    }
  }

  private static NavigableSet<Long> numbers(List<LogFile> files) {
    return files.stream()
        .filter(file -> !file.isHistory())
        .map(LogFile::number)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Of several servers the one that keeps the least has removed its beginning first. */
  private RuntimeException incomplete(List<Part> parts, NavigableSet<Long> numbers, long first) {
    long least = parts.stream().mapToLong(part -> part.log().limit).min().orElse(limit);
    if (numbers.isEmpty() || numbers.last() - first < least / LogFile.SEGMENT_SIZE) {
      return damaged();
    }
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "The log of "
                + server
                + ", with that of what it was made of, is longer than the "
                + (least >> 20)
                + " MiB that are kept: nothing can be restored of it any more")
        .nextStep(
            "Make one anew with a larger archiveLimit(...), which the builders of embedded servers"
                + " and of simulated clouds have.")
        .toException();
  }

  private RuntimeException damaged() {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED, "The log of " + server + " has a hole in it")
        .nextStep("Nobody may delete what is in pg_wal: make the server anew.")
        .toException();
  }

  private List<LogFile> list() throws IOException {
    return list(files);
  }

  private static List<LogFile> list(Path folder) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found.map(LogFile::of).filter(Objects::nonNull).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Each promotion begins a new way, and writes down which ones it goes on. */
  int way() throws IOException {
    place.readLock().lock();
    try {
      return list().stream().filter(LogFile::isHistory).mapToInt(LogFile::way).reduce(1, Math::max);
    } finally {
      place.readLock().unlock();
    }
  }

  /** Leaves nothing of the template's log, and tells where it began. */
  private static long remove(Path target) throws IOException {
    long first = Long.MAX_VALUE;
    for (LogFile file : list(target)) {
      first = Math.min(first, file.number());
      Files.delete(file.path());
    }
    return first;
  }

  /** What is elsewhere would be written to by both. */
  private void requireOwnTablespaces() throws IOException {
    Path links = server.directory().data().resolve(TABLESPACES);
    try (Stream<Path> found = Files.list(links)) {
      for (Path link : (Iterable<Path>) found::iterator) {
        if (Files.isSymbolicLink(link)) {
          throw ErrorDetails.of(
                  ErrorCategory.UNSUPPORTED_FEATURE,
                  "A tablespace of "
                      + server
                      + " is outside of its data, at "
                      + Files.readSymbolicLink(link)
                      + ": what is restored would write to the same place")
              .nextStep(
                  "Make it with allow_in_place_tablespaces and LOCATION ''; nothing can be restored"
                      + " while there is another one.")
              .toException();
        }
      }
    }
  }
}
