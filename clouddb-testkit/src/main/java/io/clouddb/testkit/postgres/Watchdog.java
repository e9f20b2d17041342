/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Stops a server, and deletes its data, when this JVM was killed and could not do it itself: a
 * shell that waits for the end of its input. Windows has none; there a server outlives a JVM that
 * is killed.
 */
final class Watchdog implements AutoCloseable {
  // $1 the data directory, $2 the directory to delete, or nothing. The pid is trusted only while
  // the server's own file says so, which is removed at a stop, and it runs with that directory:
  // the file of a server that was killed stays, and who runs the server can write into it.
  private static final String SCRIPT =
      """
      is_server() {
        case "$1" in
          ''|*[!0-9]*) return 1 ;;
        esac
        if [ -d /proc/self ]; then
          tr '\\0' '\\n' 2>/dev/null <"/proc/$1/cmdline" | grep -qxF -- "$2"
        else
          ps -ww -p "$1" -o args= 2>/dev/null | grep -qF -- "$2"
        fi
      }
      while read -r word; do
        [ "$word" = done ] && exit 0
      done
      pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null)
      if is_server "$pid" "$1"; then
        kill -QUIT "$pid" 2>/dev/null
        tries=0
        while is_server "$pid" "$1" && [ "$tries" -lt 50 ]; do
          sleep 0.2
          tries=$((tries + 1))
        done
        is_server "$pid" "$1" && kill -KILL "$pid" 2>/dev/null
      fi
      [ -n "$2" ] && rm -rf -- "$2"
      exit 0
      """;

  private final Process process;

  private Watchdog(Process process) {
    this.process = process;
  }

  /**
   * Starts watching.
   *
   * @param data the server's data directory
   * @param root what is deleted afterwards
   * @param keep whether nothing is deleted
   */
  static Watchdog over(Path data, Path root, boolean keep) throws IOException {
    List<String> command = new ArrayList<>(detachedPrefix());
    command.addAll(List.of("sh", "-c", SCRIPT, "clouddb-watchdog"));
    command.add(data.toString());
    command.add(keep ? "" : root.toString());
    return new Watchdog(
        Command.builder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /**
   * What makes a program deaf to the Ctrl-C of the terminal. Without it, a Ctrl-C would stop the
   * server before the program that uses it has tidied up.
   */
  static List<String> detachedPrefix() {
    if (isOnPath("setsid")) {
      return List.of("setsid");
    }
    if (isOnPath("perl")) {
      return List.of("perl", "-e", "use POSIX; setsid(); exec(@ARGV) or die $!;");
    }
    return List.of();
  }

  private static boolean isOnPath(String program) {
    String path = System.getenv("PATH");
    if (path != null) {
      for (String directory : path.split(File.pathSeparator)) {
        if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Ends the watch without touching the server. */
  @Override
  public void close() {
    try (var input = process.getOutputStream()) {
      input.write("done\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // It has ended already, so there is nothing to tell.
      process.destroy();
    }
  }
}
