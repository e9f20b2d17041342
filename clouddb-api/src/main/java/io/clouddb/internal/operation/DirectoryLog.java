/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.file.PrivateFile;
import io.clouddb.internal.file.PrivateFolder;
import io.clouddb.operation.OperationLog;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One private file for each operation, replaced as a whole by one at a time. */
public final class DirectoryLog implements OperationLog {
  private static final String SUFFIX = ".operation";
  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,100}");
  private static final int LARGEST = 1 << 20;
  private static final String LOCK = ".lock";
  private static final Duration MOST_WAIT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(5);

  /**
   * A lock on a file is the whole process's, and ends when any of its channels to that file is
   * closed: so one thread at a time, whichever log it has.
   */
  private static final ReentrantLock INSIDE = new ReentrantLock(true);

  private final Path folder;

  /**
   * Opens a log.
   *
   * @param folder made when it is missing
   */
  public DirectoryLog(Path folder) {
    this.folder = folder.toAbsolutePath();
    try {
      PrivateFolder.make(this.folder);
    } catch (IOException e) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The folder of the operation log cannot be used: " + e.getMessage())
          .resource(this.folder.toString())
          .toException(e);
    }
  }

  @Override
  public boolean write(String id, @Nullable String before, String token) {
    if (token.getBytes(StandardCharsets.UTF_8).length > LARGEST) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The operation log takes tokens of at most "
                  + LARGEST
                  + " bytes: this one could not be read again")
          .resource(folder.toString())
          .toException();
    }
    return change(
        "written",
        id,
        file -> {
          boolean same = Objects.equals(textOf(file), before);
          if (same) {
            replace(file, token);
          }
          return same;
        });
  }

  private static void replace(Path file, String token) throws IOException {
    uninterrupted(
        () -> {
          PrivateFile.replace(file, token, PrivateFile.Durability.WHOLE);
          return file;
        });
  }

  @Override
  public boolean remove(String id, String before) {
    return change("removed", id, file -> before.equals(textOf(file)) && Files.deleteIfExists(file));
  }

  private interface Change {
    boolean of(Path file) throws IOException;
  }

  /** Alone in the folder, among threads and processes. */
  private boolean change(String what, String id, Change change) {
    Path file = file(id);
    long deadline = System.nanoTime() + MOST_WAIT.toNanos();
    // Who is interrupted writes all the same, within the limit: what is over would stay.
    boolean interrupted = enter(deadline, what);
    try (FileChannel channel = PrivateFile.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
      while (!isLocked(channel)) {
        requireTime(deadline);
        interrupted |= Thread.interrupted();
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      // Closing the channel gives it back.
      return change.of(file);
    } catch (IOException e) {
      throw failed(what, e);
    } finally {
      INSIDE.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns whether the thread was interrupted meanwhile. */
  private boolean enter(long deadline, String what) {
    boolean interrupted = Thread.interrupted();
    while (true) {
      try {
        if (INSIDE.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          return interrupted;
        }
        requireTime(deadline);
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (IOException e) {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        throw failed(what, e);
      }
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Somebody of this process has it: this class once more, in another class loader.
      return false;
    }
  }

  private static void requireTime(long deadline) throws IOException {
    if (System.nanoTime() > deadline) {
      throw new IOException("somebody has held its lock for " + MOST_WAIT.toSeconds() + " s");
    }
  }

  private interface Access<T> {
    T run() throws IOException;
  }

  /** An interrupt closes the channel that the thread uses, so that it is done once more. */
  private static <T> T uninterrupted(Access<T> access) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try {
          return access.run();
        } catch (ClosedByInterruptException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static @Nullable String textOf(Path file) throws IOException {
    try {
      return uninterrupted(() -> PrivateFile.readText(file, LARGEST));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public Map<String, String> read() {
    Map<String, String> all = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        String text = textOf(file);
        // Otherwise it ended while the others were read.
        if (text != null) {
          all.put(name.substring(0, name.length() - SUFFIX.length()), text);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw failed("read", Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw failed("read", e);
    }
    return all;
  }

  private Path file(String id) {
    if (!ID.matcher(id).matches()) {
      throw ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, "No id of an operation has this form")
          .toException();
    }
    return folder.resolve(id + SUFFIX);
  }

  private CloudDbException failed(String what, IOException e) {
    return ErrorDetails.of(
            ErrorCategory.UNAVAILABLE,
            "The operation log cannot be " + what + ": " + e.getMessage())
        .resource(folder.toString())
        .retryable(false)
        .nextStep("Look at the disk and at who may write to the folder.")
        .toException(e);
  }
}
