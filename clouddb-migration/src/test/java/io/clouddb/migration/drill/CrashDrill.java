/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.migration.Eventually;
import io.clouddb.migration.ShopSchema;
import io.clouddb.migration.ShopWriters;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One migration under a live application, with the faults that a seed decides: the migrating
 * process is killed, or a server, or the connections between them are dropped, stalled or closed by
 * half. After each fault what was killed is started again, and so is the migration, until it ends
 * as the seed has it.
 */
final class CrashDrill {
  static final int CUSTOMERS = 400;

  private static final Logger LOG = LoggerFactory.getLogger(CrashDrill.class);
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Each transaction has a connection of its own, which costs more than all it does. */
  private static final Duration BREATH = Duration.ofMillis(20);

  private static final int WRITES_AFTER_THE_END = 20;

  private final DrillPlan plan;
  private final Path folder;
  private final StringBuilder story = new StringBuilder();
  private final long began = System.nanoTime();

  CrashDrill(DrillPlan plan, Path folder) {
    this.plan = plan;
    this.folder = folder;
  }

  /** Runs the drill; what it did is in the message when it fails. */
  DrillResult run() {
    tell(plan.toString());
    try (DrillServers servers = DrillServers.start(plan)) {
      ShopSchema.create(servers.source(), CUSTOMERS);
      return run(servers);
    } catch (AssertionError | Exception e) {
      // A report may show the message alone, without the cause.
      tell(e.toString());
      throw new AssertionError("Drill of seed " + plan.seed() + ":\n" + story, e);
    }
  }

  private DrillResult run(DrillServers servers) throws Exception {
    DrillMigration direct = servers.direct(plan, folder);
    AfterDrill after = AfterDrill.before(servers, plan, direct);
    try (RouteStore route = direct.route();
        SwitchableDataSource shop =
            SwitchableDataSource.builder(route)
                .source(servers.source().dataSource())
                .target(servers.target().dataSource())
                .waitLimit(LIMIT)
                .build();
        RetainedLog onSource = new RetainedLog(servers.sourceServer.superuser());
        RetainedLog onTarget = new RetainedLog(servers.targetServer.superuser())) {
      ShopWriters writers = new ShopWriters(shop, 2, CUSTOMERS, BREATH);
      Conductor conductor = new Conductor(plan, servers, folder, writers::written, this::tell);
      try {
        conductor.conduct();
        int reached = writers.written();
        Eventually.until(
            "writes after the end",
            LIMIT,
            () -> writers.written() > reached + WRITES_AFTER_THE_END);
      } finally {
        writers.close();
      }
      after.check(writers);
      long retained = Math.max(onSource.most(), onTarget.most());
      after.checkRetained(retained);
      return new DrillResult(
          plan, conductor.hits(), conductor.runs(), writers.written(), retained, millis());
    }
  }

  private long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  private void tell(String what) {
    LOG.info("Drill {}: {}", plan.seed(), what);
    story.append(millis()).append(" ms: ").append(what).append('\n');
  }
}
