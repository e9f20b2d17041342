/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.examples.quickstart.process.JvmOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The quickstart as a user runs it: a process of its own. */
final class CommandRun implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Process process;
  private final boolean interruptible;
  private final Path output;
  private final Path report;

  private CommandRun(Process process, boolean interruptible, Path output, Path report) {
    this.process = process;
    this.interruptible = interruptible;
    this.output = output;
    this.report = report;
  }

  static CommandRun start(Path folder, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path report = folder.resolve("report");
    Path output = Files.createTempFile(folder, "output", ".txt");
    Optional<List<String>> interruptible = DefaultInterrupt.find();
    List<String> command = new ArrayList<>(interruptible.orElse(List.of()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JvmOptions.inherited());
    command.add(Quickstart.class.getName());
    command.addAll(List.of(arguments));
    command.addAll(List.of("--report", report.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().putAll(environment);
    return new CommandRun(builder.start(), interruptible.isPresent(), output, report);
  }

  /** Runs to the end. */
  static CommandRun finish(Path folder, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    CommandRun run = start(folder, environment, arguments);
    run.exitCode();
    return run;
  }

  int exitCode() throws InterruptedException, IOException {
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).as(output()).isTrue();
    return process.exitValue();
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  /** Waits until the output holds a text. */
  void awaitOutput(String text) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!output().contains(text)) {
      assertThat(process.isAlive()).as(output()).isTrue();
      assertThat(System.nanoTime()).as(output()).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  /** Ctrl-C; the test is passed over where this build ignores it, and nothing can change that. */
  void interrupt() throws IOException, InterruptedException {
    assumeThat(interruptible)
        .as("SIGINT is ignored here, and there is no env of coreutils 8.31, perl or python3")
        .isTrue();
    assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor())
        .isZero();
  }

  /** As {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
  }

  List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  Path report() {
    return report;
  }

  JsonNode json() throws IOException {
    return new ObjectMapper().readTree(report.resolve("report.json").toFile());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
