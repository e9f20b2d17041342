/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.copy.SnapshotCopy;
import io.clouddb.migration.postgres.copy.TableLocks;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The copy of one table of 13 mixed columns with its primary key, beside {@code psql} piping COPY
 * into COPY, and {@code pg_dump} into {@code pg_restore}. Peers that are not installed are skipped
 * by name.
 *
 * <p>Arguments: rows (1000000), rounds (3).
 */
public final class CopyBenchmark {
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
  private static final String KEY = "ALTER TABLE mixed ADD PRIMARY KEY (id)";

  private final EmbeddedPostgres source;
  private final EmbeddedPostgres target;

  private CopyBenchmark(EmbeddedPostgres source, EmbeddedPostgres target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Runs the benchmark.
   *
   * @param arguments rows, rounds
   * @throws Exception when a contestant fails
   */
  public static void main(String[] arguments) throws Exception {
    long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
    try (EmbeddedPostgres from = server();
        EmbeddedPostgres to = server()) {
      new CopyBenchmark(from, to).run(rows, rounds);
    }
  }

  private static EmbeddedPostgres server() {
    return EmbeddedPostgres.builder()
        .version(15)
        .setting("wal_level", "logical")
        .setting("max_wal_size", "8GB")
        .setting("shared_buffers", "512MB")
        .setting("checkpoint_timeout", "30min")
        .start();
  }

  private void run(long rows, int rounds) throws Exception {
    System.out.printf("%d rows of 13 columns, PostgreSQL 15 on both sides%n", rows);
    execute(source, TABLE, ROWS.replace("?", Long.toString(rows)), KEY, "VACUUM ANALYZE mixed");
    Contestants contestants = new Contestants();
    if (installed("psql")) {
      contestants.add("psql COPY | psql COPY", this::psql);
    } else {
      System.out.println("skipped, not installed: psql");
    }
    contestants.add("clouddb, 1 worker", () -> copy(1)).add("clouddb, 2 workers", () -> copy(2));
    if (installed("pg_dump") && installed("pg_restore")) {
      contestants.add("pg_dump -j2 | pg_restore -j2", this::dumpAndRestore);
    } else {
      System.out.println("skipped, not installed: pg_dump, pg_restore");
    }
    contestants.race(rounds, () -> execute(target, "DROP TABLE IF EXISTS mixed", "CHECKPOINT"));
  }

  private void copy(int workers) throws SQLException {
    ConnectionDetails from = source.superuser();
    ConnectionDetails to = target.superuser();
    execute(target, TABLE);
    List<Table> tables;
    try (Connection connection = from.connect()) {
      tables = Catalog.read(connection, TableSelection.of("public.mixed"));
    }
    try (TableLocks locks = TableLocks.acquire(from, tables, Duration.ofSeconds(10));
        ReplicationSlot slot =
            ReplicationSlot.createTemporary(from, "benchmark", Duration.ofSeconds(30))) {
      SnapshotCopy.between(from, to)
          .workers(workers)
          .build()
          .copy(tables, slot.snapshot(), locks::release);
    }
    execute(target, KEY);
  }

  private void psql() throws IOException, InterruptedException, SQLException {
    execute(target, TABLE);
    String out = "COPY mixed TO STDOUT (FORMAT binary)";
    String in = "COPY mixed FROM STDIN (FORMAT binary)";
    List<Process> pipe =
        ProcessBuilder.startPipeline(
            List.of(
                program(source, "psql", "-X", "-q", "-c", out),
                program(target, "psql", "-X", "-q", "-c", in)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)));
    for (Process process : pipe) {
      require(process);
    }
    execute(target, KEY);
  }

  private void dumpAndRestore() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("clouddb-benchmark");
    Path dump = folder.resolve("dump");
    try {
      require(
          program(source, "pg_dump", "-Fd", "-Z0", "-j2", "-t", "mixed", "-f", dump.toString())
              .start());
      require(program(target, "pg_restore", "-j2", "-d", "postgres", dump.toString()).start());
    } finally {
      try (var files = Files.walk(folder)) {
        files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }

  private static ProcessBuilder program(EmbeddedPostgres server, String... command) {
    ConnectionDetails details = server.superuser();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    Map<String, String> environment = builder.environment();
    environment.put("PGHOST", details.host());
    environment.put("PGPORT", Integer.toString(details.port()));
    environment.put("PGUSER", details.user());
    environment.put("PGDATABASE", details.database());
    environment.put("PGPASSWORD", details.credentials().getProperty("password"));
    return builder;
  }

  private static void require(Process process) throws IOException, InterruptedException {
    if (process.waitFor() != 0) {
      throw new IOException(process.info().command().orElse("a program") + " failed");
    }
  }

  private static boolean installed(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static void execute(EmbeddedPostgres server, String... statements) throws SQLException {
    try (Connection connection = server.superuser().connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
