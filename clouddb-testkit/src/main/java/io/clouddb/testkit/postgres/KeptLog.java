/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead log of one server, all of it since it was started on a copy of its template. That
 * is a base backup that costs nothing: replayed on another copy, the log makes the same data.
 *
 * <p>The server keeps it where it is, by {@code wal_keep_size}: an archive command takes a process
 * for each server, a shell and a copy for each segment, and a segment at each stop; a slot is seen
 * by who looks at slots; and a hard link of a segment shows what the server writes when it uses it
 * again.
 */
final class KeptLog {
  /** So that no segment is removed or used again. */
  static final String KEPT = "1TB";

  private static final String DIRECTORY = "pg_wal";
  private static final String TABLESPACES = "pg_tblspc";

  private final ServerLifecycle server;
  private @Nullable WalArchive earlier;
  private int earlierWay;
  private Path files;
  private int holds;
  private boolean closed;

  KeptLog(ServerLifecycle server) {
    this.server = server;
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

  /** Has nothing stay of a server that has ended but its log. */
  synchronized void outlive() throws IOException {
    requireOwnTablespaces();
    files = server.directory().reduceTo(files);
  }

  /**
   * Copies the log as far as it goes now.
   *
   * @param target a folder with the template's log
   * @return the number of the way that it has taken
   */
  synchronized int copyTo(Path target) throws IOException {
    if (!closed) {
      requireOwnTablespaces();
    }
    long first = remove(target);
    int way = way();
    copyTo(target, way);
    requireWhole(target, first);
    return way;
  }

  private synchronized void copyTo(Path target, int last) throws IOException {
    WalArchive before = earlier;
    if (before != null) {
      // What that server has written since on other ways is none of this one's.
      before.log().copyTo(target, Math.min(last, earlierWay));
    }
    try (Stream<Path> found = Files.list(files)) {
      for (Path file : (Iterable<Path>) found::iterator) {
        LogFile known = LogFile.of(file);
        if (known != null && known.way() <= last) {
          known.copyTo(target);
        }
      }
    }
  }

  /** Each promotion begins a new way, and writes down which ones it goes on. */
  synchronized int way() throws IOException {
    int last = 1;
    try (Stream<Path> found = Files.list(files)) {
      for (Path file : (Iterable<Path>) found::iterator) {
        LogFile known = LogFile.of(file);
        if (known != null && known.isHistory()) {
          last = Math.max(last, known.way());
        }
      }
    }
    return last;
  }

  /** Leaves nothing of the template's log, and tells where it began. */
  private static long remove(Path target) throws IOException {
    long first = Long.MAX_VALUE;
    try (Stream<Path> found = Files.list(target)) {
      for (Path file : (Iterable<Path>) found::iterator) {
        LogFile known = LogFile.of(file);
        if (known != null) {
          first = Math.min(first, known.number());
          Files.delete(file);
        }
      }
    }
    return first;
  }

  /** Nothing is restored of what has a hole in it. */
  private void requireWhole(Path target, long first) throws IOException {
    TreeSet<Long> numbers = new TreeSet<>();
    try (Stream<Path> found = Files.list(target)) {
      for (Path file : (Iterable<Path>) found::iterator) {
        LogFile known = LogFile.of(file);
        if (known != null && !known.isHistory()) {
          numbers.add(known.number());
        }
      }
    }
    if (!numbers.contains(first) || numbers.last() - first + 1 != numbers.size()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED, "The log of " + server + " has a hole in it")
          .nextStep("Nobody may delete what is in pg_wal: make the server anew.")
          .toException();
    }
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
