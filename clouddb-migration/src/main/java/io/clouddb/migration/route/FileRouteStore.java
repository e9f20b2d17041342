/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.UnavailableException;
import io.clouddb.internal.file.KnownFolder;
import io.clouddb.internal.file.PrivateFile;
import io.clouddb.internal.file.PrivateFile.Durability;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The route in a file that is replaced by an atomic rename, so that a reader sees the old record or
 * the new one. A writer holds a lock on a second file from its read to its rename.
 */
final class FileRouteStore implements RouteStore {
  // A pause waits for it twice, on the average for half of it. On a local disk reading takes some
  // 0.1 ms.
  private static final Duration POLL = Duration.ofMillis(10);
  private static final long LOCK_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LOCK_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /**
   * For how long a member is waited for of which nothing can be read: twenty leases, as they are.
   */
  private static final Duration UNREADABLE_LEASE = Duration.ofMinutes(1);

  private static final String ENDING = ".json";

  /** A record has some hundred bytes; what has more is none, and is not read. */
  private static final int LONGEST = 1 << 20;

  /** Also those of stores that nobody closed: what nobody refers to is closed when collected. */
  private static final Set<FileChannel> OPEN = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final KnownFolder folder;
  private final Path members;
  private final KnownFolder membersFolder;
  private final String id;
  private final Duration unreadableLease;
  // Opened once and kept: on POSIX closing any channel of a file drops all of this process' locks
  // on it, also the one that another store of the same file holds.
  private @Nullable FileChannel lockChannel;

  /** Which file that is: another may have come in its place. */
  private @Nullable Object lockKey;

  FileRouteStore(Path file) {
    this(file, UNREADABLE_LEASE);
  }

  FileRouteStore(Path file, Duration unreadableLease) {
    this.unreadableLease = unreadableLease;
    this.file = file.toAbsolutePath();
    String name = this.file.getFileName().toString();
    this.folder = new KnownFolder(Objects.requireNonNull(this.file.getParent(), "folder"));
    this.members = this.file.resolveSibling(name + ".members");
    this.membersFolder = new KnownFolder(members);
    int dot = name.lastIndexOf('.');
    this.id = dot > 0 ? name.substring(0, dot) : name;
    // There is no file before the first pause, and the first record that a process reads takes tens
    // of milliseconds, in which classes are loaded: not in that pause.
    RouteJson.readRoute(RouteJson.write(Route.initial(id)), file.toString());
  }

  @Override
  public Route read() {
    boolean interrupted = Thread.interrupted();
    try {
      // Before it too: who can put a pipe there in the last moment has us wait for ever.
      folder.require();
      String text = PrivateFile.readText(file, LONGEST);
      folder.require();
      return RouteJson.readRoute(text, file.toString());
    } catch (NoSuchFileException e) {
      return Route.initial(id);
    } catch (IOException e) {
      throw unavailable("read", e);
    } finally {
      restore(interrupted);
    }
  }

  /** A channel is closed by a thread that is interrupted, and the application would wait. */
  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized boolean compareAndSet(Route expected, Route next) {
    if (next.epoch() != expected.epoch() + 1) {
      throw new IllegalArgumentException("The next epoch is one higher");
    }
    boolean interrupted = Thread.interrupted();
    try {
      FileLock lock = lock();
      try {
        if (read().epoch() != expected.epoch()) {
          return false;
        }
        // A pause waits for the disk once only, which the writes that it is to stop keep busy.
        PrivateFile.replace(
            file,
            RouteJson.write(next),
            next.state() == Route.State.OPEN ? Durability.WHOLE : Durability.CONTENT);
        return true;
      } finally {
        lock.release();
      }
    } catch (IOException e) {
      throw unavailable("written", e);
    } finally {
      restore(interrupted);
    }
  }

  /**
   * A channel's lock belongs to the whole process, so another store here shows by an exception. A
   * lock on a file that was removed meanwhile is none: others have that of the new file.
   */
  private FileLock lock() throws IOException {
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    long deadline = System.nanoTime() + LOCK_WAIT_NANOS;
    while (true) {
      FileChannel channel = lockChannel;
      if (channel == null) {
        folder.make();
        // Who makes the file closes it once, and with that would end the lock of who came next.
        synchronized (OPEN) {
          channel = PrivateFile.open(lockFile, StandardOpenOption.WRITE);
          OPEN.add(channel);
        }
        lockChannel = channel;
        lockKey = key(lockFile);
      }
      FileLock lock = lock(channel, deadline);
      if (Objects.equals(lockKey, key(lockFile))) {
        return lock;
      }
      lock.release();
      lockChannel = null;
    }
  }

  private static FileLock lock(FileChannel channel, long deadline) throws IOException {
    while (true) {
      try {
        FileLock lock;
        synchronized (OPEN) {
          lock = channel.tryLock();
        }
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        // Held by another store of this process: wait as for any other.
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("Somebody has held the lock for 10 s");
      }
      LockSupport.parkNanos(LOCK_RETRY_NANOS);
    }
  }

  private static @Nullable Object key(Path lockFile) throws IOException {
    try {
      return Files.readAttributes(lockFile, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (NoSuchFileException e) {
      return lockFile; // Equal to no file's.
    }
  }

  @Override
  public void beat(RouteMember member) {
    try {
      folder.make();
      membersFolder.make();
      PrivateFile.replace(member(member.id()), RouteJson.write(member), Durability.NONE);
    } catch (IOException e) {
      throw unavailable("written", e);
    }
  }

  @Override
  public List<RouteMember> members() {
    List<RouteMember> found = new ArrayList<>();
    try {
      folder.require();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw unavailable("read", e);
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(members, "*" + ENDING)) {
      for (Path entry : entries) {
        try {
          found.add(member(entry));
        } catch (NoSuchFileException e) {
          // It left between the listing and the reading.
        }
      }
      folder.require();
      return found;
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw unavailable("read", Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw unavailable("read", e);
    }
  }

  private RouteMember member(Path entry) throws IOException {
    String name = entry.getFileName().toString();
    String memberId = name.substring(0, name.length() - ENDING.length());
    String why;
    try {
      RouteMember read =
          RouteJson.readMember(PrivateFile.readText(entry, LONGEST), entry.toString());
      if (read.id().equals(memberId)) {
        return read;
      }
      why = "it says that it is of another member";
    } catch (CharacterCodingException e) {
      why = "it is no text";
    } catch (UnavailableException e) {
      why = e.details().message();
    }
    return unreadable(entry, memberId, why);
  }

  /**
   * Beats are not forced to disk, so that a loss of power may leave a file with nothing in it,
   * which nobody writes again. Who lives writes his anew: it is waited for as any that gives no
   * sign, and struck off, and its beat is the time of its file.
   */
  private RouteMember unreadable(Path entry, String memberId, String why) throws IOException {
    long written = Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS).toMillis();
    return new RouteMember(
        memberId,
        "the process whose file " + entry + " cannot be read (" + why + ")",
        written,
        0,
        0,
        unreadableLease);
  }

  @Override
  public void leave(String memberId) {
    try {
      Files.deleteIfExists(member(memberId));
    } catch (IOException e) {
      throw unavailable("written", e);
    }
  }

  @Override
  public Duration pollInterval() {
    return POLL;
  }

  @Override
  public synchronized void close() {
    FileChannel channel = lockChannel;
    if (channel == null) {
      return;
    }
    try {
      // Under the lock, so that closing does not drop the one of another store, which does not get
      // it before the channel is closed either.
      FileLock lock = lock(channel, System.nanoTime() + LOCK_WAIT_NANOS);
      lockChannel = null;
      synchronized (OPEN) {
        lock.release();
        channel.close();
      }
      OPEN.remove(channel);
    } catch (IOException e) {
      throw unavailable("closed", e);
    }
  }

  private Path member(String memberId) {
    Path found = members.resolve(memberId + ENDING);
    if (!members.equals(found.getParent())) {
      throw new IllegalArgumentException("A member's id is the name of a file");
    }
    return found;
  }

  private CloudDbException unavailable(String what, IOException cause) {
    return ErrorDetails.of(
            ErrorCategory.UNAVAILABLE, "The route in " + file + " cannot be " + what + ": " + cause)
        .resource(file.toString())
        .nextStep(
            "Check that this process, and no other user, may read and write the file and its"
                + " folder.")
        .toException(cause);
  }
}
