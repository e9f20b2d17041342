/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import java.sql.SQLException;

/** The copy of one table of 13 mixed columns with its primary key. */
final class CopyBenchmark implements Benchmark {
  @Override
  public String name() {
    return "copy";
  }

  @Override
  public void run(Scale scale, Report report) throws Exception {
    long rows = scale.of(3_000_000, 300_000, 1_000);
    MixedTable table = new MixedTable("mixed");
    try (Servers servers = Servers.start()) {
      Servers.execute(
          servers.source(),
          table.create(),
          table.insertNumbers(rows),
          table.key(),
          "VACUUM ANALYZE");
      DatabaseCopies copies = new DatabaseCopies(servers);
      String expected = Servers.query(servers.source(), table.checksum());
      Contestants contestants =
          new Contestants()
              .add("clouddb", () -> copies.clouddb(2))
              .add("clouddb, one worker", () -> copies.clouddb(1));
      if (Programs.installed("psql")) {
        contestants.add("psql COPY binary, piped, 1 process a side", () -> copies.psql(table));
      } else {
        report.skipped("psql");
      }
      if (Programs.installed("pgcopydb", "pg_dump", "pg_restore")) {
        contestants.add("pgcopydb clone, 2 jobs", copies::pgcopydb);
      } else {
        report.skipped("pgcopydb");
      }
      if (Programs.installed("pg_dump", "pg_restore")) {
        contestants.add("pg_dump -Fd -j2, pg_restore -j2", copies::dumpAndRestore);
      } else {
        report.skipped("pg_dump and pg_restore");
      }
      report.race(
          "Copy of " + rows + " rows of 13 columns, with the primary key",
          contestants.race(
              scale.rounds(), copies::emptyTarget, () -> check(copies, table, expected)));
    }
  }

  private static void check(DatabaseCopies copies, MixedTable table, String expected)
      throws SQLException {
    String found = Servers.query(copies.target(), table.checksum());
    if (!found.equals(expected)) {
      throw new IllegalStateException("The target has " + found + ", not " + expected);
    }
  }
}
