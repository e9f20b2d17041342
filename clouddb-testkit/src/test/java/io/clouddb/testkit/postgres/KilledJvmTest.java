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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left when the JVM that had a server ends without closing it. */
class KilledJvmTest {
  /**
   * The other JVM: starts a server and a replica, closes a third one whose log it holds, says where
   * they are, and waits for its end. With an argument it makes a replica there that is to be kept,
   * which does not get beyond its beginning: the checkpoint that the copy begins with is not made.
   */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      EmbeddedPostgres postgres = EmbeddedPostgres.builder().durable(false).start();
      Path replica;
      String checkpoints = "";
      EmbeddedPostgres closed = EmbeddedPostgres.builder().durable(false).archiving(true).start();
      WalArchive held = closed.archive();
      closed.close();
      if (arguments.length == 0) {
        replica = postgres.replica().start().directory();
      } else {
        replica = Path.of(arguments[0]);
        checkpoints = ReplicaRemainsTest.stopCheckpoints(postgres);
        Thread making =
            new Thread(() -> postgres.replica().dataDirectory(replica).keepData(true).start());
        making.setDaemon(true);
        making.start();
        ReplicaRemainsTest.awaitBackup(postgres);
      }
      // The standard output is the way to the test.
      OutputStream out = new FileOutputStream(FileDescriptor.out);
      PrintWriter writer = new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
      writer.println(postgres.directory());
      writer.println(replica);
      writer.println(closed.directory());
      writer.println(checkpoints);
      writer.flush();
      if (new FileInputStream(FileDescriptor.in).read() == 'x') {
        System.exit(3);
      }
      // Never in truth, but it is held until then.
      held.close();
    }
  }

  private static Process holder(String... arguments) throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D"
                    + EmbeddedPostgres.MEMORY_PROPERTY
                    + "="
                    + Boolean.getBoolean(EmbeddedPostgres.MEMORY_PROPERTY),
                "-cp",
                classPath,
                Holder.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
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
      Path replica = Path.of(reader.readLine());
      Path log = Path.of(reader.readLine());
      assertThat(log).isNotEmptyDirectory();
      assertThat(isNamedByAProcess(replica)).isTrue();
      assertThat(directory).isDirectory();
      assertThat(isNamedByAProcess(directory)).isTrue();
      try (OutputStream input = jvm.getOutputStream()) {
        input.write(byExit ? 'x' : 'y');
      }
      assertThat(jvm.onExit()).succeedsWithin(Duration.ofSeconds(30));
      awaitNothingOf(directory);
      awaitNothingOf(replica);
      awaitNothingOf(log);
    }
  }

  @Test
  void leavesNothingWhenItIsKilled() throws Exception {
    assumeFalse(Platform.current().windows(), "Windows has no watchdog");
    Process jvm = holder();
    try (BufferedReader reader = jvm.inputReader(StandardCharsets.UTF_8)) {
      Path directory = Path.of(reader.readLine());
      Path replica = Path.of(reader.readLine());
      Path log = Path.of(reader.readLine());
      assertThat(log).isNotEmptyDirectory();
      assertThat(isNamedByAProcess(replica)).isTrue();
      assertThat(isNamedByAProcess(directory)).isTrue();
      jvm.destroyForcibly();
      assertThat(jvm.onExit()).succeedsWithin(Duration.ofSeconds(30));
      awaitNothingOf(directory);
      awaitNothingOf(replica);
      awaitNothingOf(log);
    }
  }

  @Test
  void leavesNoPartOfAReplicaWhenItIsKilledDuringTheCopy(@TempDir Path folder) throws Exception {
    assumeFalse(Platform.current().windows(), "Windows has no watchdog");
    Process jvm = holder(folder.resolve("replica").toString());
    try (BufferedReader reader = jvm.inputReader(StandardCharsets.UTF_8)) {
      Path directory = Path.of(reader.readLine());
      Path replica = Path.of(reader.readLine());
      Path log = Path.of(reader.readLine());
      String checkpoints = reader.readLine();
      assertThat(replica).isNotEmptyDirectory();
      jvm.destroyForcibly();
      assertThat(jvm.onExit()).succeedsWithin(Duration.ofSeconds(30));
      // Nobody copies any more. The server waits five seconds for a process that stands still.
      assertThat(Command.succeeds(List.of("kill", "-CONT", checkpoints))).isTrue();
      awaitNothingOf(log);
      awaitNothingOf(directory);
      awaitNothingOf(replica);
    }
  }
}
