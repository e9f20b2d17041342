/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.DeferredConstraints;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableOwners;
import io.clouddb.migration.postgres.copy.EmptiedTables;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.stream.Pause;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The applier's connection to the target, and the transaction that is open on it. */
final class TargetSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TargetSession.class);
  private static final Duration PREDECESSOR = Duration.ofSeconds(30);
  private static final String REFUSED = "42501";

  private final Connection connection;
  private final String migration;
  private final @Nullable ApplyMark mark;
  private final boolean replicaRole;
  private final TableOwners owners;
  private DeferredConstraints deferred;

  /** In the open transaction. */
  private final Set<TableName> written = new HashSet<>();

  private @Nullable String acting;
  private PositionTable.Position position;
  private boolean open;

  private TargetSession(
      Connection connection,
      ApplyOptions options,
      boolean replicaRole,
      TableOwners owners,
      DeferredConstraints deferred,
      PositionTable.Position position) {
    this.connection = connection;
    this.migration = options.migration;
    this.mark = options.mark;
    this.replicaRole = replicaRole;
    this.owners = owners;
    this.deferred = deferred;
    this.position = position;
  }

  /** Opens it, unless rows of the tables run code that is not trusted. */
  static TargetSession open(ConnectionDetails target, List<TableName> tables, ApplyOptions options)
      throws SQLException {
    Connection connection = PinnedSession.openForBatches(target, "apply");
    try {
      lockOut(connection, options);
      if (options.passFence) {
        WriteFence.pass(connection, options.migration);
      }
      PositionTable.Position position =
          PositionTable.read(connection, options.migration)
              .orElseThrow(
                  () ->
                      ErrorDetails.of(
                              ErrorCategory.CONDITION_FAILED,
                              "The target has no position of migration " + options.migration)
                          .toException());
      boolean replicaRole = tryReplicaRole(connection);
      planByKey(connection);
      options.trusted.require(connection, tables);
      TableOwners owners = TableOwners.read(connection);
      DeferredConstraints deferred = DeferredConstraints.read(connection, owners);
      connection.setAutoCommit(false);
      return new TargetSession(connection, options, replicaRole, owners, deferred, position);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * A predecessor whose connection was lost may still be working on what it was sent. Its position
   * is known only when its session has ended, and with it its lock.
   */
  private static void lockOut(Connection connection, ApplyOptions options) throws SQLException {
    long deadline = System.nanoTime() + Math.min(PREDECESSOR.toNanos(), options.retryFor.toNanos());
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended("
                + "pg_catalog.concat('clouddb_migration.', ?::pg_catalog.text), 0))")) {
      statement.setString(1, options.migration);
      while (true) {
        try (ResultSet rows = statement.executeQuery()) {
          rows.next();
          if (rows.getBoolean(1)) {
            return;
          }
        }
        if (System.nanoTime() > deadline) {
          throw ErrorDetails.of(
                  ErrorCategory.BUSY, "Another process applies migration " + options.migration)
              .retryable(false)
              .nextStep("Stop it, or end its session on the target (clouddb-apply)")
              .toException();
        }
        Pause.millis(50);
      }
    }
  }

  /**
   * The planner does not know how many rows an array brings, nor, before ANALYZE, how many the
   * table has; rows are always found by their key.
   */
  private static void planByKey(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off;"
              + " SET enable_memoize = off;"
              + " SET plan_cache_mode = force_generic_plan;"
              + " SET work_mem = '32MB'");
    }
  }

  private static boolean tryReplicaRole(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET session_replication_role = replica");
      return true;
    } catch (SQLException e) {
      if (!REFUSED.equals(e.getSQLState())) {
        throw e;
      }
      LOG.info("The target's role may not set session_replication_role; triggers must be off");
      return false;
    }
  }

  Connection connection() {
    return connection;
  }

  boolean replicaRole() {
    return replicaRole;
  }

  PositionTable.Position position() {
    return position;
  }

  void begin() throws SQLException {
    if (open) {
      return;
    }
    open = true;
    if (mark != null) {
      // The first of the transaction: by it the other direction knows whose it is.
      mark.begin(connection);
    }
    deferred.defer(connection);
  }

  /** What follows in the transaction, up to its end, is done as the owner of a table. */
  void actFor(TableName table) throws SQLException {
    act(owners.of(table));
    written.add(table);
  }

  /** Empties tables, each as its owner. */
  void empty(List<TableName> tables) throws SQLException {
    actForItself();
    EmptiedTables.empty(connection, tables, owners);
    written.addAll(tables);
  }

  /** A table came up in the stream; what runs for its rows may be new. */
  void learn() throws SQLException {
    actForItself();
    deferred = DeferredConstraints.read(connection, owners);
    if (open) {
      deferred.defer(connection);
    }
  }

  /** What follows is done as the migration's own role. */
  void actForItself() throws SQLException {
    act(null);
  }

  private void act(@Nullable String role) throws SQLException {
    if (!Objects.equals(role, acting)) {
      TableOwners.act(connection, role);
      acting = role;
    }
  }

  /** Makes the open transaction durable together with the position. */
  void commit(LogSequenceNumber to) throws SQLException {
    begin();
    if (deferred.check(connection, written)) {
      TableOwners.act(connection, null);
      acting = null;
    } else {
      actForItself();
    }
    written.clear();
    if (to.compareTo(position.lsn()) > 0) {
      PositionTable.advance(connection, migration, position.lsn(), to);
    }
    connection.commit();
    open = false;
    if (to.compareTo(position.lsn()) > 0) {
      position = new PositionTable.Position(to, position.identity());
    }
  }

  @Override
  public void close() throws SQLException {
    // What is open is rolled back by the server; asking for it could hang on a dead connection.
    connection.close();
  }
}
