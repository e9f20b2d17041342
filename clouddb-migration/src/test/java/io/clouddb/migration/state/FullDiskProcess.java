/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import io.clouddb.error.UnavailableException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process whose files may not grow past a limit, as on a full disk: the entry that passes it is
 * written in part, then refused.
 */
public final class FullDiskProcess {
  /** What an append that is refused leaves room for. */
  private static final String LARGE = "x".repeat(5000);

  private FullDiskProcess() {}

  /** Writes until the disk is full, then an entry that still has room. Returns what it said. */
  static List<String> run(Path folder) throws IOException, InterruptedException {
    File log = folder.resolve("full-disk.log").toFile();
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f 64; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                FullDiskProcess.class.getName(),
                folder.resolve("state").toString())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    List<String> said = java.nio.file.Files.readAllLines(log.toPath(), StandardCharsets.UTF_8);
    if (!ended || process.exitValue() != 0) {
      throw new AssertionError(said);
    }
    return said;
  }

  public static void main(String[] arguments) {
    try (Journal journal = StateStore.directory(Path.of(arguments[0])).open("shop")) {
      UnavailableException refused = null;
      while (refused == null) {
        try {
          journal.append("large", Map.of("text", LARGE));
        } catch (UnavailableException e) {
          refused = e;
        }
      }
      System.out.println(refused.details().outcomeKnown());
      System.out.println(journal.entries().size());
      System.out.println(journal.settle().equals(Optional.empty()));
      System.out.println(journal.append("small", Map.of()).sequence());
    }
  }
}
