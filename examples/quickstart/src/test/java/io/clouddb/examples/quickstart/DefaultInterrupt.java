/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts programs that Ctrl-C ends. What runs in the background of a script ignores SIGINT (nohup,
 * some CI systems), its children do too, and a JVM that was started so never hears of it.
 */
final class DefaultInterrupt {
  /** No help is needed where nobody ignores it; env has the option from coreutils 8.31 on. */
  static final List<List<String>> WAYS =
      List.of(
          List.of(),
          List.of("env", "--default-signal=INT"),
          List.of("perl", "-e", "$SIG{INT} = 'DEFAULT'; exec { $ARGV[0] } @ARGV or die $!"),
          List.of(
              "python3",
              "-c",
              "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"
                  + " os.execvp(sys.argv[1], sys.argv[1:])"));

  private static final String IGNORED = "ignored";
  private static final List<String> PROBE = List.of("sh", "-c", "kill -INT $$; echo " + IGNORED);

  private DefaultInterrupt() {}

  /** What has to stand before a command; empty where this machine has no way. */
  static Optional<List<String>> find() throws IOException, InterruptedException {
    for (List<String> way : WAYS) {
      if (works(way)) {
        return Optional.of(way);
      }
    }
    return Optional.empty();
  }

  /** Whether what is started by these words can be interrupted. */
  static boolean works(List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(words);
    command.addAll(PROBE);
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      // There is no such program.
      return false;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // Nothing is said by a program that ends at once, and something by one that has no such option.
    return process.waitFor() != 0 && output.isEmpty();
  }
}
