/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.copy.SnapshotCopy;
import io.clouddb.migration.postgres.copy.TableLocks;
import io.clouddb.migration.postgres.schema.SchemaTransfer;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * The ways to copy a database with its schema into an empty one. Those that can work at two things
 * at once do.
 */
final class DatabaseCopies {
  private static final String RUN = "run";

  private final Servers servers;

  DatabaseCopies(Servers servers) {
    this.servers = servers;
  }

  ConnectionDetails target() {
    return Servers.database(servers.target(), RUN);
  }

  void emptyTarget() throws SQLException {
    Servers.execute(
        servers.target(),
        "DROP DATABASE IF EXISTS " + RUN + " WITH (FORCE)",
        "CREATE DATABASE " + RUN + " TEMPLATE template0",
        "CHECKPOINT");
  }

  void clouddb(int workers) throws SQLException {
    clouddb(servers.source(), target(), workers);
  }

  /** What a migration does before it follows the changes, with its locks and its slot. */
  static void clouddb(ConnectionDetails from, ConnectionDetails to, int workers)
      throws SQLException {
    SchemaTransfer schema =
        SchemaTransfer.of(from, to, TableSelection.all()).withConnections(workers);
    List<Table> tables;
    try (Connection connection = from.connect()) {
      tables = Catalog.read(connection, TableSelection.all());
    }
    schema.beforeData();
    try (TableLocks locks = TableLocks.acquire(from, tables, Duration.ofSeconds(10));
        ReplicationSlot slot =
            ReplicationSlot.createTemporary(from, "benchmark", Duration.ofSeconds(30))) {
      SnapshotCopy.between(from, to)
          .workers(workers)
          .build()
          .copy(tables, slot.snapshot(), locks::release);
    }
    schema.afterData();
    schema.addForeignKeys(true);
    schema.finish();
  }

  /** The statistics that a migration collects at the end of its copy. */
  void analyze() throws SQLException {
    try (Connection connection = target().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("ANALYZE");
    }
  }

  /** One table piped through two clients, then its key. */
  void psql(MixedTable table) throws IOException, InterruptedException, SQLException {
    Servers.execute(target(), table.create());
    List<Process> pipe =
        ProcessBuilder.startPipeline(
            List.of(
                Programs.command(
                    servers.source(), "psql", "-X", "-q", "-c", table.copy("TO STDOUT")),
                Programs.command(target(), "psql", "-X", "-q", "-c", table.copy("FROM STDIN"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)));
    for (Process process : pipe) {
      Programs.require(process);
    }
    Servers.execute(target(), table.key());
  }

  void dumpAndRestore() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("clouddb-benchmark");
    try {
      String dump = folder.resolve("dump").toString();
      Programs.run(Programs.command(servers.source(), "pg_dump", "-Fd", "-Z0", "-j2", "-f", dump));
      Programs.run(Programs.command(target(), "pg_restore", "-j2", "-d", RUN, dump));
    } finally {
      Programs.deleteAll(folder);
    }
  }

  /** It collects statistics too, which it cannot be told to leave. */
  void pgcopydb() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("clouddb-benchmark");
    try {
      ProcessBuilder clone =
          Programs.command(
              servers.source(),
              "pgcopydb",
              "clone",
              "--table-jobs",
              "2",
              "--index-jobs",
              "2",
              "--skip-extensions",
              "--dir",
              folder.resolve("work").toString());
      // Not as arguments, which every user of the machine can read.
      clone.environment().put("PGCOPYDB_SOURCE_PGURI", Programs.uri(servers.source()));
      clone.environment().put("PGCOPYDB_TARGET_PGURI", Programs.uri(target()));
      Programs.runQuietly(clone, folder.resolve("log"));
    } finally {
      Programs.deleteAll(folder);
    }
  }
}
