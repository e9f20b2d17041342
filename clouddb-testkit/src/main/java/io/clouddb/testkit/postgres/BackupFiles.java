/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.internal.file.PrivateFile;
import io.clouddb.internal.file.PrivateFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of a server's data as they come in, each whole before the next. Their names are what a
 * server says, which may run as another user than this JVM: none leads out of the folder.
 */
final class BackupFiles implements AutoCloseable {
  private static final String TABLESPACES = "pg_tblspc";
  private static final int DEPTH_OF_TABLESPACE = 3;

  private final Path data;
  private final Path tablespaces;
  private final Set<String> elsewhere;
  private final FileAttribute<?>[] closed;
  private @Nullable Path current;
  private @Nullable FileChannel out;

  /**
   * An empty copy.
   *
   * @param data where the data goes
   * @param tablespaces where the tablespaces go that are not in the data
   * @param elsewhere the numbers of those
   */
  BackupFiles(Path data, Path tablespaces, Set<String> elsewhere) throws IOException {
    this.data = data;
    this.tablespaces = tablespaces;
    this.elsewhere = Set.copyOf(elsewhere);
    PrivateFolder.make(data);
    this.closed =
        Files.getFileStore(data).supportsFileAttributeView("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
            }
            : new FileAttribute<?>[0];
    for (String number : elsewhere) {
      PrivateFolder.make(tablespaces.resolve(number));
    }
  }

  /** Where a path of the server's data is in the copy. */
  private Path place(String path) throws IOException {
    String[] names = path.split("/", -1);
    Path at = data;
    int from = 1;
    if (names.length >= DEPTH_OF_TABLESPACE
        && names[1].equals(TABLESPACES)
        && elsewhere.contains(names[2])) {
      at = tablespaces.resolve(names[2]);
      from = DEPTH_OF_TABLESPACE;
    }
    if (!names[0].equals(".")) {
      throw new IOException("The server names a file outside of its data: " + path);
    }
    for (int i = from; i < names.length; i++) {
      String name = names[i];
      if (name.isEmpty()
          || name.equals(".")
          || name.equals("..")
          || name.indexOf('\\') >= 0
          || name.indexOf('\0') >= 0) {
        throw new IOException("The server names a file outside of its data: " + path);
      }
      at = at.resolve(name);
    }
    return at;
  }

  void folder(String path) throws IOException {
    Path folder = place(path);
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(folder, closed);
    }
  }

  /**
   * Copies a file, if it is still there.
   *
   * @param from the server's data
   */
  void copy(String path, Path from) throws IOException {
    Path file = place(path);
    try {
      Files.copy(from.resolve(path), file, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      // It was dropped; the log says so, too.
      Files.deleteIfExists(file);
    }
  }

  /** Writes a part of a file. */
  void write(String path, long start, byte[] bytes) throws IOException {
    Path file = place(path);
    FileChannel channel = out;
    if (channel == null || !file.equals(current)) {
      close();
      try {
        channel = PrivateFile.create(file);
      } catch (FileAlreadyExistsException e) {
        throw new IOException("The server names a file twice: " + path, e);
      }
      out = channel;
      current = file;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long at = start;
    while (buffer.hasRemaining()) {
      at += channel.write(buffer, at);
    }
  }

  @Override
  public void close() throws IOException {
    FileChannel channel = out;
    out = null;
    current = null;
    if (channel != null) {
      channel.close();
    }
  }
}
