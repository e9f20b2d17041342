/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.validate.ValidatedTable;
import io.clouddb.migration.postgres.validate.Validation;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/**
 * The comparison of one table of 13 mixed columns, per side, beside {@code COPY ... TO STDOUT
 * (FORMAT binary)} of it to nothing: what any other way to compare has to read at least. Both are
 * done by one session without parallel workers; the comparison once more with one of these. An md5
 * of each row's text, summed, stands beside it.
 *
 * <p>Both ends of the comparison are the same table, so a pass reads it twice; a contestant that
 * reads two sides does so one after the other, and COPY is run twice too, by psql, which has to be
 * installed.
 *
 * <p>Arguments: rows (1000000), rounds (5).
 */
public final class ValidationBenchmark {
  private static final String TABLE =
      """
      CREATE TABLE mixed (
        id bigint NOT NULL, small smallint, amount numeric(12,2), ratio double precision,
        flag boolean, name text, code char(8), created timestamptz, day date, token uuid,
        attributes jsonb, tags text[], payload bytea)
      """;
  private static final String ROWS =
      """
      INSERT INTO mixed
      SELECT i, i % 1000, i * 0.07, sqrt(i), i % 3 = 0, 'customer number ' || i,
             lpad(to_hex(i), 8, '0'), timestamptz '2026-01-01' + i * interval '1 second',
             date '2026-01-01' + (i % 365)::int, md5(i::text)::uuid,
             jsonb_build_object('n', i, 'color', (ARRAY['red','green','blue'])[1 + i % 3]),
             ARRAY['a' || i % 7, 'b' || i % 11], decode(md5((i * 7)::text), 'hex')
      FROM generate_series(1::bigint, ?) AS i
      """;
  private static final String MD5 =
      "SELECT count(*), sum(('x' || left(md5(m::text), 16))::bit(64)::bigint) FROM mixed AS m";

  private final ConnectionDetails server;
  private final List<Table> tables;

  private ValidationBenchmark(ConnectionDetails server, List<Table> tables) {
    this.server = server;
    this.tables = tables;
  }

  /**
   * Runs the benchmark.
   *
   * @param arguments rows, rounds
   * @throws Exception when a contestant fails
   */
  public static void main(String[] arguments) throws Exception {
    long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    System.out.printf(
        "%d rows of 13 columns, PostgreSQL 15, each side one after the other%n", rows);
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .version(15)
            .setting("max_wal_size", "8GB")
            .setting("shared_buffers", "512MB")
            .setting("checkpoint_timeout", "30min")
            .start()) {
      ConnectionDetails server = postgres.superuser();
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(TABLE);
        statement.execute(ROWS.replace("?", Long.toString(rows)));
        statement.execute("ALTER TABLE mixed ADD PRIMARY KEY (id)");
        statement.execute("VACUUM ANALYZE mixed");
        statement.execute("CHECKPOINT");
      }
      List<Table> tables;
      try (Connection connection = CatalogSession.open(server)) {
        tables = Catalog.read(connection, TableSelection.of("public.mixed"));
      }
      ValidationBenchmark benchmark = new ValidationBenchmark(server, tables);
      new Contestants()
          .add("COPY binary to nothing", benchmark::copy)
          .add("clouddb, 1 worker a side", () -> benchmark.compare(0))
          .add("clouddb, 2 workers a side", () -> benchmark.compare(1))
          .add("md5 of the row's text", benchmark::md5)
          .race(rounds, () -> {});
    }
  }

  private void copy() throws IOException, InterruptedException {
    for (int side = 0; side < 2; side++) {
      ProcessBuilder psql =
          new ProcessBuilder("psql", "-X", "-q", "-c", "COPY mixed TO STDOUT (FORMAT binary)")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      Map<String, String> environment = psql.environment();
      environment.put("PGHOST", server.host());
      environment.put("PGPORT", Integer.toString(server.port()));
      environment.put("PGUSER", server.user());
      environment.put("PGDATABASE", server.database());
      environment.put("PGPASSWORD", server.credentials().getProperty("password"));
      require(psql.start().waitFor() == 0, "psql failed");
    }
  }

  private void compare(int parallelWorkers) throws SQLException {
    try (Connection source = Validation.connect(server);
        Connection target = Validation.connect(server)) {
      for (Connection end : List.of(source, target)) {
        try (Statement statement = end.createStatement()) {
          statement.execute("SET max_parallel_workers_per_gather = " + parallelWorkers);
        }
      }
      List<ValidatedTable> compared = Validation.compareTables(source, target, tables, 10);
      require(
          compared.size() == 1 && compared.get(0).same() && compared.get(0).sourceRows() > 0,
          "the sides differ");
    }
  }

  private void md5() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET max_parallel_workers_per_gather = 0");
      for (int side = 0; side < 2; side++) {
        try (ResultSet row = statement.executeQuery(MD5)) {
          require(row.next() && row.getLong(1) > 0, "nothing was hashed");
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
