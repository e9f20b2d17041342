/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A row that is written behind all others; when the target has it, it has all. */
final class Marker {
  static final String TABLE = "CREATE TABLE marker (name text PRIMARY KEY)";

  private static final long LIMIT_MINUTES = 30;
  private static final long PAUSE_MILLIS = 5;

  private Marker() {}

  static void write(ConnectionDetails source, String name) throws SQLException {
    Servers.execute(
        source, "SET synchronous_commit = on", "INSERT INTO marker VALUES ('" + name + "')");
  }

  /** Waits until a target has it. */
  static void await(ConnectionDetails target, String name, @Nullable Applier applier)
      throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
    try (Connection connection = target.connect();
        PreparedStatement statement =
            connection.prepareStatement("SELECT count(*) FROM marker WHERE name = ?")) {
      statement.setString(1, name);
      while (!isThere(statement)) {
        if (applier != null && applier.failure().isDone()) {
          throw new IllegalStateException("The applier failed", applier.failure().get());
        }
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("Marker " + name + " did not come");
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
  }

  private static boolean isThere(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1) == 1;
    }
  }
}
