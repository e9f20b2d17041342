/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A file that only its owner reads. */
final class PrivateFile {
  private PrivateFile() {}

  /** Writes a file that does not exist yet. */
  static void write(Path file, String text) throws IOException {
    if (Files.getFileStore(file.toAbsolutePath().resolveSibling("."))
        .supportsFileAttributeView("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, text);
  }
}
