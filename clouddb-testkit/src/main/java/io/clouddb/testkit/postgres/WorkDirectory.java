/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.file.PrivateFile;
import io.clouddb.internal.file.PrivateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory of this user where unpacked binaries are kept from run to run, and where databases
 * live while they run.
 */
final class WorkDirectory {
  private static final Duration LOCK_LIMIT = Duration.ofMinutes(5);
  private static final Duration LOCK_POLL = Duration.ofMillis(20);
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(20);

  /** Fills a new, empty directory. */
  @FunctionalInterface
  interface Filler {
    void fill(Path directory) throws IOException;
  }

  /** Those that were tried in this JVM and are good: trying takes two processes. */
  private static final Map<List<String>, WorkDirectory> FOUND = new ConcurrentHashMap<>();

  private final Path path;

  private WorkDirectory(Path path) {
    this.path = path;
  }

  /**
   * Chooses the first directory in which programs can be run, by the user who will run them.
   *
   * @param asked the only candidate, null for the default ones
   * @param user who will run programs there
   */
  static WorkDirectory find(@Nullable Path asked, OperatingUser user) {
    List<String> key =
        List.of(asked == null ? "" : asked.toAbsolutePath().toString(), user.toString());
    WorkDirectory known = FOUND.get(key);
    if (known != null && known.isStillThere()) {
      return known;
    }
    WorkDirectory found = choose(asked, user);
    FOUND.put(key, found);
    return found;
  }

  /** A cleaner of old files may have removed it, and somebody else taken its name. */
  private boolean isStillThere() {
    try {
      PrivateFolder.require(path);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static WorkDirectory choose(@Nullable Path asked, OperatingUser user) {
    List<String> refused = new ArrayList<>();
    for (Path candidate : asked == null ? defaults() : List.of(asked.toAbsolutePath())) {
      Optional<String> reason = refuse(candidate, user);
      if (reason.isEmpty()) {
        return new WorkDirectory(candidate);
      }
      refused.add(candidate + ": " + reason.get());
    }
    throw ErrorDetails.of(
            ErrorCategory.PERMISSION,
            "No directory was found to run PostgreSQL in. " + String.join("; ", refused) + ".")
        .nextStep(
            "Name a directory of your own, on a file system that is not mounted noexec, in the"
                + " system property "
                + EmbeddedPostgres.DIRECTORY_PROPERTY
                + ".")
        .toException();
  }

  private static List<Path> defaults() {
    String name = "clouddb-testkit-" + System.getProperty("user.name", "unknown");
    List<Path> candidates = new ArrayList<>();
    candidates.add(Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().resolve(name));
    candidates.add(Path.of(System.getProperty("user.home"), ".cache", "clouddb-testkit"));
    Path shared = Path.of("/var/tmp");
    if (Files.isDirectory(shared)) {
      candidates.add(shared.resolve(name));
    }
    return candidates;
  }

  /** Why a directory cannot be used; empty when it can. */
  private static Optional<String> refuse(Path candidate, OperatingUser user) {
    try {
      // Programs are run from it: nobody else may have put one there, or a link in its place.
      PrivateFolder.make(candidate);
      if (!Files.getFileStore(candidate).supportsFileAttributeView("posix")) {
        return Optional.empty();
      }
      Path probe = candidate.resolve("probe" + UUID.randomUUID() + ".sh");
      try {
        Optional<String> unwritable = writeProbe(probe);
        if (unwritable.isPresent()) {
          return unwritable;
        }
        if (user.runsForRoot()) {
          // The same whichever way is taken: processes that take different ones share it.
          letPass(candidate);
        }
        if (!user.canEnter(candidate)) {
          return Optional.of("it cannot be entered by " + user);
        }
        return Command.succeeds(List.of(probe.toString()))
            ? Optional.empty()
            : Optional.of("programs cannot be run from it (noexec?)");
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException e) {
      return Optional.of(e.toString());
    }
  }

  /** Whoever runs the server has to come to its files, but sees no names. */
  static void letPass(Path folder) throws IOException {
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
    if (permissions.addAll(
        Set.of(PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE))) {
      Files.setPosixFilePermissions(folder, permissions);
    }
  }

  /**
   * Writes a program by another process: were it written here, a process that another thread starts
   * at this moment would hold it open for writing, and it could not be run ("Text file busy").
   *
   * @return why it could not be written; empty when it was
   */
  private static Optional<String> writeProbe(Path probe) throws IOException {
    Command.Result written =
        Command.run(
            List.of(
                "sh",
                "-c",
                "printf '#!/bin/sh\\nexit 0\\n' > \"$0\" && chmod 755 \"$0\"",
                probe.toString()),
            WRITE_LIMIT);
    return written.succeeded()
        ? Optional.empty()
        : Optional.of("it cannot be written to: " + written.output());
  }

  /** A new, empty directory, for one server. */
  Path instance() throws IOException {
    return Files.createTempDirectory(path, "server");
  }

  /**
   * A directory that is made once and kept, however many threads and processes ask for it at once.
   */
  Path once(String name, Filler filler) {
    Path target = path.resolve(name);
    if (Files.isDirectory(target)) {
      return target;
    }
    try (FileChannel channel =
            PrivateFile.open(path.resolve(name + ".lock"), StandardOpenOption.WRITE);
        FileLock lock = lock(channel)) {
      if (lock.isValid() && !Files.isDirectory(target)) {
        Path draft = Files.createTempDirectory(path, "draft");
        try {
          if (Files.getFileStore(draft).supportsFileAttributeView("posix")) {
            // Root's server may run as another user; everybody else is kept out one level above.
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
          }
          filler.fill(draft);
          Files.move(draft, target);
        } finally {
          DirectoryTree.delete(draft);
        }
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not prepare " + target + ": " + e.getMessage(), e);
    }
  }

  /** Polls, since the lock of another thread of this JVM is an error and not a wait. */
  private static FileLock lock(FileChannel channel) throws IOException {
    long deadline = System.nanoTime() + LOCK_LIMIT.toNanos();
    while (true) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        // Another thread of this JVM has it: wait, as for another process.
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("Another process has held its lock for " + LOCK_LIMIT);
      }
      Pause.of(LOCK_POLL);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
