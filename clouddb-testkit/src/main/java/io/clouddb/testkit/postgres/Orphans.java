/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * The processes of a server whose first one is dead, and which are nobody's children any more. They
 * see that and end, but for one that waits for a lock of one that was killed: it waits for ever,
 * and one that does not wait yet still writes.
 */
final class Orphans {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** As Linux cuts it off; the second one is that of a server that NixOS has wrapped. */
  private static final Set<String> NAMES = Set.of("postgres", ".postgres-wrapp");

  private Orphans() {}

  /**
   * Looks for them: each has its server's directory for its own.
   *
   * @param data the data directory
   * @param user as whom they run
   * @return none where there is no /proc, or the directory is gone
   */
  static List<ProcessHandle> of(Path data, OperatingUser user) {
    try {
      LongPredicate isThere = user.isAnotherUser() ? seenBy(user, data) : pid -> isIn(pid, data);
      // Somebody may look around in the directory by a shell.
      return ProcessHandle.allProcesses()
          .filter(process -> isServer(process.pid()) && isThere.test(process.pid()))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static Path about(long pid, String what) {
    return Path.of("/proc", Long.toString(pid), what);
  }

  private static boolean isServer(long pid) {
    try {
      return NAMES.contains(Files.readString(about(pid, "comm")).strip());
    } catch (IOException e) {
      // It has ended since, or there is no such system.
      return false;
    }
  }

  /** By what it is and not by its name: in a container another directory may have the same. */
  private static boolean isIn(long pid, Path data) {
    try {
      return Files.isSameFile(about(pid, "cwd"), data);
    } catch (IOException e) {
      return false;
    }
  }

  /** In a container root may not look at what is another user's. */
  private static LongPredicate seenBy(OperatingUser user, Path data) throws IOException {
    Map<String, Object> directory = Files.readAttributes(data, "unix:dev,ino");
    String its = directory.get("dev") + ":" + directory.get("ino") + ":/proc/";
    String script = "stat -L -c '%d:%i:%n' /proc/[0-9]*/cwd 2>/dev/null; true";
    Set<Long> there =
        Command.run(user.command(List.of("sh", "-c", script)), LIMIT)
            .output()
            .lines()
            .filter(line -> line.startsWith(its) && line.endsWith("/cwd"))
            .map(line -> Long.parseLong(line, its.length(), line.length() - "/cwd".length(), 10))
            .collect(Collectors.toSet());
    return there::contains;
  }
}
