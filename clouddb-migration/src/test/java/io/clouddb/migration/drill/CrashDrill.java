/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.Eventually;
import io.clouddb.migration.ShopSchema;
import io.clouddb.migration.ShopWriters;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One migration under a live application, with faults at moments that a seed decides: the migrating
 * process is killed, or a server, or the connections between them are cut, stalled or closed by
 * half. After each fault what was killed is started again, and so is the migration, until it is
 * complete or, by some seeds, rolled back.
 */
final class CrashDrill {
  private static final Logger LOG = LoggerFactory.getLogger(CrashDrill.class);
  private static final int CUSTOMERS = 400;
  private static final int MOST_RUNS = 12;

  /** What is hit. */
  enum Victim {
    MIGRATOR,
    SOURCE,
    TARGET,
    SOURCE_LINK,
    TARGET_LINK
  }

  private final int seed;
  private final Random random;
  private final Path folder;
  private final boolean rollsBack;
  private final StringBuilder story = new StringBuilder();

  CrashDrill(int seed, Path folder) {
    this.seed = seed;
    this.random = new Random(seed);
    this.folder = folder;
    this.rollsBack = random.nextInt(5) == 0;
  }

  /** Runs the drill; what it did is in the message when it fails. */
  void run() throws Exception {
    try (TwoDatabases both = TwoDatabases.startDurable(16, 16, random.nextBoolean());
        FaultyLink toSource = new FaultyLink(both.source.host(), both.source.port());
        FaultyLink toTarget = new FaultyLink(both.target.host(), both.target.port());
        RouteStore route = RouteStore.file(folder.resolve("route.json"));
        SwitchableDataSource shop =
            SwitchableDataSource.builder(route)
                .source(both.source.dataSource())
                .target(both.target.dataSource())
                .waitLimit(Duration.ofMinutes(3))
                .build()) {
      ShopSchema.create(both.source, CUSTOMERS);
      ShopWriters writers = new ShopWriters(shop, 2, CUSTOMERS);
      MigrationReport.Status end;
      try {
        end = migrate(both, toSource, toTarget, route);
        int reached = writers.written();
        Eventually.until(
            "writes after the end", Duration.ofMinutes(3), () -> writers.written() > reached + 20);
      } finally {
        writers.close();
      }
      check(both, writers, end);
    } catch (AssertionError | Exception e) {
      throw new AssertionError("Drill of seed " + seed + ":\n" + story, e);
    }
  }

  private void tell(String what) {
    LOG.info("Drill {}: {}", seed, what);
    story.append(what).append('\n');
  }

  private MigrationReport.Status migrate(
      TwoDatabases both, FaultyLink toSource, FaultyLink toTarget, RouteStore route)
      throws Exception {
    String source = through(both.source, toSource);
    String target = through(both.target, toTarget);
    int faults = 1 + random.nextInt(3);
    for (int run = 1; run <= MOST_RUNS; run++) {
      Process migrator = DrillProcess.start(folder, source, target, seed);
      try {
        if (run <= faults && awaitMoment(migrator)) {
          inflict(both, toSource, toTarget, migrator);
        }
        if (rollsBack && run == faults && switchedTo(route).equals("SOURCE")) {
          migrator.destroyForcibly().waitFor();
          MigrationReport report =
              DrillProcess.migration(folder, both.source, both.target, route).rollback();
          tell("rolled back: " + report.status());
          return report.status();
        }
        if (!migrator.waitFor(180, TimeUnit.SECONDS)) {
          throw new AssertionError("The migration does not come to an end");
        }
        tell("run " + run + " ended with " + migrator.exitValue());
        if (migrator.exitValue() == 0) {
          return MigrationReport.Status.COMPLETED;
        }
      } finally {
        migrator.destroyForcibly();
      }
    }
    throw new AssertionError("Not complete after " + MOST_RUNS + " runs");
  }

  private static String switchedTo(RouteStore route) {
    return route.read().side().name();
  }

  private static String through(ConnectionDetails database, FaultyLink link) {
    return database.jdbcUrl().replace(":" + database.port() + "/", ":" + link.port() + "/");
  }

  /** Waits for a number of journal entries, or for a time; false when the process ended first. */
  private boolean awaitMoment(Process migrator) throws Exception {
    Path journal = folder.resolve("state").resolve("drill.journal");
    boolean byEntries = random.nextBoolean();
    long entries = lines(journal) + 1 + random.nextInt(byEntries ? 18 : 1);
    int millis = 200 + random.nextInt(6000);
    tell(byEntries ? "at journal entry " + entries : "after " + millis + " ms");
    long began = System.nanoTime();
    while (migrator.isAlive()) {
      boolean reached =
          byEntries
              ? lines(journal) >= entries
              : System.nanoTime() - began > TimeUnit.MILLISECONDS.toNanos(millis);
      if (reached) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
    return false;
  }

  private static long lines(Path journal) throws IOException {
    if (!Files.exists(journal)) {
      return 0;
    }
    byte[] bytes = Files.readAllBytes(journal);
    long lines = 0;
    for (byte each : bytes) {
      lines += each == '\n' ? 1 : 0;
    }
    return lines;
  }

  private void inflict(
      TwoDatabases both, FaultyLink toSource, FaultyLink toTarget, Process migrator)
      throws Exception {
    Victim victim = oneOf(Victim.values());
    int millis = 100 + random.nextInt(2500);
    FaultyLink.Fault fault = oneOf(FaultyLink.Fault.values());
    tell(
        victim
            + (victim.name().endsWith("LINK") ? " " + fault : " killed")
            + ", for "
            + millis
            + " ms");
    switch (victim) {
      case MIGRATOR -> migrator.destroyForcibly().waitFor();
      case SOURCE -> killed(both.sourceServer, millis);
      case TARGET -> killed(both.targetServer, millis);
      case SOURCE_LINK -> faulty(toSource, fault, millis);
      case TARGET_LINK -> faulty(toTarget, fault, millis);
    }
  }

  private <T> T oneOf(T[] all) {
    return all[random.nextInt(all.length)];
  }

  private static void killed(EmbeddedPostgres server, long millis) throws InterruptedException {
    server.kill();
    TimeUnit.MILLISECONDS.sleep(millis);
    server.start();
  }

  private static void faulty(FaultyLink link, FaultyLink.Fault fault, long millis)
      throws InterruptedException {
    link.inflict(fault);
    TimeUnit.MILLISECONDS.sleep(millis);
    link.mend();
  }

  private void check(TwoDatabases both, ShopWriters writers, MigrationReport.Status end)
      throws SQLException {
    ConnectionDetails home = end == MigrationReport.Status.COMPLETED ? both.target : both.source;
    assertThat(writers.lost(home)).as("lost writes").isEmpty();
    assertThat(writers.unknown(home)).as("unknown writes").isEmpty();
    // Each transaction of the ledger gave its customer one more, and made one order with one note.
    String initial = Long.toString((long) CUSTOMERS * (CUSTOMERS + 1) / 2);
    assertThat(
            TwoDatabases.ask(
                home,
                "SELECT (SELECT sum(balance) FROM customers) = "
                    + initial
                    + " * 1.10 + (SELECT count(*) FROM ledger)"))
        .as("every write is there once")
        .isEqualTo("t");
    assertThat(
            TwoDatabases.ask(
                home, "SELECT (SELECT count(*) FROM audit) = (SELECT count(*) FROM orders)"))
        .as("a note for each order that was written")
        .isEqualTo("t");
    for (ConnectionDetails side : new ConnectionDetails[] {both.source, both.target}) {
      assertThat(TwoDatabases.ask(side, "SELECT count(*) FROM pg_replication_slots"))
          .as("slots")
          .isEqualTo("0");
      assertThat(TwoDatabases.ask(side, "SELECT count(*) FROM pg_publication"))
          .as("publications")
          .isEqualTo("0");
    }
    if (end != MigrationReport.Status.COMPLETED) {
      assertThat(
              TwoDatabases.ask(
                  both.source, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'clouddb%'"))
          .as("fences")
          .isEqualTo("0");
    }
  }
}
