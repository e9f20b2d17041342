/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.examples.command.Interruption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The story of the README, on fewer rows. */
class SimulatedMoveTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private static void assertFaultless(CommandRun run) throws IOException, InterruptedException {
    assertThat(run.exitCode()).as(run.output()).isZero();
    JsonNode report = run.json();
    assertThat(report.get("status").asText()).isEqualTo("COMPLETED");
    for (String number :
        List.of(
            "mismatches", "applicationErrors", "lostWrites", "duplicatedWrites", "inDoubtWrites")) {
      assertThat(report.get(number).asLong()).as(number).isZero();
    }
    for (String number :
        List.of(
            "rowsCopied",
            "changesApplied",
            "rowsValidated",
            "writePauseMillis",
            "acknowledgedWrites")) {
      assertThat(report.get(number).asLong()).as(number).isPositive();
    }
    assertThat(report.get("rowsCopied").asLong()).isGreaterThanOrEqualTo(5_000);
    assertThat(report.get("steps")).hasSize(7);
  }

  private static void awaitGone(List<ProcessHandle> processes) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (processes.stream().anyMatch(ProcessHandle::isAlive)) {
      assertThat(System.nanoTime()).as(processes.toString()).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** Slow: it is what {@code ./quickstart} does, and own databases are moved in each build. */
  @Test
  @Tag("slow")
  void aLiveDatabaseMovesFromAwsToGoogleCloud() throws Exception {
    try (CommandRun run = CommandRun.start(folder, Map.of(), "--rows", "5000")) {
      run.awaitOutput("writes with 2 connections");
      List<ProcessHandle> children = run.children();
      assertThat(children)
          .extracting(process -> process.info().commandLine().orElse(""))
          .filteredOn(line -> line.contains("CloudsProcess") || line.contains("ShopApplication"))
          .hasSize(2);

      assertFaultless(run);
      awaitGone(children);
      assertThat(run.output())
          .contains("Amazon RDS to Cloud SQL", "preflight", "cutover", "COMPLETED", "lost writes")
          // A line is never drawn over itself where there is no terminal.
          .doesNotContain("\r", "\u001b");
      String page = Files.readString(run.report().resolve("report.html"));
      assertThat(page).contains("Amazon RDS", "Cloud SQL", "lost writes", "<svg");
      assertThat(page).doesNotContain("<script", "http-equiv", "<link", "src=");
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"azure,aws", "gcp,azure", "gcp,gcp", "aws,aws", "azure,gcp"})
  void anyTwoCloudsWillDo(String from, String to) throws Exception {
    try (CommandRun run =
        CommandRun.start(
            folder, Map.of(), "--rows", "5000", "--source-cloud", from, "--target-cloud", to)) {
      assertFaultless(run);
    }
  }

  @Test
  @Tag("slow")
  void ctrlCStopsAllOfItAndTheApplicationHasLostNothing() throws Exception {
    try (CommandRun run = CommandRun.start(folder, Map.of(), "--rows", "20000")) {
      run.awaitOutput("replicate ");
      List<ProcessHandle> children = run.children();
      run.interrupt();

      assertThat(run.exitCode()).as(run.output()).isEqualTo(Interruption.EXIT_CODE);
      awaitGone(children);
      assertThat(run.json().get("status").asText()).isEqualTo("ROLLED_BACK");
      assertThat(run.json().get("applicationErrors").asLong()).isZero();
      assertThat(run.json().get("lostWrites").asLong()).isZero();
      assertThat(run.json().get("acknowledgedWrites").asLong()).isPositive();
    }
  }

  @Test
  void ctrlCBeforeTheMigrationStopsAtOnce() throws Exception {
    try (CommandRun run = CommandRun.start(folder, Map.of(), "--rows", "3000000")) {
      run.awaitOutput("create ");
      List<ProcessHandle> children = run.children();
      run.interrupt();

      assertThat(run.exitCode()).as(run.output()).isEqualTo(Interruption.EXIT_CODE);
      assertThat(run.output()).contains("nothing is left");
      awaitGone(children);
    }
  }

  @Test
  @Tag("slow")
  void theOtherProcessesEndWhenTheFirstIsKilled() throws Exception {
    try (CommandRun run = CommandRun.start(folder, Map.of(), "--rows", "20000")) {
      run.awaitOutput("writes with 2 connections");
      List<ProcessHandle> children = run.children();
      assertThat(children).isNotEmpty();

      run.kill();

      awaitGone(children);
    }
  }
}
