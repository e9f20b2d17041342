/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.file.DataFolder;
import io.clouddb.internal.file.PrivateFile;
import io.clouddb.internal.file.PrivateFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Journals as files of JSON lines in a folder, each with a lock file beside it. */
final class DirectoryStateStore implements StateStore {
  /**
   * Channels of files on which another journal of this process holds the lock. On POSIX closing one
   * of them would let go of that lock too, and one that nobody refers to is closed when it is
   * collected: they stay open here, one for a file, until the lock can be had.
   */
  private static final Map<Path, Opened> KEPT_OPEN = new HashMap<>();

  /** A file that is open, and which it is. */
  private record Opened(FileChannel channel, HeldFile file) {
    static Opened of(Path path) throws IOException {
      FileChannel channel = PrivateFile.open(path, StandardOpenOption.WRITE);
      try {
        return new Opened(channel, HeldFile.at(path));
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    }
  }

  private final Path folder;
  private final Clock clock;

  DirectoryStateStore(Path folder, Clock clock) {
    this.folder = Objects.requireNonNull(folder, "folder").toAbsolutePath();
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  @Override
  public Journal open(String migrationId) {
    MigrationId.require(migrationId);
    Path file = folder.resolve(migrationId + ".journal");
    try {
      DataFolder.make(folder);
      Opened lock = lock(folder.resolve(migrationId + ".lock"));
      if (lock == null) {
        throw ErrorDetails.of(
                ErrorCategory.BUSY, "Another run of the migration " + migrationId + " is under way")
            .resource(file.toString())
            .nextStep("Wait for it, or stop it; its state is in " + folder + ".")
            .toException();
      }
      boolean opened = false;
      try {
        // A file that is on disk is lost all the same when its folder does not know of it yet.
        if (PrivateFile.make(file)) {
          PrivateFolder.force(folder);
        }
        Journal journal = FileJournal.open(file, lock.channel, lock.file, clock);
        opened = true;
        return journal;
      } finally {
        if (!opened) {
          close(lock.channel);
        }
      }
    } catch (IOException e) {
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE, "The journal " + file + " cannot be opened: " + e)
          .resource(file.toString())
          .nextStep("Check that this process, and nobody else, may read and write the folder.")
          .toException(e);
    }
  }

  /**
   * Lets go of a lock. The JDK lets go of it before it closes the channel: who got it in between
   * would lose it by that.
   */
  static void close(FileChannel channel) throws IOException {
    synchronized (KEPT_OPEN) {
      channel.close();
    }
  }

  /** What holds the lock; null when another one does, of this process or elsewhere. */
  private static @Nullable Opened lock(Path file) throws IOException {
    synchronized (KEPT_OPEN) {
      Opened kept = KEPT_OPEN.remove(file);
      // A lock on a file that was removed keeps nobody from the one that is there now.
      Opened opened = kept != null && !kept.file.isGone() ? kept : Opened.of(file);
      boolean mine = false;
      try {
        mine = opened.channel.tryLock() != null;
      } catch (OverlappingFileLockException e) {
        KEPT_OPEN.put(file, opened);
        return null;
      } finally {
        if (!mine && !KEPT_OPEN.containsKey(file)) {
          opened.channel.close();
        }
      }
      return mine ? opened : null;
    }
  }
}
