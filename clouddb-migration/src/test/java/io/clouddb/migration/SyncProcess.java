/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.JournalEntry;
import io.clouddb.migration.state.StateStore;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A migration in a process of its own, that is killed while it copies: from outside, or by itself
 * when it is about to journal the n-th complete table, or just did.
 */
public final class SyncProcess implements AutoCloseable {
  static final int DIED = 137;
  private static final SecretRef PASSWORD = SecretRef.literal("secret");
  private static final String ENTRY = "copy.table";

  private final Process process;

  private SyncProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param state a folder, or the URL of a database
   * @param moment {@code before-<n>}, {@code after-<n>}, or anything else for never
   */
  static SyncProcess start(String state, TwoDatabases both, String moment) throws IOException {
    return start(state, both, moment, "128m");
  }

  /** Starts one that is not killed, with a heap of its own size. */
  static SyncProcess startWithHeap(String state, TwoDatabases both, String heap)
      throws IOException {
    return start(state, both, "never", heap);
  }

  private static SyncProcess start(String state, TwoDatabases both, String moment, String heap)
      throws IOException {
    return new SyncProcess(
        new ProcessBuilder(
                JavaCommand.of(
                    heap,
                    SyncProcess.class,
                    state,
                    both.source.jdbcUrl(),
                    both.target.jdbcUrl(),
                    moment))
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(
                    new File("target", "sync-process-" + moment + ".log")))
            .start());
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    if (!process.isAlive()) {
      throw new AssertionError("The migration ended by itself with " + process.exitValue());
    }
    process.destroyForcibly().waitFor();
  }

  /** Waits until it has killed itself. */
  int awaitDeath() throws InterruptedException {
    if (!process.waitFor(300, TimeUnit.SECONDS)) {
      throw new AssertionError("The migration did not die");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The store of a folder, or of a database with a short lease: the holder will be killed. */
  static StateStore state(String where) {
    return where.startsWith("jdbc:")
        ? StateStore.jdbc(
            ConnectionDetails.ofJdbcUrl(where, "source_admin", PASSWORD).dataSource(),
            Duration.ofSeconds(2))
        : StateStore.directory(Path.of(where));
  }

  static MigrationBuilder migration(
      StateStore state, ConnectionDetails source, ConnectionDetails target) {
    return Migration.builder()
        .id("shop")
        .from(source)
        .to(target)
        .tables("*.*")
        .connections(3)
        .fenceLimit(Duration.ofSeconds(30))
        .catchUpLimit(Duration.ofSeconds(60))
        .state(state);
  }

  public static void main(String[] arguments) {
    migration(
            dyingAt(arguments[3], state(arguments[0])),
            ConnectionDetails.ofJdbcUrl(arguments[1], "source_admin", PASSWORD),
            ConnectionDetails.ofJdbcUrl(arguments[2], "target_admin", PASSWORD))
        .build()
        .run();
  }

  private static StateStore dyingAt(String moment, StateStore store) {
    AtomicInteger tables = new AtomicInteger();
    return id -> {
      Journal journal = store.open(id);
      return new Journal() {
        @Override
        public List<JournalEntry> entries() {
          return journal.entries();
        }

        @Override
        public JournalEntry append(String kind, Map<String, String> data) {
          int number = kind.equals(ENTRY) ? tables.incrementAndGet() : 0;
          dieIf(moment.equals("before-" + number));
          JournalEntry entry = journal.append(kind, data);
          dieIf(moment.equals("after-" + number));
          return entry;
        }

        @Override
        public void requireHeld() {
          journal.requireHeld();
        }

        @Override
        public void close() {
          journal.close();
        }
      };
    };
  }

  private static void dieIf(boolean now) {
    if (now) {
      Runtime.getRuntime().halt(DIED);
    }
  }
}
