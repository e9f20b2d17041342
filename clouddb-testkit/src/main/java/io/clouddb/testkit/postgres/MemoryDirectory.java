/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file system in memory that Linux has. A server is a thousand files, which take longer to make
 * and to delete than all that a small test does with them.
 */
final class MemoryDirectory {
  static final Path SHARED_MEMORY = Path.of("/dev/shm");

  /** A container often has 64 MB; a test's database with its log needs some hundred. */
  private static final long ENOUGH = 4L << 30;

  private MemoryDirectory() {}

  /** A new, empty directory for one server; none where nobody asked for it, or it has no room. */
  static Optional<Path> instance() throws IOException {
    return Boolean.getBoolean(EmbeddedPostgres.MEMORY_PROPERTY)
            && Files.isWritable(SHARED_MEMORY)
            && Files.getFileStore(SHARED_MEMORY).getUsableSpace() >= ENOUGH
        ? Optional.of(Files.createTempDirectory(SHARED_MEMORY, "clouddb-testkit"))
        : Optional.empty();
  }
}
