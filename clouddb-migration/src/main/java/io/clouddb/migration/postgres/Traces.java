/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.OwnSchema;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.spill.Spilling;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a migration made for itself, beside the tables; and its removal, each part on its own. */
final class Traces {
  private static final Logger LOG = LoggerFactory.getLogger(Traces.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** How long, all removals together, a server that does not answer is waited for. */
  private static final Duration RETURN_LIMIT = Duration.ofSeconds(30);

  private static final Duration RETRY_PAUSE = Duration.ofMillis(200);

  private final MigrationSettings settings;
  private final List<String> left = new ArrayList<>();
  private final String otherTarget;
  private long waited;

  Traces(MigrationSettings settings) {
    this(settings, "");
  }

  /**
   * Traces of which those on the target cannot be reached.
   *
   * @param otherTarget why: another database is at its address, and is left alone
   */
  Traces(MigrationSettings settings, String otherTarget) {
    this.settings = settings;
    this.otherTarget = otherTarget;
  }

  /** Why the target is left alone; empty when it is not. */
  String otherTarget() {
    return otherTarget;
  }

  /** A removal that may fail on its own. */
  private interface Removal {
    void on(Connection connection) throws SQLException;
  }

  /** A removal, and what is left when it fails. */
  private record Part(String what, Removal removal) {}

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
        List.of(
            new Part(
                "the replication slot " + name + ", which keeps its log from being recycled",
                connection -> SlotStatus.drop(connection, name, PATIENCE)),
            new Part("the publication " + name, connection -> Publication.drop(connection, name))));
    removeSpill(name);
  }

  private void removeSpill(String slot) {
    Spilling spilling = settings.spilling();
    if (spilling == null) {
      return;
    }
    try {
      spilling.remove(slot);
    } catch (IOException e) {
      LOG.warn("Migration {}: the files of its spill could not be removed", settings.id(), e);
      left.add(
          "On this machine: the files of the spill of slot %s; their removal failed: %s"
              .formatted(slot, e));
    }
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
          if (!OwnSchema.holds(connection, "position")) {
            return;
          }
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "DELETE FROM clouddb_migration.position"
                      + " WHERE migration OPERATOR(pg_catalog.=) ?")) {
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
    remove(side, database, List.of(new Part(what, removal)));
  }

  /** One after the other in one session, and in another one after a failure. */
  private void remove(String side, ConnectionDetails database, List<Part> parts) {
    if (side.equals("target") && !otherTarget.isEmpty()) {
      parts.forEach(
          part -> left.add("On the target that was: %s. %s".formatted(part.what, otherTarget)));
      return;
    }
    // By another name than the migration's sessions, which an abort ends.
    ConnectionDetails remover =
        database.toBuilder()
            .parameter("ApplicationName", "clouddb/" + settings.sessionName())
            .build();
    Deque<Part> open = new ArrayDeque<>(parts);
    while (!open.isEmpty()) {
      long began = System.nanoTime();
      try (Connection connection = PinnedSession.open(remover, "cleanup")) {
        while (!open.isEmpty()) {
          began = System.nanoTime();
          open.element().removal.on(connection);
          open.remove();
        }
      } catch (SQLException | CloudDbException e) {
        Part part = open.peek();
        if (part == null) {
          LOG.debug("Migration {}: a session did not end in order", settings.id(), e);
        } else if (mayPass(e) && waitAgain(began)) {
          LOG.debug("Migration {}: {} is removed once more", settings.id(), part.what, e);
        } else {
          LOG.warn("Migration {}: {} could not be removed", settings.id(), part.what, e);
          left.add(
              "On the %s (%s): %s; its removal failed: %s"
                  .formatted(
                      side.toLowerCase(Locale.ROOT), database.address(), part.what, firstLine(e)));
          open.remove();
        }
      }
    }
  }

  private static boolean mayPass(Exception failure) {
    return failure instanceof SQLException sql
        ? SqlFailure.isTransient(sql)
        : failure instanceof CloudDbException known && known.details().retryable();
  }

  /** What is left for good holds log back or refuses writes: a restart is worth waiting for. */
  private boolean waitAgain(long began) {
    waited += System.nanoTime() - began + RETRY_PAUSE.toNanos();
    if (waited > RETURN_LIMIT.toNanos()) {
      return false;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(RETRY_PAUSE.toNanos());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /**
   * Ends the step that removes when not all is: another run does the rest.
   *
   * @throws CloudDbException naming what is left
   */
  void requireNothingLeft() {
    if (!left.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE,
              "What the migration made could not all be removed: " + String.join("; ", left))
          .nextStep("Mend what kept it from being removed.")
          .toException();
    }
  }

  /** What could not be removed, each with where it is. */
  List<String> left() {
    return List.copyOf(left);
  }
}
