/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Pattern;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A logical slot that was just created, and the snapshot that it exported: the database as it was
 * at the slot's consistent point, to the transaction. The snapshot can be imported until this is
 * closed; transactions that imported it keep it after that.
 *
 * <p>This object holds its connection strongly and never uses it again: any command on it would end
 * the export, and so would the driver's cleaner if the connection were forgotten.
 *
 * <p>See PostgreSQL's "Streaming Replication Protocol", {@code CREATE_REPLICATION_SLOT}.
 */
public final class ReplicationSlot implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,63}");

  private final String name;
  private final boolean temporary;
  private final LogSequenceNumber consistentPoint;
  private final String snapshot;
  private final SourceIdentity identity;
  private final Connection exporter;

  private ReplicationSlot(
      String name,
      boolean temporary,
      LogSequenceNumber consistentPoint,
      String snapshot,
      SourceIdentity identity,
      Connection exporter) {
    this.name = name;
    this.temporary = temporary;
    this.consistentPoint = consistentPoint;
    this.snapshot = snapshot;
    this.identity = identity;
    this.exporter = exporter;
  }

  /**
   * Creates a slot that stays until it is dropped. It waits for every write transaction that is
   * open in any database of the server.
   *
   * @param source the source
   * @param name the slot's name: lower-case letters, digits and underscores
   * @param limit how long it may wait, zero for as long as it takes
   * @return the slot, its snapshot exported
   * @throws io.clouddb.error.CloudDbException when the server refuses, or the limit passed
   */
  public static ReplicationSlot create(ConnectionDetails source, String name, Duration limit) {
    return create(source, name, false, limit);
  }

  /**
   * Creates a slot that vanishes when this object is closed or its connection is lost.
   *
   * @param source the source
   * @param name the slot's name: lower-case letters, digits and underscores
   * @param limit how long it may wait, zero for as long as it takes
   * @return the slot, its snapshot exported
   * @throws io.clouddb.error.CloudDbException when the server refuses, or the limit passed
   */
  public static ReplicationSlot createTemporary(
      ConnectionDetails source, String name, Duration limit) {
    return create(source, name, true, limit);
  }

  private static ReplicationSlot create(
      ConnectionDetails source, String name, boolean temporary, Duration limit) {
    if (!NAME.matcher(name).matches()) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "A slot's name is made of a-z, 0-9 and _, 63 at most; not '" + name + "'")
          .toException();
    }
    try {
      Connection connection =
          PinnedSession.openReplication(source, temporary ? "snapshot" : "slot");
      try {
        return create(connection, name, temporary, limit);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      if ("57014".equals(e.getSQLState()) || "55P03".equals(e.getSQLState())) {
        throw ErrorDetails.of(
                ErrorCategory.DEADLINE,
                "The slot " + name + " was not created within " + limit.toSeconds() + " s")
            .providerCode(e.getSQLState())
            .nextStep("End the write transactions that have been open for long on the source")
            .toException(e);
      }
      throw SqlFailure.of("creating the replication slot " + name, e);
    }
  }

  private static ReplicationSlot create(
      Connection connection, String name, boolean temporary, Duration limit) throws SQLException {
    SourceIdentity identity = SourceIdentity.read(connection);
    try (Statement statement = connection.createStatement()) {
      // What it waits for are locks, one transaction after the other; the query timeout bounds the
      // sum. A replication command knows no statement_timeout.
      statement.execute("SET lock_timeout = " + limit.toMillis());
      statement.setQueryTimeout((int) Math.min(Integer.MAX_VALUE, (limit.toMillis() + 999) / 1000));
      String command =
          "CREATE_REPLICATION_SLOT "
              + TableName.quote(name)
              + (temporary ? " TEMPORARY" : "")
              + " LOGICAL pgoutput EXPORT_SNAPSHOT";
      try (ResultSet rows = statement.executeQuery(command)) {
        rows.next();
        return new ReplicationSlot(
            name,
            temporary,
            LogSequenceNumber.valueOf(rows.getString("consistent_point")),
            rows.getString("snapshot_name"),
            identity,
            connection);
      }
    }
  }

  /**
   * The slot's name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Where the stream starts: the snapshot holds exactly the transactions whose commit is before.
   *
   * @return a position in the source's log
   */
  public LogSequenceNumber consistentPoint() {
    return consistentPoint;
  }

  /**
   * The exported snapshot, for {@code SET TRANSACTION SNAPSHOT}.
   *
   * @return its name
   */
  public String snapshot() {
    return snapshot;
  }

  /**
   * The server on which the slot was created.
   *
   * @return its identity, to be kept with the position
   */
  public SourceIdentity identity() {
    return identity;
  }

  /** Ends the export. A temporary slot vanishes with it; another stays. */
  @Override
  public void close() {
    try {
      exporter.close();
    } catch (SQLException e) {
      throw SqlFailure.of("ending the snapshot of slot " + name, e);
    }
  }

  @Override
  public String toString() {
    return (temporary ? "temporary slot " : "slot ") + name + " at " + consistentPoint.asString();
  }
}
