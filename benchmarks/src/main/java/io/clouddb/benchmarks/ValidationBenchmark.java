/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.validate.ValidatedTable;
import io.clouddb.migration.postgres.validate.Validation;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The comparison of one table of 13 mixed columns, per side, beside {@code COPY ... TO STDOUT
 * (FORMAT binary)} of it to nothing: what any other way to compare has to read at least. Both are
 * done by one session without parallel workers; the comparison once more with one of these. An md5
 * of each row's text, summed, stands beside it.
 *
 * <p>Both ends of the comparison are the same table, so a pass reads it twice; a contestant that
 * reads two sides does so one after the other, and COPY is run twice too.
 */
final class ValidationBenchmark implements Benchmark {
  private static final MixedTable TABLE = new MixedTable("mixed");
  private static final String MD5 =
      "SELECT count(*), sum(('x' || left(md5(m::text), 16))::bit(64)::bigint) FROM mixed AS m";

  @Override
  public String name() {
    return "validation";
  }

  @Override
  public void run(Scale scale, Report report) throws Exception {
    long rows = scale.of(3_000_000, 300_000, 1_000);
    try (Servers servers = Servers.start()) {
      ConnectionDetails server = servers.source();
      Servers.execute(
          server,
          TABLE.create(),
          TABLE.insertNumbers(rows),
          TABLE.key(),
          "VACUUM ANALYZE",
          "CHECKPOINT");
      List<Table> tables;
      try (Connection connection = CatalogSession.open(server)) {
        tables = Catalog.read(connection, TableSelection.of("public.mixed"));
      }
      Contestants contestants =
          new Contestants()
              .add("clouddb, one session a side", () -> compare(server, tables, rows, 0))
              .add("clouddb, one parallel worker more", () -> compare(server, tables, rows, 1));
      if (Programs.installed("psql")) {
        contestants.add("psql COPY binary to nothing", () -> copy(server));
      } else {
        report.skipped("psql");
      }
      contestants.add("md5 of each row's text", () -> md5(server, rows));
      report.race(
          "Comparison of " + rows + " rows of 13 columns, both sides one after the other",
          contestants.race(scale.rounds(), () -> {}));
    }
  }

  private static void copy(ConnectionDetails server) throws IOException, InterruptedException {
    for (int side = 0; side < 2; side++) {
      Programs.run(
          Programs.command(server, "psql", "-X", "-q", "-c", TABLE.copy("TO STDOUT"))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD));
    }
  }

  private static void compare(
      ConnectionDetails server, List<Table> tables, long rows, int parallelWorkers)
      throws SQLException {
    try (Connection source = Validation.connect(server);
        Connection target = Validation.connect(server)) {
      for (Connection end : List.of(source, target)) {
        try (Statement statement = end.createStatement()) {
          statement.execute("SET max_parallel_workers_per_gather = " + parallelWorkers);
        }
      }
      List<ValidatedTable> compared = Validation.compareTables(source, target, tables, 10);
      require(
          compared.size() == 1 && compared.get(0).same() && compared.get(0).sourceRows() == rows,
          "the sides differ");
    }
  }

  private static void md5(ConnectionDetails server, long rows) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET max_parallel_workers_per_gather = 0");
      for (int side = 0; side < 2; side++) {
        try (ResultSet row = statement.executeQuery(MD5)) {
          require(row.next() && row.getLong(1) == rows, "rows were not hashed");
        }
      }
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }
}
