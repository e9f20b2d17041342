/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.ApplyOptions;
import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.stream.SourceIdentity;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The apply of recorded changes, beside the server's own subscription. Both read copies of one
 * slot, so the same changes from the same position, into databases made from one template.
 */
final class ApplyBenchmark implements Benchmark {
  private static final String MIGRATION = "benchmark";
  private static final String PUBLICATION = "changes";
  private static final String TEMPLATE = "initial";
  private static final String RUN = "run";
  private static final long LIMIT_MINUTES = 30;

  /**
   * A recorded stream.
   *
   * @param title for the report
   * @param table whose changes these are
   * @param slot where it begins, never read itself
   * @param checksum what the table comes to
   */
  private record Recording(String title, MixedTable table, String slot, String checksum) {}

  private int copies;

  @Override
  public String name() {
    return "apply";
  }

  @Override
  public void run(Scale scale, Report report) throws Exception {
    long transactions = scale.of(300_000, 60_000, 300);
    long rows = scale.of(1_000_000, 200_000, 1_000);
    try (Servers servers = Servers.start()) {
      ConnectionDetails initial = Servers.database(servers.target(), TEMPLATE);
      Servers.execute(servers.target(), "CREATE DATABASE " + TEMPLATE);
      MixedTable single = prepare(servers, initial, "single", transactions);
      MixedTable large = prepare(servers, initial, "large", rows);
      String marker = "CREATE TABLE marker (slot text PRIMARY KEY)";
      Servers.execute(servers.source(), marker);
      Servers.execute(initial, marker, "VACUUM ANALYZE");
      Servers.execute(servers.source(), "CREATE PUBLICATION " + PUBLICATION + " FOR ALL TABLES");
      List<Recording> recordings =
          List.of(
              record(
                  servers,
                  single,
                  "single",
                  transactions + " transactions of one row: 5 update, 3 insert, 2 delete in 10",
                  singleRows(transactions)),
              record(
                  servers,
                  large,
                  "large",
                  "one transaction of " + rows + " rows, mixed alike but in three statements",
                  oneTransaction(large, rows)));
      for (Recording recording : recordings) {
        Contestants contestants =
            new Contestants()
                .add("clouddb", () -> clouddb(servers, recording))
                .add("server's subscription", () -> subscription(servers, recording));
        report.race(
            "Apply of " + recording.title(),
            contestants.race(
                scale.rounds(), () -> freshTarget(servers), () -> check(servers, recording)));
      }
    }
  }

  private static MixedTable prepare(
      Servers servers, ConnectionDetails initial, String name, long rows) throws SQLException {
    MixedTable table = new MixedTable(name);
    String numbers = "generate_series(1::bigint, " + rows + ") AS i";
    for (ConnectionDetails end : List.of(servers.source(), initial)) {
      Servers.execute(end, table.create(), table.insert(numbers), table.key());
    }
    return table;
  }

  private static Recording record(
      Servers servers, MixedTable table, String slot, String title, List<String> writes)
      throws SQLException {
    Servers.execute(
        servers.source(),
        "SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')",
        "SET synchronous_commit = off");
    try (Connection connection = servers.source().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = off");
      for (String sql : writes) {
        statement.execute(sql);
      }
      statement.execute("SET synchronous_commit = on");
      statement.execute("INSERT INTO marker VALUES ('" + slot + "')");
    }
    return new Recording(title, table, slot, Servers.query(servers.source(), table.checksum()));
  }

  /** Rows are touched in an order that leaps through the table, as an application does. */
  private static List<String> singleRows(long transactions) {
    return List.of(
        "CREATE PROCEDURE write_single(transactions bigint) LANGUAGE plpgsql AS $$"
            + " DECLARE row bigint; BEGIN FOR n IN 1..transactions LOOP"
            + " row := 1 + (n * 7919::bigint) % transactions;"
            + " IF row % 5 = 0 THEN row := row - 1; END IF;"
            + " IF n % 10 < 5 THEN UPDATE single SET amount = amount + 1, name = 'changed ' || n"
            + " WHERE id = row;"
            + " ELSIF n % 10 < 8 THEN "
            + new MixedTable("single").insert("(SELECT transactions + n AS i) AS numbers")
            + "; ELSE DELETE FROM single WHERE id = n - CASE n % 10 WHEN 8 THEN 8 ELSE 4 END; END IF;"
            + " COMMIT; END LOOP; END $$",
        "CALL write_single(" + transactions + ")");
  }

  private static List<String> oneTransaction(MixedTable table, long rows) {
    return List.of(
        "BEGIN",
        "UPDATE large SET amount = amount + 1, name = 'changed ' || id WHERE id <= " + rows / 2,
        table.insert(
            "generate_series(" + rows + " + 1::bigint, " + (rows + 3 * rows / 10) + ") AS i"),
        "DELETE FROM large WHERE id > " + (rows - rows / 5) + " AND id <= " + rows,
        "COMMIT");
  }

  private static void freshTarget(Servers servers) throws SQLException {
    Servers.execute(
        servers.target(),
        "DROP DATABASE IF EXISTS " + RUN + " WITH (FORCE)",
        "CREATE DATABASE " + RUN + " TEMPLATE " + TEMPLATE,
        "CHECKPOINT");
  }

  private String copyOf(Servers servers, Recording recording) throws SQLException {
    String copy = recording.slot() + "_" + ++copies;
    Servers.execute(
        servers.source(),
        "SELECT pg_copy_logical_replication_slot('" + recording.slot() + "', '" + copy + "')");
    return copy;
  }

  private void clouddb(Servers servers, Recording recording) throws Exception {
    String slot = copyOf(servers, recording);
    ConnectionDetails target = Servers.database(servers.target(), RUN);
    List<Table> tables;
    try (Connection from = servers.source().connect();
        Connection to = target.connect()) {
      tables = Catalog.read(from, TableSelection.all());
      PositionTable.create(to);
      PositionTable.start(
          to,
          MIGRATION,
          new PositionTable.Position(startOf(from, slot), SourceIdentity.read(servers.source())));
    }
    ApplyOptions options = ApplyOptions.of(MIGRATION).slot(slot).publication(PUBLICATION).build();
    try (Applier applier = new Applier(servers.source(), target, tables, options)) {
      applier.start();
      awaitMarker(target, recording, applier);
    }
    drop(servers, slot);
  }

  private static LogSequenceNumber startOf(Connection source, String slot) throws SQLException {
    try (PreparedStatement statement =
        source.prepareStatement(
            "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = ?")) {
      statement.setString(1, slot);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return LogSequenceNumber.valueOf(rows.getString(1));
      }
    }
  }

  private void subscription(Servers servers, Recording recording) throws Exception {
    String slot = copyOf(servers, recording);
    ConnectionDetails target = Servers.database(servers.target(), RUN);
    Subscription.create(target, servers.source(), PUBLICATION, slot);
    awaitMarker(target, recording, null);
    Subscription.drop(target);
    drop(servers, slot);
  }

  private static void drop(Servers servers, String slot) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (Servers.query(
            servers.source(),
            "SELECT active FROM pg_replication_slots WHERE slot_name = '" + slot + "'")
        .equals("t")) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Slot " + slot + " is still being read");
      }
      Thread.sleep(5);
    }
    Servers.execute(servers.source(), "SELECT pg_drop_replication_slot('" + slot + "')");
  }

  /** The last transaction of the stream writes it. */
  private static void awaitMarker(
      ConnectionDetails target, Recording recording, @Nullable Applier applier) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
    try (Connection connection = target.connect();
        PreparedStatement statement =
            connection.prepareStatement("SELECT count(*) FROM marker WHERE slot = ?")) {
      statement.setString(1, recording.slot());
      while (true) {
        try (ResultSet rows = statement.executeQuery()) {
          rows.next();
          if (rows.getLong(1) == 1) {
            return;
          }
        }
        if (applier != null && applier.failure().isDone()) {
          throw new IllegalStateException("The applier failed", applier.failure().get());
        }
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("The stream's end did not come");
        }
        Thread.sleep(10);
      }
    }
  }

  private static void check(Servers servers, Recording recording) throws SQLException {
    String found =
        Servers.query(Servers.database(servers.target(), RUN), recording.table().checksum());
    if (!found.equals(recording.checksum())) {
      throw new IllegalStateException("The target has " + found + ", not " + recording.checksum());
    }
  }
}
