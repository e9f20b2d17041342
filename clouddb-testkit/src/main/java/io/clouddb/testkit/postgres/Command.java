/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, in an environment that does not depend on the user's locale. */
final class Command {
  /**
   * How a program ended.
   *
   * @param exitCode its exit code
   * @param output what it wrote to both its outputs
   */
  record Result(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  /**
   * Where programs, libraries and temporary files are; on Windows also what the system is. A user
   * whom the system does not know has a name by nss_wrapper only, which a container with any user
   * id preloads; on NixOS a program that is not of it needs its loader, and locales are elsewhere.
   */
  private static final Set<String> NEEDED =
      Set.of(
          "PATH",
          "HOME",
          "TMPDIR",
          "TMP",
          "TEMP",
          "LD_LIBRARY_PATH",
          "DYLD_LIBRARY_PATH",
          "LOCPATH",
          "LD_PRELOAD",
          "NSS_WRAPPER_PASSWD",
          "NSS_WRAPPER_GROUP",
          "NIX_LD",
          "NIX_LD_LIBRARY_PATH",
          "LOCALE_ARCHIVE",
          "SYSTEMROOT",
          "SYSTEMDRIVE",
          "WINDIR",
          "COMSPEC",
          "PATHEXT",
          "USERPROFILE");

  private Command() {}

  /**
   * Runs a program.
   *
   * @throws IOException when it cannot be started or does not end in time
   */
  static Result run(List<String> command, Duration limit) throws IOException {
    // By a file and not a pipe: a child that outlives the program would keep a pipe open.
    Path output = Files.createTempFile("clouddb", ".out");
    try {
      ProcessBuilder builder =
          builder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      Process process = builder.start();
      process.getOutputStream().close();
      try {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          throw new IOException(command.get(0) + " did not end within " + limit);
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Interrupted while waiting for " + command.get(0));
      }
      try (InputStream in = Files.newInputStream(output)) {
        return new Result(
            process.exitValue(), new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
      }
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /**
   * A program to be started, without a locale, and with nothing of this process' environment but
   * what a program needs to run: a server may run as another user, and passwords and tokens are
   * none of its business.
   */
  static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> !isNeeded(name));
    environment.put("LC_ALL", "C");
    return builder;
  }

  static boolean isNeeded(String variable) {
    return NEEDED.contains(variable.toUpperCase(Locale.ROOT));
  }

  /** Tells whether a program runs and ends well. */
  static boolean succeeds(List<String> command) {
    try {
      return run(command, Duration.ofSeconds(20)).succeeded();
    } catch (InterruptedIOException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      return false;
    }
  }
}
