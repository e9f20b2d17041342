/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The apply of recorded changes, beside the server's own subscription. Both read copies of one
 * slot, so the same changes from the same position, into databases made from one template.
 */
final class ApplyBenchmark implements Benchmark {
  private static final String PUBLICATION = "changes";
  private static final String TEMPLATE = "initial";
  private static final String RUN = "run";

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
      Servers.execute(servers.source(), Marker.TABLE);
      Servers.execute(initial, Marker.TABLE, "VACUUM ANALYZE");
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
    Slots.create(servers.source(), slot);
    try (Connection connection = servers.source().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = off");
      for (String sql : writes) {
        statement.execute(sql);
      }
    }
    Marker.write(servers.source(), slot);
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
    Slots.copy(servers.source(), recording.slot(), copy);
    return copy;
  }

  private void clouddb(Servers servers, Recording recording) throws Exception {
    String slot = copyOf(servers, recording);
    ConnectionDetails target = Servers.database(servers.target(), RUN);
    try (Applier applier = FollowedApplier.start(servers.source(), target, PUBLICATION, slot)) {
      Marker.await(target, recording.slot(), applier);
    }
    Slots.drop(servers.source(), slot);
  }

  private void subscription(Servers servers, Recording recording) throws Exception {
    String slot = copyOf(servers, recording);
    ConnectionDetails target = Servers.database(servers.target(), RUN);
    Subscription.create(target, servers.source(), PUBLICATION, slot);
    Marker.await(target, recording.slot(), null);
    Subscription.drop(target);
    Slots.drop(servers.source(), slot);
  }

  private static void check(Servers servers, Recording recording) throws SQLException {
    String found =
        Servers.query(Servers.database(servers.target(), RUN), recording.table().checksum());
    if (!found.equals(recording.checksum())) {
      throw new IllegalStateException("The target has " + found + ", not " + recording.checksum());
    }
  }
}
