/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static io.clouddb.testkit.postgres.Statements.ask;
import static io.clouddb.testkit.postgres.Statements.await;
import static io.clouddb.testkit.postgres.Statements.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That a killed server leaves nothing in this machine's memory, and takes nothing of others. */
class SharedMemoryTest {
  private static List<String> segments() throws Exception {
    return Files.readAllLines(Path.of("/proc/sysvipc/shm")).stream()
        .map(line -> line.strip().split("\\s+", -1)[1])
        .toList();
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "nobody else tells what there is")
  void isGoneWithItsServerWhichStartsAgain() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).start()) {
      run(server, "CREATE TABLE t AS SELECT 7 AS a");
      List<String> lines = Files.readAllLines(server.directory().resolve("data/postmaster.pid"));
      ProcessHandle process = ProcessHandle.of(Long.parseLong(lines.get(0))).orElseThrow();
      SharedMemory shared = SharedMemory.of(List.of(), process, lines);
      assertThat(segments()).contains(shared.segment());
      assertThat(shared.files()).isNotEmpty().allMatch(file -> Files.exists(Path.of(file)));
      server.kill();
      assertThat(segments()).doesNotContain(shared.segment());
      assertThat(shared.files()).noneMatch(file -> Files.exists(Path.of(file)));
      assertThat(ask(server.start(), "SELECT a FROM t")).isEqualTo("7");
    }
  }

  /** As the kernel kills one where the machine has no memory left. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "nobody else tells what there is")
  void isGoneWithAServerThatDiedByItself() throws Exception {
    SharedMemory shared;
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).start()) {
      List<String> lines = Files.readAllLines(server.directory().resolve("data/postmaster.pid"));
      ProcessHandle process = ProcessHandle.of(Long.parseLong(lines.get(0))).orElseThrow();
      shared = SharedMemory.of(List.of(), process, lines);
      assertThat(shared.users().orElseThrow()).isPositive();
      assertThat(process.destroyForcibly()).isTrue();
      await("its death", () -> !server.isRunning());
    }
    assertThat(segments()).doesNotContain(shared.segment());
    assertThat(shared.files()).isNotEmpty().noneMatch(file -> Files.exists(Path.of(file)));
  }

  /**
   * One that waits for a lock of a process that was killed does not see that its server is gone.
   */
  @ParameterizedTest
  @ValueSource(strings = {"kill", "start", "close"})
  @EnabledOnOs(value = OS.LINUX, disabledReason = "nobody else tells what there is")
  void noProcessOutlivesItsServer(String next) throws Exception {
    ProcessHandle left;
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).start();
        Connection session = server.superuser().connect();
        Statement statement = session.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
      rows.next();
      left = ProcessHandle.of(rows.getLong(1)).orElseThrow();
      ProcessHandle first = left.parent().orElseThrow();
      // It sees nothing of what happens from now on, as one that waits for ever.
      assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(left.pid())).start().waitFor())
          .isZero();
      kill(first.pid());
      await("its death", () -> !server.isRunning());
      assertThat(left.isAlive()).isTrue();
      Path data = server.directory().resolve("data");
      OperatingUser user = OperatingUser.find(Platform.current());
      assertThat(Orphans.of(data, user)).contains(left);
      switch (next) {
        case "kill" -> {
          server.kill();
          assertThat(Orphans.of(data, user)).isEmpty();
        }
        case "start" -> assertThat(ask(server.start(), "SELECT 'up'")).isEqualTo("up");
        default -> assertThat(next).isEqualTo("close");
      }
    }
    await("the end of " + left, () -> !isRunning(left));
  }

  /** A container's directory may have the same name. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "nobody else tells what there is")
  void whatOnlyHasTheNameOfAServerIsLeftAlone(@TempDir Path folder) throws Exception {
    Path here = Files.createDirectory(folder.resolve("here"));
    Path program = Files.copy(Path.of("/bin/sleep"), folder.resolve("postgres"));
    Process process = new ProcessBuilder(program.toString(), "60").directory(here.toFile()).start();
    try {
      for (OperatingUser.Way way : OperatingUser.Way.values()) {
        for (OperatingUser user : OperatingUser.tryWay(way).stream().toList()) {
          assertThat(Orphans.of(folder, user)).as(way.name()).isEmpty();
        }
      }
      assertThat(Orphans.of(here, OperatingUser.find(Platform.current())))
          .contains(process.toHandle());
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean isRunning(ProcessHandle process) throws IOException {
    Path state = Path.of("/proc", Long.toString(process.pid()), "stat");
    try {
      // A zombie is as good as gone: it is for the machine's first process to bury it.
      return process.isAlive() && !Files.readString(state).contains(") Z ");
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** What its statistics grow into is there for all, and mapped by who has looked at it. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "nobody else tells what there is")
  void isGoneWithWhatItsServerMadeLater() throws Exception {
    Set<String> later = new TreeSet<>();
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).start()) {
      List<String> lines = Files.readAllLines(server.directory().resolve("data/postmaster.pid"));
      ProcessHandle process = ProcessHandle.of(Long.parseLong(lines.get(0))).orElseThrow();
      Set<String> first = SharedMemory.of(List.of(), process, lines).files();
      await(
          "a file of its statistics",
          () -> {
            run(server, "CREATE TEMPORARY TABLE t AS SELECT 7 AS a");
            first.forEach(file -> later.addAll(ControlSegment.others(file)));
            return !later.isEmpty();
          });
      later.removeAll(first);
      assertThat(later).isNotEmpty().allMatch(file -> Files.exists(Path.of(file)));
      kill(process.pid());
      await("its death", () -> !server.isRunning());
    }
    assertThat(later).noneMatch(file -> Files.exists(Path.of(file)));
  }

  @Test
  void aFileThatIsNoControlSegmentNamesNone(@TempDir Path folder) throws Exception {
    assertThat(ControlSegment.others(folder.resolve("none").toString())).isEmpty();
    Path other = Files.write(folder.resolve("other"), new byte[100]);
    assertThat(ControlSegment.others(other.toString())).isEmpty();
    ByteBuffer bytes = ByteBuffer.allocate(16 + 3 * 24).order(ByteOrder.nativeOrder());
    bytes.putInt(0, 0x9a503d32).putInt(4, 3).putInt(8, 3);
    bytes.putInt(16, -2).putInt(20, 2);
    bytes.putInt(40, 4).putInt(44, 0);
    bytes.putInt(64, 5).putInt(68, 2);
    Path control = Files.write(folder.resolve("control"), bytes.array());
    assertThat(ControlSegment.others(control.toString()))
        .as("neither what nobody uses nor what has no file")
        .containsExactly("/dev/shm/PostgreSQL.4294967294");
  }

  /** Once one of its children is killed, a server makes its memory anew. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "nobody else tells what there is")
  void isGoneWithAServerThatDiedAfterItHadBegunAnew() throws Exception {
    String first;
    String second;
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).start()) {
      Path file = server.directory().resolve("data/postmaster.pid");
      ProcessHandle process =
          ProcessHandle.of(Long.parseLong(Files.readAllLines(file).get(0))).orElseThrow();
      first = segment(file);
      try (Connection session = server.superuser().connect();
          Statement statement = session.createStatement();
          ResultSet rows = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
        rows.next();
        kill(rows.getLong(1));
        await("new memory", () -> !List.of("", first).contains(segment(file)));
      }
      second = segment(file);
      kill(process.pid());
      await("its death", () -> !server.isRunning());
    }
    assertThat(segments()).doesNotContain(first, second);
  }

  private static void kill(long pid) {
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
  }

  private static String segment(Path pidFile) throws IOException {
    return SharedMemory.of(List.of(), ProcessHandle.current(), Files.readAllLines(pidFile))
        .segment();
  }

  /** A directory that was kept has the file of its last server, or of the one that runs there. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "nobody else tells what there is")
  void ofAnotherServerIsLeftAlone(@TempDir Path data) throws Exception {
    try (EmbeddedPostgres other = EmbeddedPostgres.builder().durable(false).start()) {
      Path file = data.resolve("postmaster.pid");
      Files.copy(other.directory().resolve("data/postmaster.pid"), file);
      List<String> before = keyOfSegment(file);
      assertThat(before).hasSize(1).doesNotContain("0");
      OperatingUser user = OperatingUser.find(Platform.current());
      assertThatThrownBy(
              () ->
                  ServerProcess.launch(
                      List.of("sleep", "60"),
                      user,
                      data,
                      data.resolve("log"),
                      Duration.ofMillis(50),
                      () -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not ready");
      assertThat(file).exists();
      assertThat(keyOfSegment(file)).isEqualTo(before);
      assertThat(ask(other, "SELECT 1")).isEqualTo("1");
    }
  }

  /** The key of the segment that a pid file names; 0 once it is to be removed. */
  private static List<String> keyOfSegment(Path pidFile) throws IOException {
    String number = Files.readAllLines(pidFile).get(6).strip().split("\\s+", -1)[1];
    return Files.readAllLines(Path.of("/proc/sysvipc/shm")).stream()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(segment -> segment[1].equals(number))
        .map(segment -> segment[0])
        .toList();
  }
}
