/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalTime;
import java.util.concurrent.locks.LockSupport;

/** A simulator with an instance whose moments can be restored, and a ledger in it. */
final class BackedUpOrders implements AutoCloseable {
  private static final long PAUSE = 5_000_000;

  final SimulatedCloudSql gcp = SimulatedCloudSql.start();
  final CloudDb home = gcp.open();
  final AdminLogin admin;
  final Instance orders;

  BackedUpOrders(Path folder) throws IOException, SQLException {
    InstanceSpec spec =
        SimulatedCloudSql.spec("orders", folder)
            .database("shop")
            .parameter("max_connections", "300")
            .tag("team", "one")
            .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7).withPointInTime())
            .build();
    admin = spec.admin();
    orders = home.instances().create(spec).await(LIMIT);
    run(orders, "CREATE TABLE public.ledger (entry text)");
  }

  void run(Instance instance, String sql) throws SQLException {
    try (Connection connection = instance.connection(admin).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  void write(String entry) throws SQLException {
    run(orders, "INSERT INTO public.ledger VALUES ('" + entry + "')");
  }

  String ledger(Instance instance) throws SQLException {
    try (Connection connection = instance.connection(admin).connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT string_agg(entry, ',' ORDER BY entry) FROM public.ledger")) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }

  /** A moment with nothing written shortly before and after it, that can be restored. */
  Instant quietMoment() {
    Instant moment = gcp.simulator.clock().instant().plusSeconds(2);
    RestorableWindow window = home.backups().window(orders.id());
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (window.latest().filter(latest -> latest.isAfter(moment.plusSeconds(2))).isEmpty()) {
      assertThat(System.nanoTime()).as("%s", window).isLessThan(deadline);
      LockSupport.parkNanos(PAUSE);
      window = home.backups().window(orders.id());
    }
    return moment;
  }

  @Override
  public void close() {
    try (gcp;
        home) {
      assertThat(gcp.simulator.notSimulated()).isEmpty();
      assertThat(gcp.simulator.bugs()).isEmpty();
    }
  }
}
