/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableOwners;
import io.clouddb.migration.postgres.catalog.TrustedCode;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.migration.postgres.validate.Mismatch;
import io.clouddb.migration.postgres.validate.ValidatedTable;
import io.clouddb.migration.postgres.validate.Validation;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies tables whose rows are not in the stream of changes, as a whole, while nobody writes to
 * them.
 *
 * <p>It belongs into the pause of the cutover, behind the fence, which stands on these tables too;
 * before triggers, and, where the role may not set {@code session_replication_role}, before foreign
 * keys are made on the target. It can be done again, and the other way round.
 */
public final class UnloggedTables implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UnloggedTables.class);
  private static final int LISTED = 20;

  private final List<Table> tables;
  private final TrustedCode trusted;
  private final List<Connection> connections = new ArrayList<>();
  private @Nullable BinaryTypes types;
  private @Nullable TableOwners owners;

  private UnloggedTables(List<Table> tables, TrustedCode trusted) {
    this.tables = tables;
    this.trusted = trusted;
  }

  /**
   * Opens what the copy needs, so that it begins at once when it is wanted.
   *
   * @param source is read, and fenced when it is copied
   * @param target is written
   * @param tables those of {@link
   *     io.clouddb.migration.postgres.catalog.Catalog#readUnlogged(Connection,
   *     io.clouddb.migration.postgres.catalog.TableSelection)} on the source; partitioned ones are
   *     left out, since they have no rows
   * @param migration the migration whose fence the copy passes on the side that it writes
   * @param trusted whose code may run when rows are written
   * @return the copy, to be closed
   * @throws io.clouddb.error.CloudDbException when a side cannot be reached
   */
  public static UnloggedTables open(
      ConnectionDetails source,
      ConnectionDetails target,
      List<Table> tables,
      String migration,
      TrustedCode trusted) {
    UnloggedTables copy =
        new UnloggedTables(
            tables.stream().filter(table -> table.kind() == Table.Kind.ORDINARY).toList(), trusted);
    if (copy.isEmpty()) {
      return copy;
    }
    boolean complete = false;
    try {
      Connection from = copy.opened(PinnedSession.open(source, "unlogged"));
      Connection to = copy.opened(PinnedSession.openToWrite(target, "unlogged"));
      copy.opened(Validation.connect(source));
      copy.opened(Validation.connect(target));
      CopyWorker.silenceTriggers(to);
      WriteFence.pass(to, migration);
      copy.requireTrusted(to);
      trusted.requireToRead(from, copy.tables);
      copy.types = BinaryTypes.read(from);
      copy.owners = TableOwners.read(to);
      complete = true;
      return copy;
    } catch (SQLException e) {
      throw SqlFailure.of("preparing the copy of the tables that the stream lacks", e);
    } finally {
      if (!complete) {
        copy.close();
      }
    }
  }

  private Connection opened(Connection connection) {
    connections.add(connection);
    return connection;
  }

  /**
   * Whether there is none.
   *
   * @return true when nothing will be copied
   */
  public boolean isEmpty() {
    return tables.isEmpty();
  }

  /**
   * The sessions in which it works.
   *
   * @return those of both sides; none when there is nothing to copy
   */
  public List<Connection> connections() {
    return List.copyOf(connections);
  }

  /**
   * Empties the tables on the target, copies all rows, and compares both sides by their hashes.
   *
   * @return how many rows were copied
   * @throws io.clouddb.error.CloudDbException of category DATA when a row differs afterwards, since
   *     somebody writes; of another one when a table cannot be read or written, naming it
   */
  public long copy() {
    if (isEmpty()) {
      return 0;
    }
    Connection from = connections.get(0);
    Connection to = connections.get(1);
    requireTrustedNow(to);
    truncate(to);
    long rows = 0;
    for (Table table : tables) {
      rows += copy(from, to, table);
    }
    requireSame(connections.get(2), connections.get(3), tables, rows);
    return rows;
  }

  /**
   * Opens, copies and closes.
   *
   * @param source see {@link #open}
   * @param target see {@link #open}
   * @param tables see {@link #open}
   * @param migration see {@link #open}
   * @param trusted see {@link #open}
   * @return how many rows were copied
   */
  public static long copy(
      ConnectionDetails source,
      ConnectionDetails target,
      List<Table> tables,
      String migration,
      TrustedCode trusted) {
    try (UnloggedTables copy = open(source, target, tables, migration, trusted)) {
      return copy.copy();
    }
  }

  @Override
  public void close() {
    for (Connection connection : connections) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("A session of the unlogged tables could not be closed", e);
      }
    }
  }

  private void requireTrusted(Connection to) throws SQLException {
    trusted.requireRows(to, tables);
  }

  /** The session was opened before the pause. */
  private void requireTrustedNow(Connection to) {
    try {
      requireTrusted(to);
    } catch (SQLException e) {
      throw SqlFailure.of(
          "looking for what runs when the tables that the stream lacks are written", e);
    }
  }

  /** All at once: a table that a foreign key of another one refers to cannot be emptied alone. */
  private void truncate(Connection to) {
    try {
      EmptiedTables.empty(
          to, tables.stream().map(Table::name).toList(), Objects.requireNonNull(owners));
    } catch (SQLException e) {
      throw SqlFailure.of("emptying tables of the target that the stream lacks", e);
    }
  }

  private long copy(Connection from, Connection to, Table table) {
    String name = table.name().quoted();
    String columns = SnapshotCopy.columnList(table);
    try {
      String format = Objects.requireNonNull(types).allow(table, to) ? "binary" : "text";
      @Nullable String owner = Objects.requireNonNull(owners).of(table.name());
      if (owner != null) {
        TableOwners.act(to, owner);
      }
      long rows =
          CopyPipe.run(
              from,
              "COPY (SELECT "
                  + columns
                  + " FROM ONLY "
                  + name
                  + ") TO STDOUT (FORMAT "
                  + format
                  + ")",
              to,
              "COPY "
                  + name
                  + (columns.isEmpty() ? "" : " (" + columns + ")")
                  + " FROM STDIN (FORMAT "
                  + format
                  + ")",
              (sentRows, sentBytes) -> {});
      if (owner != null) {
        TableOwners.act(to, null);
      }
      return rows;
    } catch (SQLException e) {
      throw SqlFailure.of("copying " + table.name(), e);
    }
  }

  private static void requireSame(Connection from, Connection to, List<Table> tables, long rows) {
    List<Mismatch> mismatches = new ArrayList<>();
    long differing = 0;
    long compared = 0;
    for (ValidatedTable table : Validation.compareTables(from, to, tables, LISTED)) {
      differing += table.mismatchCount();
      compared += table.sourceRows();
      mismatches.addAll(table.mismatches());
    }
    if (differing > 0 || compared != rows) {
      throw ErrorDetails.of(
              ErrorCategory.DATA,
              "Of the tables that the stream lacks "
                  + rows
                  + " rows were copied and "
                  + compared
                  + " compared, of which "
                  + differing
                  + " differ: "
                  + mismatches.stream()
                      .limit(LISTED)
                      .map(Mismatch::toString)
                      .collect(Collectors.joining(", ")))
          .nextStep("Find out who writes to them behind the fence; then run it again.")
          .toException();
    }
  }
}
