/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.migration.Migration;
import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.Rehearsal;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import io.clouddb.migration.state.StateStore;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * The cutover under load: two connections write short transactions as fast as they can through a
 * switchable data source; from the last write that the source acknowledged to the first that the
 * target did. A rehearsal before each says what it would be. Measured for a role of the target that
 * may set replica role, and for one that may not, as on some clouds: then foreign keys and triggers
 * are made in the pause.
 */
final class CutoverBenchmark implements Benchmark {
  private static final String DATABASE = "moved";
  private static final String OWNER = "benchmark_owner";
  private static final SecretRef PASSWORD = SecretRef.literal("on-this-machine-only");

  /** One cutover, in milliseconds. */
  private record Gap(double writes, double rehearsed, double reported) {}

  @Override
  public String name() {
    return "cutover";
  }

  @Override
  public void run(Scale scale, Report report) throws Exception {
    long cutovers = scale.of(20, 5, 1);
    long rows = scale.of(200_000, 50_000, 1_000);
    List<List<String>> lines = new ArrayList<>();
    Path folder = Files.createTempDirectory("clouddb-cutover");
    try (Servers servers = Servers.start()) {
      for (boolean replicaRole : List.of(true, false)) {
        String form = replicaRole ? "with replica role" : "without replica role";
        List<Gap> gaps = new ArrayList<>();
        for (int i = 1; i <= cutovers; i++) {
          Path state = Files.createDirectory(folder.resolve(form.replace(' ', '-') + i));
          Gap gap = cutOver(servers, rows, replicaRole, state);
          gaps.add(gap);
          System.out.printf(
              "cutover %d %s  %.0f ms between writes, rehearsed %.0f ms   load %s%n",
              i, form, gap.writes, gap.rehearsed, Report.load());
        }
        lines.add(
            List.of(
                "last write acknowledged by the source to the first by the target, " + form,
                Standings.spread(gaps.stream().map(Gap::writes).toList())));
        lines.add(
            List.of(
                "pause of the rehearsal before it, " + form,
                Standings.spread(gaps.stream().map(Gap::rehearsed).toList())));
        lines.add(
            List.of(
                "pause that the report says, " + form,
                Standings.spread(gaps.stream().map(Gap::reported).toList())));
      }
    } finally {
      Programs.deleteAll(folder);
    }
    report.table(
        cutovers
            + " cutovers in each form of a database of "
            + rows
            + " rows, two connections writing without a pause, no error seen by them",
        List.of("what", "milliseconds: median (least-most)"),
        lines);
  }

  private static Gap cutOver(Servers servers, long rows, boolean replicaRole, Path folder)
      throws Exception {
    for (ConnectionDetails server : List.of(servers.source(), servers.target())) {
      Servers.execute(
          server,
          "DROP DATABASE IF EXISTS " + DATABASE + " WITH (FORCE)",
          "DROP ROLE IF EXISTS " + OWNER,
          "CREATE ROLE " + OWNER + " LOGIN PASSWORD '" + PASSWORD.resolve() + "'",
          "CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
    }
    ConnectionDetails source = Servers.database(servers.source(), DATABASE);
    ConnectionDetails target = Servers.database(servers.target(), DATABASE);
    if (!replicaRole) {
      target = target.toBuilder().login(OWNER, PASSWORD::resolve).build();
    }
    Servers.execute(source, SwitchedWriters.tables(rows).toArray(String[]::new));
    CountDownLatch ready = new CountDownLatch(1);
    try (RouteStore route = RouteStore.file(folder.resolve("route.json"));
        SwitchableDataSource data =
            SwitchableDataSource.builder(route)
                .source(source.dataSource())
                .target(target.dataSource())
                .build()) {
      Migration migration =
          Migration.builder()
              .id("cutover")
              .from(source)
              .to(target)
              .state(StateStore.directory(folder.resolve("state")))
              .route(route)
              .cutoverOnRequest(true)
              .listener(
                  new MigrationListener() {
                    @Override
                    public void notice(String message) {
                      if (message.startsWith("Ready for the cutover")) {
                        ready.countDown();
                      }
                    }
                  })
              .build();
      try (SwitchedWriters writers = SwitchedWriters.start(data, target.port(), rows)) {
        CompletableFuture<MigrationReport> run =
            CompletableFuture.supplyAsync(migration::run)
                .whenComplete((ended, error) -> ready.countDown());
        ready.await();
        if (run.isDone()) {
          throw new IllegalStateException("It ended before its cutover: " + run.get().failure());
        }
        Rehearsal rehearsal = migration.rehearse();
        migration.cutOver();
        MigrationReport report = run.get();
        if (report.status() != MigrationReport.Status.COMPLETED) {
          throw new IllegalStateException(report.failure().orElse("not complete"));
        }
        return new Gap(
            writers.gapMillis(), rehearsal.pause().toMillis(), report.writePauseMillis());
      }
    }
  }
}
