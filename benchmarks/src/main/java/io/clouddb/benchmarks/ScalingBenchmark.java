/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The copy of one table with its key at growing sizes: whether its time grows alike. */
final class ScalingBenchmark implements Benchmark {
  @Override
  public String name() {
    return "scaling";
  }

  @Override
  public void run(Scale scale, Report report) throws Exception {
    MixedTable table = new MixedTable("mixed");
    List<Long> sizes =
        List.of(
            scale.of(1_000_000, 100_000, 1_000),
            scale.of(3_000_000, 300_000, 3_000),
            scale.of(10_000_000, 1_000_000, 10_000));
    List<Servers> running = new ArrayList<>();
    try {
      Contestants contestants = new Contestants();
      List<DatabaseCopies> all = new ArrayList<>();
      for (long rows : sizes) {
        Servers servers = Servers.start();
        running.add(servers);
        Servers.execute(
            servers.source(),
            table.create(),
            table.insertNumbers(rows),
            table.key(),
            "VACUUM ANALYZE");
        DatabaseCopies copies = new DatabaseCopies(servers);
        all.add(copies);
        contestants.add(rows + " rows", () -> copies.clouddb(2));
      }
      Standings standings =
          contestants.race(
              scale.rounds(),
              () -> {
                for (DatabaseCopies copies : all) {
                  copies.emptyTarget();
                }
              });
      report(standings, sizes, report);
    } finally {
      running.forEach(Servers::close);
    }
  }

  private static void report(Standings standings, List<Long> sizes, Report report) {
    List<List<String>> lines = new ArrayList<>();
    double first = standings.median(sizes.get(0) + " rows") / sizes.get(0);
    for (long rows : sizes) {
      double each = standings.median(rows + " rows") / rows;
      lines.add(
          List.of(
              Long.toString(rows),
              standings.seconds(rows + " rows"),
              String.format(Locale.ROOT, "%.2f", each * 1_000_000),
              String.format(Locale.ROOT, "%.2f", each / first)));
    }
    report.table(
        "Time of a copy by its size",
        List.of("rows", "seconds", "seconds a million rows", "against the first"),
        lines);
  }
}
