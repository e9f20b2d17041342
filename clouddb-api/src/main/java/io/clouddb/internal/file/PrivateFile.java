/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Files that only their owner reads and writes (0600, from the moment on that they are there), and
 * that are never reached through a link. A file that is there already has to be a plain file with
 * one name that belongs to this user or to root; one that others could read is closed to them.
 *
 * <p>Where it matters that nobody else puts a file there in the first place, the folder is one of
 * {@link PrivateFolder}. On Windows a file has the access list that its folder hands down.
 */
public final class PrivateFile {
  private static final String MODE = "rw-------";
  private static final int OTHERS = 00077;

  /** What is left of a replacement when the machine fails. */
  public enum Durability {
    /** Perhaps nothing. */
    NONE,
    /** The file is what it was or what it becomes, and never empty. */
    CONTENT,
    /** It is what it becomes. */
    WHOLE
  }

  private PrivateFile() {}

  /**
   * Makes a file that is not there yet.
   *
   * @param file the file
   * @return the file, empty, open for writing
   * @throws FileAlreadyExistsException when something is there, a link too
   * @throws IOException when it cannot be made
   */
  public static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
        PrivateFolder.permissions(file, MODE));
  }

  /**
   * Makes a file that is not there yet, with a text in it.
   *
   * @param file the file
   * @param text what it holds
   * @throws FileAlreadyExistsException when something is there, a link too
   * @throws IOException when it cannot be made
   */
  public static void create(Path file, String text) throws IOException {
    try (FileChannel out = create(file)) {
      write(out, text);
    }
  }

  /**
   * Makes a file if there is none, or checks the one that is there.
   *
   * @param file the file
   * @return whether it is new
   * @throws IOException when it cannot be made, or is not to be trusted: says why
   */
  public static boolean make(Path file) throws IOException {
    return make(file, null);
  }

  /**
   * As {@link #make(Path)}.
   *
   * @param file the file
   * @param other the name of a user to whom it may belong too, because we gave it to that one
   * @return whether it is new
   * @throws IOException when it cannot be made, or is not to be trusted
   */
  public static boolean make(Path file, @Nullable String other) throws IOException {
    try {
      create(file).close();
      return true;
    } catch (FileAlreadyExistsException e) {
      require(file, other);
      return false;
    }
  }

  /**
   * Opens a file, made if there is none.
   *
   * @param file the file
   * @param options how
   * @return the file
   * @throws IOException when it cannot be opened, or is not to be trusted: says why
   */
  public static FileChannel open(Path file, StandardOpenOption... options) throws IOException {
    make(file);
    Set<OpenOption> all = new HashSet<>(List.of(options));
    all.add(LinkOption.NOFOLLOW_LINKS);
    return FileChannel.open(file, all);
  }

  /** Checks a file that is there, and closes it to others. */
  private static void require(Path file, @Nullable String other) throws IOException {
    PrivateFolder.Entry entry = requirePlain(file);
    if (!PrivateFolder.isPosix(file)) {
      return;
    }
    if (entry.names() > 1) {
      throw PrivateFolder.refused(
          file, "it has another name elsewhere (a hard link): copy it, and remove this one");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null
        && !PrivateFolder.isOurs(entry, folder)
        && !entry.owner(file).equals(other)) {
      throw PrivateFolder.refused(
          file, "it belongs to " + entry.owner(file) + ", not to whom this process runs as");
    }
    if ((entry.mode() & OTHERS) == 0) {
      return;
    }
    if (other == null) {
      // By its name, in a folder that is ours: what follows no link opens the file and closes it,
      // and with that ends the locks that this process has on it.
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(MODE));
    } else {
      Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setPermissions(PosixFilePermissions.fromString(MODE));
    }
  }

  private static PrivateFolder.Entry requirePlain(Path file) throws IOException {
    PrivateFolder.Entry entry = PrivateFolder.Entry.of(file);
    if (entry.link()) {
      throw PrivateFolder.refused(
          file, "it is a link, which is not followed: name the file that it leads to");
    }
    if (!entry.file()) {
      throw PrivateFolder.refused(file, "it is no file");
    }
    return entry;
  }

  /**
   * Reads a file.
   *
   * @param file the file
   * @param most how many bytes it may have
   * @return what is in it
   * @throws NoSuchFileException when there is none
   * @throws IOException when it cannot be read, is a link or no file, or has more
   */
  public static byte[] read(Path file, int most) throws IOException {
    requirePlain(file);
    try (FileChannel in =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      long size = in.size();
      // What it says is looked at again: it may grow.
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, most) + 1);
      while (bytes.hasRemaining() && in.read(bytes) >= 0) {
        // A read may bring less than there is.
      }
      if (!bytes.hasRemaining()) {
        throw PrivateFolder.refused(file, "it is larger than " + most + " bytes, or grows");
      }
      byte[] read = new byte[bytes.flip().remaining()];
      bytes.get(read);
      return read;
    }
  }

  /**
   * Reads a file of text.
   *
   * @param file the file
   * @param most how many bytes it may have
   * @return the text
   * @throws IOException as {@link #read}, and when it is no UTF-8
   */
  public static String readText(Path file, int most) throws IOException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(read(file, most))).toString();
  }

  /**
   * Puts a new file in the place of one, by an atomic rename. Nobody can foresee the name that it
   * has before. What is there has to be a file: neither a link nor a device is replaced.
   *
   * @param file the file
   * @param text what it holds
   * @param durability what a failure of the machine leaves of it
   * @throws IOException when it cannot be done; then the file is what it was
   */
  public static void replace(Path file, String text, Durability durability) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path draft = absolute.resolveSibling(absolute.getFileName() + "." + UUID.randomUUID() + ".tmp");
    if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      requirePlain(absolute);
    }
    boolean moved = false;
    try {
      try (FileChannel out = create(draft)) {
        write(out, text);
        if (durability != Durability.NONE) {
          out.force(true);
        }
      }
      Files.move(
          draft, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      moved = true;
    } finally {
      if (!moved) {
        Files.deleteIfExists(draft);
      }
    }
    Path folder = absolute.getParent();
    if (durability == Durability.WHOLE && folder != null) {
      PrivateFolder.force(folder);
    }
  }

  private static void write(FileChannel out, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
