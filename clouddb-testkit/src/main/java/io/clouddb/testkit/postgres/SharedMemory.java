/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server that is killed leaves in this machine's memory: a segment of System V, of which
 * Linux has 4096 in all, and files of a megabyte. It would remove them itself at its next start,
 * which most killed servers never see.
 *
 * @param segment the segment's number; empty where none is known
 * @param files the paths of the files
 */
record SharedMemory(String segment, Set<String> files) {
  static final SharedMemory NONE = new SharedMemory("", Set.of());

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Path SEGMENTS = Path.of("/proc/sysvipc/shm");
  private static final int NUMBER = 1;
  private static final int ATTACHED = 6;
  private static final int LINE_OF_SEGMENT = 6;
  private static final Pattern SEGMENT = Pattern.compile("\\s*\\d+\\s+(\\d+)\\s*");
  private static final Pattern FILE = Pattern.compile(".*\\s(/dev/shm/PostgreSQL[.]\\d+)");

  /** Either may be gone already. */
  private static final String SCRIPT =
      "[ -z \"$1\" ] || ipcrm -m \"$1\"; shift; [ $# -eq 0 ] || rm -f -- \"$@\"";

  /**
   * Looks while the server runs.
   *
   * @param processes its processes
   * @param parent the one that was started, which may be it or its parent
   * @param pidFile the lines of postmaster.pid
   */
  static SharedMemory of(
      List<ProcessHandle> processes, ProcessHandle parent, List<String> pidFile) {
    Matcher segment =
        SEGMENT.matcher(pidFile.size() > LINE_OF_SEGMENT ? pidFile.get(LINE_OF_SEGMENT) : "");
    Set<String> files = new TreeSet<>();
    List<ProcessHandle> all = new ArrayList<>(processes);
    all.add(parent);
    for (ProcessHandle each : all) {
      for (String line : maps(each)) {
        Matcher file = FILE.matcher(line);
        if (file.matches()) {
          files.add(file.group(1));
        }
      }
    }
    return new SharedMemory(segment.matches() ? segment.group(1) : "", files);
  }

  private static List<String> maps(ProcessHandle process) {
    if (!process.isAlive()) {
      // Its number may be another process' by now.
      return List.of();
    }
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "maps"));
    } catch (IOException e) {
      // No such system, or the process has ended since.
      return List.of();
    }
  }

  /** With what was seen of the same server before, of which nobody tells all any more. */
  SharedMemory and(SharedMemory before) {
    Set<String> both = new TreeSet<>(files);
    both.addAll(before.files);
    return new SharedMemory(segment.isEmpty() ? before.segment : segment, both);
  }

  /** How many processes have the segment; empty where it is gone, or nobody tells. */
  OptionalInt users() {
    try {
      return Files.readAllLines(SEGMENTS).stream()
          .map(line -> line.strip().split("\\s+", -1))
          .filter(columns -> columns[NUMBER].equals(segment))
          .mapToInt(columns -> Integer.parseInt(columns[ATTACHED]))
          .findFirst();
    } catch (IOException e) {
      // No such system.
      return OptionalInt.empty();
    }
  }

  /**
   * Removes it, once nobody uses it any more.
   *
   * @param user who may remove no other's, whatever the server wrote there
   */
  void delete(OperatingUser user) {
    if (Platform.current().windows() || (segment.isEmpty() && files.isEmpty())) {
      return;
    }
    List<String> command = new ArrayList<>(List.of("sh", "-c", SCRIPT, "clouddb", segment));
    Set<String> all = new TreeSet<>(files);
    files.forEach(file -> all.addAll(ControlSegment.others(file)));
    command.addAll(all);
    try {
      Command.Result result = Command.run(user.command(command), LIMIT);
      if (!result.succeeded()) {
        LOG.debug("A killed server's shared memory may be left: {}", result.output());
      }
    } catch (IOException e) {
      LOG.debug("A killed server's shared memory is left", e);
    }
  }
}
