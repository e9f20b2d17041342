/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a migration made for itself, beside the tables; and its removal, each part on its own. */
final class Traces {
  private static final Logger LOG = LoggerFactory.getLogger(Traces.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final MigrationSettings settings;
  private final List<String> left = new ArrayList<>();

  Traces(MigrationSettings settings) {
    this.settings = settings;
  }

  /** A removal that may fail on its own. */
  private interface Removal {
    void on(Connection connection) throws SQLException;
  }

  /** Removes the fence, so that the source takes writes again. */
  void removeFence(WriteFence fence) {
    remove(
        "source",
        settings.source(),
        "the fence (triggers clouddb_" + settings.id() + "_fence), which refuses writes",
        connection -> fence.remove(connection, PATIENCE));
  }

  /** Removes the fence from the target, after the application was taken back. */
  void removeTargetFence(WriteFence fence) {
    remove(
        "target",
        settings.target(),
        "the fence (triggers clouddb_" + settings.id() + "_fence), which refuses writes",
        connection -> fence.remove(connection, PATIENCE));
  }

  /** Removes slots and publications, so that neither side holds log back. */
  void removeReplication() {
    removeForward();
    if (settings.reverses()) {
      removeReverse();
    }
  }

  /** Removes slot and publication of the source. */
  void removeForward() {
    removeReplication("source", settings.source(), settings.replicationName());
  }

  /**
   * Removes what the way back needed: slot and publication of the target, the source's position.
   */
  void removeReverse() {
    removeReplication("target", settings.target(), settings.reverseName());
    removePosition("source", settings.source());
  }

  private void removeReplication(String side, ConnectionDetails database, String name) {
    remove(
        side,
        database,
        "the replication slot " + name + ", which keeps its log from being recycled",
        connection -> SlotStatus.drop(connection, name, PATIENCE));
    remove(
        side,
        database,
        "the publication " + name,
        connection -> Publication.drop(connection, name));
  }

  /** Removes the row with the position on the target, and table and schema with the last one. */
  void removePosition() {
    removePosition("target", settings.target());
  }

  private void removePosition(String side, ConnectionDetails database) {
    remove(
        side,
        database,
        "the table clouddb_migration.position",
        connection -> {
          if (!exists(connection, "SELECT to_regclass('clouddb_migration.position') IS NOT NULL")) {
            return;
          }
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "DELETE FROM clouddb_migration.position WHERE migration = ?")) {
            delete.setString(1, settings.id());
            delete.executeUpdate();
          }
          try (Statement ddl = connection.createStatement()) {
            if (!exists(connection, "SELECT EXISTS (SELECT FROM clouddb_migration.position)")) {
              ddl.execute("DROP TABLE clouddb_migration.position");
            }
          }
          WriteFence.dropSchemaWhenEmpty(connection);
        });
  }

  private static boolean exists(Connection connection, String question) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(question)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private void remove(String side, ConnectionDetails database, String what, Removal removal) {
    // By another name than the migration's sessions, which an abort ends.
    ConnectionDetails remover =
        database.toBuilder()
            .parameter("ApplicationName", "clouddb/" + settings.sessionName())
            .build();
    try (Connection connection = PinnedSession.open(remover, "cleanup")) {
      removal.on(connection);
    } catch (SQLException | CloudDbException e) {
      LOG.warn("Migration {}: {} could not be removed", settings.id(), what, e);
      left.add(
          "On the %s (%s): %s; its removal failed: %s"
              .formatted(side.toLowerCase(Locale.ROOT), database.jdbcUrl(), what, firstLine(e)));
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** What could not be removed, each with where it is. */
  List<String> left() {
    return List.copyOf(left);
  }
}
