/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import io.clouddb.migration.Eventually;
import io.clouddb.migration.JavaCommand;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A process that opens a journal, writes an entry, says so, and stays until it is killed. */
public final class JournalProcess implements AutoCloseable {
  private static final String READY = "ready";

  private final Process process;

  private JournalProcess(Process process) {
    this.process = process;
  }

  /** Starts one on a directory (one argument) or a database (url, user, password, millis). */
  static JournalProcess start(Path folder, String... store) throws Exception {
    File log = folder.resolve("journal-process.log").toFile();
    List<String> command = JavaCommand.of("64m", JournalProcess.class, store);
    JournalProcess started =
        new JournalProcess(
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start());
    Eventually.until("the journal is open", () -> started.isReady(log.toPath()));
    return started;
  }

  private boolean isReady(Path log) throws IOException {
    String said = Files.readString(log);
    if (!process.isAlive()) {
      throw new AssertionError(said);
    }
    return said.lines().anyMatch(READY::equals);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] arguments) throws InterruptedException {
    StateStore store =
        arguments.length == 1
            ? StateStore.directory(Path.of(arguments[0]))
            : StateStore.jdbc(
                ConnectionDetails.ofJdbcUrl(
                        arguments[0], arguments[1], SecretRef.literal(arguments[2]))
                    .dataSource(),
                Duration.ofMillis(Long.parseLong(arguments[3])));
    try (Journal journal = store.open("shop")) {
      journal.append("step.started", Map.of("by", "the process"));
      System.out.println(READY);
      new CountDownLatch(1).await();
    }
  }
}
