/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.OneStatement;
import io.clouddb.migration.postgres.stream.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects that are made all at once, in one transaction over a given session and, however many they
 * are, in two round trips: for the pause of the cutover. All that has to be read for it was read
 * before.
 */
public final class PreparedObjects {
  private static final Logger LOG = LoggerFactory.getLogger(PreparedObjects.class);
  private static final String CANCELLED = "57014";

  private final List<SchemaObject> objects;
  private final Runnable made;
  private State state = State.NOT_MADE;

  /** A commit whose answer was lost may have come through. */
  private enum State {
    NOT_MADE,
    UNCERTAIN,
    MADE
  }

  PreparedObjects(List<SchemaObject> objects, Runnable made) {
    this.objects = List.copyOf(objects);
    this.made = made;
  }

  /**
   * Makes them: all or none.
   *
   * @param connection a session of {@link
   *     io.clouddb.migration.postgres.catalog.CatalogSession#open}, in auto-commit mode
   * @throws io.clouddb.error.CloudDbException when one cannot be made, naming it where that is the
   *     server's refusal
   */
  public void make(Connection connection) {
    if (objects.isEmpty()) {
      return;
    }
    try {
      connection.setAutoCommit(false);
      OneStatement.run(
          connection, objects.stream().flatMap(object -> object.statements().stream()).toList());
      state = State.UNCERTAIN;
      connection.commit();
      state = State.MADE;
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      throw failed(connection, e);
    }
    made.run();
  }

  /**
   * Removes what {@link #make} made, unless that is known to have made nothing. What stood before
   * it stays.
   *
   * @param connection a session in auto-commit mode
   * @throws SQLException when one cannot be removed; those before it are
   */
  public void unmake(Connection connection) throws SQLException {
    // Also to look whether one is there waits for its table's lock.
    if (state == State.NOT_MADE) {
      return;
    }
    try (Statement ddl = connection.createStatement()) {
      for (int i = objects.size() - 1; i >= 0; i--) {
        Optional<String> drop = objects.get(i).drop();
        if (drop.isPresent()) {
          ddl.execute(drop.get());
        }
      }
    }
    state = State.NOT_MADE;
  }

  private RuntimeException failed(Connection connection, SQLException failure) {
    String what = "foreign keys, triggers and rules";
    try {
      connection.rollback();
      if (!SqlFailure.isTransient(failure) && !CANCELLED.equals(failure.getSQLState())) {
        what = culprit(connection).map(SchemaObject::toString).orElse(what);
      }
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      LOG.debug("The transaction could not be rolled back", e);
      failure.addSuppressed(e);
    }
    return SqlFailure.of("making " + what, failure);
  }

  /** All at once they do not say which of them was refused; one by one they do. */
  private Optional<SchemaObject> culprit(Connection connection) throws SQLException {
    try {
      for (SchemaObject object : objects) {
        try {
          Ownership.make(connection, object);
        } catch (SQLException e) {
          return Optional.of(object);
        }
      }
      return Optional.empty();
    } finally {
      connection.rollback();
    }
  }
}
