/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Journals as files of JSON lines in a folder, each with a lock file beside it. */
final class DirectoryStateStore implements StateStore {
  private final Path folder;
  private final Clock clock;
  // Channels of locks that another journal of this process holds. On POSIX closing one of them
  // would let go of that lock too, so they stay open with the store.
  private final Queue<FileChannel> keptOpen = new ConcurrentLinkedQueue<>();

  DirectoryStateStore(Path folder, Clock clock) {
    this.folder = Objects.requireNonNull(folder, "folder").toAbsolutePath();
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  @Override
  public Journal open(String migrationId) {
    MigrationId.require(migrationId);
    Path file = folder.resolve(migrationId + ".journal");
    try {
      Files.createDirectories(folder);
      FileChannel lockChannel =
          FileChannel.open(
              folder.resolve(migrationId + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      Held held = tryLock(lockChannel);
      if (held == Held.HERE) {
        keptOpen.add(lockChannel);
      } else if (held == Held.ELSEWHERE) {
        lockChannel.close();
      }
      if (held != Held.MINE) {
        throw ErrorDetails.of(
                ErrorCategory.BUSY, "Another run of the migration " + migrationId + " is under way")
            .resource(file.toString())
            .nextStep("Wait for it, or stop it; its state is in " + folder + ".")
            .toException();
      }
      boolean opened = false;
      try {
        Journal journal = FileJournal.open(file, lockChannel, clock);
        opened = true;
        return journal;
      } finally {
        if (!opened) {
          lockChannel.close();
        }
      }
    } catch (IOException e) {
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE, "The journal " + file + " cannot be opened: " + e)
          .resource(file.toString())
          .nextStep("Check that this process may read and write the folder.")
          .toException(e);
    }
  }

  private enum Held {
    MINE,
    HERE,
    ELSEWHERE
  }

  private static Held tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() == null ? Held.ELSEWHERE : Held.MINE;
    } catch (OverlappingFileLockException e) {
      return Held.HERE;
    }
  }
}
