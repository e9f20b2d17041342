/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.file.PrivateFile;
import io.clouddb.internal.file.PrivateFolder;
import io.clouddb.operation.OperationLog;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
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
    return change(
        "written",
        id,
        file -> {
          boolean same = Objects.equals(textOf(file), before);
          if (same) {
            PrivateFile.replace(file, token, PrivateFile.Durability.WHOLE);
          }
          return same;
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
    // A thread that is interrupted closes its channels, and what is over would stay.
    boolean interrupted = Thread.interrupted();
    try {
      if (!INSIDE.tryLock(MOST_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw heldTooLong();
      }
      try (FileChannel channel = PrivateFile.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
        while (channel.tryLock() == null) {
          if (System.nanoTime() > deadline) {
            throw heldTooLong();
          }
          LockSupport.parkNanos(PAUSE.toNanos());
        }
        // Closing the channel gives it back.
        return change.of(file);
      } finally {
        INSIDE.unlock();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      throw failed(what, new InterruptedIOException("interrupted while others write to it"));
    } catch (IOException e) {
      throw failed(what, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException heldTooLong() {
    return new IOException("somebody has held its lock for " + MOST_WAIT.toSeconds() + " s");
  }

  private static @Nullable String textOf(Path file) throws IOException {
    try {
      return PrivateFile.readText(file, LARGEST);
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
