/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Folders into which nobody else can put anything. One that is made here is its owner's alone
 * (0700). One that is there already is left as it is: it has to be no link, to belong to this user
 * or to root, and nobody else may write to it; that others may list it does no harm, since the
 * files in it are private. On the way to it there may be no link of somebody else, and no folder in
 * which everybody may rename what they like (one with the sticky bit, as {@code /tmp}, is none).
 *
 * <p>Within such a folder, what was looked at cannot be another thing a moment later. Whom the file
 * system takes this process for is found by making a file there: on a network drive root may be
 * nobody. On Windows a folder has the access list of the one that holds it, which in a user's
 * profile is the user's; only links are refused there.
 */
public final class PrivateFolder {
  private static final Path SELF = Path.of("/proc/self");
  private static final int STICKY = 01000;
  private static final int SETGID = 02000;
  private static final int OTHERS_WRITE = 00002;
  private static final int GROUP_OR_OTHERS_WRITE = 00022;
  private static final int MODE = 07777;
  private static final int MOST_LINKS = 40;

  private PrivateFolder() {}

  /**
   * Makes a folder, and those above it that are missing, or checks the one that is there.
   *
   * @param folder the folder
   * @throws IOException when it cannot be made, or is not to be trusted: says why, and what to do
   */
  public static void make(Path folder) throws IOException {
    make(folder, null);
  }

  /**
   * As {@link #make(Path)}.
   *
   * @param folder the folder
   * @param other the name of a user to whom it may belong too, because we gave it to that one
   * @throws IOException when it cannot be made, or is not to be trusted
   */
  public static void make(Path folder, @Nullable String other) throws IOException {
    Path absolute = folder.toAbsolutePath();
    if (!Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      requireWay(absolute);
      Deque<Path> missing = new ArrayDeque<>();
      for (Path at = absolute; at != null && !Files.exists(at); at = at.getParent()) {
        missing.push(at);
      }
      for (Path each : missing) {
        try {
          Files.createDirectory(each, permissions(each, "rwx------"));
        } catch (FileAlreadyExistsException e) {
          // Another process was faster: looked at below.
        }
      }
    }
    require(absolute, other);
  }

  /**
   * Checks a folder that is there.
   *
   * @param folder the folder
   * @throws NoSuchFileException when there is none
   * @throws IOException when it is not to be trusted: says why, and what to do
   */
  public static void require(Path folder) throws IOException {
    require(folder, null);
  }

  private static void require(Path folder, @Nullable String other) throws IOException {
    Path absolute = folder.toAbsolutePath();
    Entry entry = Entry.of(absolute);
    if (entry.link()) {
      throw refused(absolute, "it is a link; name the folder that it leads to");
    }
    if (!entry.directory()) {
      throw new NotDirectoryException(absolute.toString());
    }
    if (!isPosix(absolute)) {
      return;
    }
    requireWay(absolute);
    if ((entry.mode() & GROUP_OR_OTHERS_WRITE) != 0) {
      throw refused(
          absolute,
          "others may write to it ("
              + entry.permissions()
              + "): run chmod go-w on it after a look at what is in it, or name a folder that is"
              + " not there yet, which is made for its owner alone"
              + ((entry.mode() & SETGID) == 0
                  ? ""
                  : ". If a pod's fsGroup opened it, set fsGroupChangePolicy: OnRootMismatch in"
                      + " the pod, and name a folder below the volume's own"));
    }
    if (!isOurs(entry, absolute) && !entry.owner(absolute).equals(other)) {
      throw refused(
          absolute,
          "it belongs to "
              + entry.owner(absolute)
              + ", and this process runs as somebody else: name another folder, or run as that"
              + " user");
    }
  }

  /**
   * Makes the names that are in a folder survive a loss of power. Does nothing where the system
   * keeps no folder open.
   *
   * @param folder the folder
   * @throws IOException when it cannot be done
   */
  public static void force(Path folder) throws IOException {
    if (isPosix(folder)) {
      try (FileChannel open = FileChannel.open(folder, StandardOpenOption.READ)) {
        open.force(true);
      }
    }
  }

  static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  static FileAttribute<?>[] permissions(Path path, String permissions) {
    return isPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  static FileSystemException refused(Path path, String why) {
    return new FileSystemException(path.toString(), null, why);
  }

  /** Whether something belongs to this user, or to root, who could change it anyway. */
  static boolean isOurs(Entry entry, Path folder) throws IOException {
    return entry.uid() == 0 || entry.uid() == self() || entry.uid() == owner(folder);
  }

  /** Who runs this process where the system says it; otherwise root, whom everybody trusts. */
  private static int self() throws IOException {
    return Files.exists(SELF) ? Entry.of(SELF.toRealPath()).uid() : 0;
  }

  /** Whom the file system takes this process for. */
  static int owner(Path folder) throws IOException {
    Path probe = folder.resolve(".clouddb-" + UUID.randomUUID());
    Files.createFile(probe, permissions(probe, "rw-------"));
    try {
      return Entry.of(probe).uid();
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** Nobody else can make the path lead elsewhere. */
  private static void requireWay(Path folder) throws IOException {
    if (!isPosix(folder)) {
      return;
    }
    Path real = requireLinks(folder.getParent(), 0);
    for (Path at = real; at != null; at = at.getParent()) {
      Entry entry;
      try {
        entry = Entry.of(at);
      } catch (NoSuchFileException e) {
        continue; // To be made by us.
      }
      if ((entry.mode() & OTHERS_WRITE) != 0 && (entry.mode() & STICKY) == 0) {
        throw refused(
            folder,
            "everybody may rename what is in "
                + at
                + " ("
                + entry.permissions()
                + "): run chmod +t on that, or name a folder elsewhere");
      }
    }
  }

  /** The path without links, each of which has to be root's, ours, or its folder's owner's. */
  private static @Nullable Path requireLinks(@Nullable Path path, int links) throws IOException {
    if (path == null) {
      return null;
    }
    if (links > MOST_LINKS) {
      throw refused(path, "there are too many links on the way to it");
    }
    Path real = path.getRoot();
    for (Path name : path) {
      if (name.toString().equals("..") && real != null) {
        real = real.getParent() == null ? real : real.getParent();
        continue;
      }
      Path at = real == null ? name : real.resolve(name);
      Entry entry;
      try {
        entry = Entry.of(at);
      } catch (NoSuchFileException e) {
        real = at;
        continue;
      }
      if (entry.link()) {
        if (!isHarmless(at, entry)) {
          throw refused(
              path,
              at + ", on the way to it, is a link that " + entry.owner(at) + " has put there");
        }
        real = requireLinks(at.resolveSibling(Files.readSymbolicLink(at)), links + 1);
      } else {
        real = at;
      }
    }
    return real;
  }

  private static boolean isHarmless(Path link, Entry entry) throws IOException {
    Path holder = link.getParent();
    return (holder != null && entry.uid() == Entry.of(holder).uid())
        || isOurs(entry, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * Which folder stands at a path. A number of one that is gone may be given again; so whose it is,
   * and who may write to it, belong to it: nobody else makes one that is ours.
   */
  record Identity(@Nullable Object key, Entry entry) {
    static Identity of(Path folder) throws IOException {
      Object key =
          Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .fileKey();
      Entry now = Entry.of(folder);
      // How many names it has depends on the folders in it.
      return new Identity(
          key, new Entry(now.link(), now.directory(), now.file(), now.uid(), now.mode(), 1));
    }
  }

  /** What stands at a path, no link followed. */
  record Entry(boolean link, boolean directory, boolean file, int uid, int mode, int names) {
    static Entry of(Path path) throws IOException {
      if (!isPosix(path)) {
        var basic =
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        // A junction is none of the three.
        return new Entry(
            basic.isSymbolicLink() || basic.isOther(),
            basic.isDirectory(),
            basic.isRegularFile(),
            0,
            0,
            1);
      }
      var found =
          Files.readAttributes(
              path,
              "unix:isSymbolicLink,isDirectory,isRegularFile,uid,mode,nlink",
              LinkOption.NOFOLLOW_LINKS);
      return new Entry(
          Boolean.TRUE.equals(found.get("isSymbolicLink")),
          Boolean.TRUE.equals(found.get("isDirectory")),
          Boolean.TRUE.equals(found.get("isRegularFile")),
          number(found.get("uid")),
          number(found.get("mode")) & MODE,
          number(found.get("nlink")));
    }

    private static int number(@Nullable Object value) {
      return value instanceof Number number ? number.intValue() : 0;
    }

    String owner(Path path) throws IOException {
      return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
    }

    String permissions() {
      StringBuilder text = new StringBuilder();
      PosixFilePermission[] all = PosixFilePermission.values();
      for (int i = 0; i < all.length; i++) {
        text.append((mode & (0400 >> i)) == 0 ? '-' : "rwx".charAt(i % 3));
      }
      return text.toString();
    }
  }
}
