/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static io.clouddb.testkit.postgres.Statements.ask;
import static io.clouddb.testkit.postgres.Statements.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** That a killed server leaves nothing in this machine's memory. */
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
}
