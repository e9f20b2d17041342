/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left when the JVM that had a server ends without closing it. */
class KilledJvmTest {
  /** The other JVM: starts a server, says where it is, and waits for its end. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      EmbeddedPostgres postgres = EmbeddedPostgres.builder().durable(false).start();
      // The standard output is the way to the test.
      OutputStream out = new FileOutputStream(FileDescriptor.out);
      PrintWriter writer = new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
      writer.println(postgres.directory());
      writer.flush();
      if (new FileInputStream(FileDescriptor.in).read() == 'x') {
        System.exit(3);
      }
    }
  }

  private static Process holder() throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D"
                    + EmbeddedPostgres.MEMORY_PROPERTY
                    + "="
                    + Boolean.getBoolean(EmbeddedPostgres.MEMORY_PROPERTY),
                "-cp",
                classPath,
                Holder.class.getName()))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void awaitNothingOf(Path directory) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (Files.exists(directory) || isNamedByAProcess(directory)) {
      assertThat(System.nanoTime()).as("left behind: " + directory).isLessThan(deadline);
      Pause.of(Duration.ofMillis(20));
    }
  }

  private static boolean isNamedByAProcess(Path directory) {
    return ProcessHandle.allProcesses()
        .anyMatch(
            p -> p.info().commandLine().filter(c -> c.contains(directory.toString())).isPresent());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leavesNothingWhenItEndsWithoutClosing(boolean byExit) throws Exception {
    Process jvm = holder();
    try (BufferedReader reader = jvm.inputReader(StandardCharsets.UTF_8)) {
      Path directory = Path.of(reader.readLine());
      assertThat(directory).isDirectory();
      assertThat(isNamedByAProcess(directory)).isTrue();
      try (OutputStream input = jvm.getOutputStream()) {
        input.write(byExit ? 'x' : 'y');
      }
      assertThat(jvm.onExit()).succeedsWithin(Duration.ofSeconds(30));
      awaitNothingOf(directory);
    }
  }

  @Test
  void leavesNothingWhenItIsKilled() throws Exception {
    assumeFalse(Platform.current().windows(), "Windows has no watchdog");
    Process jvm = holder();
    try (BufferedReader reader = jvm.inputReader(StandardCharsets.UTF_8)) {
      Path directory = Path.of(reader.readLine());
      assertThat(isNamedByAProcess(directory)).isTrue();
      jvm.destroyForcibly();
      assertThat(jvm.onExit()).succeedsWithin(Duration.ofSeconds(30));
      awaitNothingOf(directory);
    }
  }
}
