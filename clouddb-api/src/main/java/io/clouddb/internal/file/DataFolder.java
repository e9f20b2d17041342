/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * A {@link PrivateFolder} for data, which is closed again after its volume was mounted. For a pod
 * that has an {@code fsGroup} Kubernetes opens each folder of a volume to that group at each mount
 * ({@code rwx} and setgid), so that no folder of ours would be ours alone when its pod was started
 * again.
 *
 * <p>A folder that somebody shares with his group on purpose looks much the same, and is not ours
 * to close. So it has to belong to this user, all in it has to be his, or root's, others may do
 * nothing with it, and the one above it has to have been opened in the same way, or to let nobody
 * else in. Folders of programs are never closed again: somebody may have put one there meanwhile.
 */
public final class DataFolder {
  private static final int SETGID = 02000;
  private static final int GROUP_WRITE = 00020;
  private static final int OTHERS = 00007;
  private static final int OTHERS_WRITE = 00002;
  private static final int GROUP_AND_OTHERS = 00077;
  private static final int PRIVATE = 00700;

  private DataFolder() {}

  /**
   * As {@link PrivateFolder#make(Path)}.
   *
   * @param folder the folder
   * @throws IOException when it cannot be made, or is not to be trusted: says why, and what to do
   */
  public static void make(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      closeAfterMount(folder.toAbsolutePath());
    }
    PrivateFolder.make(folder);
  }

  /**
   * As {@link PrivateFolder#require(Path)}.
   *
   * @param folder the folder
   * @throws NoSuchFileException when there is none
   * @throws IOException when it is not to be trusted: says why, and what to do
   */
  public static void require(Path folder) throws IOException {
    closeAfterMount(folder.toAbsolutePath());
    PrivateFolder.require(folder);
  }

  private static void closeAfterMount(Path folder) throws IOException {
    if (!PrivateFolder.isPosix(folder)) {
      return;
    }
    PrivateFolder.Entry entry = PrivateFolder.Entry.of(folder);
    int opened = GROUP_WRITE | SETGID;
    if ((entry.mode() & (opened | OTHERS)) == opened
        && isBelowAsOpen(folder)
        && isAllOurs(folder, entry)) {
      close(folder, PRIVATE);
    }
  }

  /**
   * Takes from its group what it got meanwhile in a folder that was found to be private before, so
   * that who uses it need not stop. Does nothing when that would not make it what it was, and when
   * there is something in it that is not ours.
   *
   * @param mode what its mode was
   */
  static void restore(Path folder, int mode) throws IOException {
    PrivateFolder.Entry entry = PrivateFolder.Entry.of(folder);
    if ((entry.mode() & GROUP_WRITE) != 0
        && (entry.mode() & OTHERS_WRITE) == 0
        && isAllOurs(folder, entry)) {
      close(folder, mode);
    }
  }

  private static boolean isBelowAsOpen(Path folder) throws IOException {
    Path above = folder.getParent();
    if (above == null) {
      return false;
    }
    Path real = above.toRealPath();
    PrivateFolder.Entry holder = PrivateFolder.Entry.of(real);
    if ((holder.mode() & GROUP_AND_OTHERS) == 0) {
      return true;
    }
    int opened = GROUP_WRITE | SETGID;
    return (holder.mode() & (opened | OTHERS_WRITE)) == opened && group(real).equals(group(folder));
  }

  private static Object group(Path folder) throws IOException {
    return Files.getAttribute(folder, "unix:gid", LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether a folder is this user's, and all in it his or root's, and no link. */
  private static boolean isAllOurs(Path folder, PrivateFolder.Entry entry) throws IOException {
    if (entry.link() || !entry.directory() || entry.uid() != PrivateFolder.owner(folder)) {
      return false;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path each : all) {
        try {
          PrivateFolder.Entry in = PrivateFolder.Entry.of(each);
          if (in.link() || (in.uid() != entry.uid() && in.uid() != 0)) {
            return false;
          }
        } catch (NoSuchFileException e) {
          // It was removed after the listing.
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return true;
  }

  private static void close(Path folder, int mode) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        permissions.add(all[i]);
      }
    }
    Files.getFileAttributeView(folder, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setPermissions(permissions);
  }
}
