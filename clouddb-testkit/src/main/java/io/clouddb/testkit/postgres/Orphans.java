/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * The processes of a server whose first one is dead, and which are nobody's children any more. They
 * see that and end, but for one that waits for a lock of one that was killed: it waits for ever,
 * and one that does not wait yet still writes.
 */
final class Orphans {
  private Orphans() {}

  /**
   * Looks for them: each has its server's directory for its own.
   *
   * @param data the data directory
   * @return none where there is no /proc, or the directory is gone
   */
  static List<ProcessHandle> of(Path data) {
    try {
      Path directory = data.toRealPath();
      return ProcessHandle.allProcesses().filter(process -> isOf(process, directory)).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean isOf(ProcessHandle process, Path directory) {
    Path about = Path.of("/proc", Long.toString(process.pid()));
    try {
      // Somebody may look around in the directory by a shell.
      return Files.readSymbolicLink(about.resolve("exe"))
              .getFileName()
              .toString()
              .startsWith("postgres")
          && Files.readSymbolicLink(about.resolve("cwd")).equals(directory);
    } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
      // It has ended since, is the kernel's or somebody else's, or there is no such system.
      return false;
    }
  }
}
