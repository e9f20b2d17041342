/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.migration.postgres.validate.Mismatch;
import io.clouddb.migration.postgres.validate.ValidatedTable;
import io.clouddb.migration.postgres.validate.Validation;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Copies tables whose rows are not in the stream of changes, as a whole, while nobody writes to
 * them.
 *
 * <p>It belongs into the pause of the cutover, behind the fence, which stands on these tables too;
 * before triggers, and, where the role may not set {@code session_replication_role}, before foreign
 * keys are made on the target. It can be done again, and the other way round.
 */
public final class UnloggedTables {
  private static final int LISTED = 20;

  private UnloggedTables() {}

  /**
   * Empties the tables on the target, copies all rows, and compares both sides by their hashes.
   *
   * @param source is read, and fenced
   * @param target is written
   * @param tables those of {@link
   *     io.clouddb.migration.postgres.catalog.Catalog#readUnlogged(Connection,
   *     io.clouddb.migration.postgres.catalog.TableSelection)} on the source; partitioned ones are
   *     left out, since they have no rows
   * @param migration the migration whose fence the copy passes on the side that it writes
   * @return how many rows were copied
   * @throws io.clouddb.error.CloudDbException of category DATA when a row differs afterwards, since
   *     somebody writes; of another one when a table cannot be read or written, naming it
   */
  public static long copy(
      ConnectionDetails source, ConnectionDetails target, List<Table> tables, String migration) {
    List<Table> wanted =
        tables.stream().filter(table -> table.kind() == Table.Kind.ORDINARY).toList();
    if (wanted.isEmpty()) {
      return 0;
    }
    long rows = 0;
    try (Connection from = PinnedSession.open(source, "unlogged");
        Connection to = PinnedSession.open(target, "unlogged")) {
      PinnedSession.useDefaultSearchPath(to);
      CopyWorker.silenceTriggers(to);
      WriteFence.pass(to, migration);
      truncate(to, wanted);
      BinaryTypes types = BinaryTypes.read(from);
      for (Table table : wanted) {
        rows += copy(from, to, table, types);
      }
    } catch (SQLException e) {
      throw SqlFailure.of("copying the unlogged tables", e);
    }
    requireSame(source, target, wanted, rows);
    return rows;
  }

  /** All at once: a table that a foreign key of another one refers to cannot be emptied alone. */
  private static void truncate(Connection to, List<Table> tables) {
    try (Statement statement = to.createStatement()) {
      statement.execute(
          tables.stream()
              .map(table -> "ONLY " + table.name().quoted())
              .collect(Collectors.joining(", ", "TRUNCATE ", "")));
    } catch (SQLException e) {
      throw SqlFailure.of("emptying the unlogged tables of the target", e);
    }
  }

  private static long copy(Connection from, Connection to, Table table, BinaryTypes types) {
    String name = table.name().quoted();
    String columns = SnapshotCopy.columnList(table);
    try {
      String format = types.allow(table, to) ? "binary" : "text";
      return CopyPipe.run(
          from,
          "COPY (SELECT " + columns + " FROM ONLY " + name + ") TO STDOUT (FORMAT " + format + ")",
          to,
          "COPY "
              + name
              + (columns.isEmpty() ? "" : " (" + columns + ")")
              + " FROM STDIN (FORMAT "
              + format
              + ")",
          (sentRows, sentBytes) -> {});
    } catch (SQLException e) {
      throw SqlFailure.of("copying " + table.name(), e);
    }
  }

  private static void requireSame(
      ConnectionDetails source, ConnectionDetails target, List<Table> tables, long rows) {
    List<Mismatch> mismatches = new ArrayList<>();
    long differing = 0;
    long compared = 0;
    try (Connection from = Validation.connect(source);
        Connection to = Validation.connect(target)) {
      for (ValidatedTable table : Validation.compareTables(from, to, tables, LISTED)) {
        differing += table.mismatchCount();
        compared += table.sourceRows();
        mismatches.addAll(table.mismatches());
      }
    } catch (SQLException e) {
      throw SqlFailure.of("comparing the unlogged tables", e);
    }
    if (differing > 0 || compared != rows) {
      throw ErrorDetails.of(
              ErrorCategory.DATA,
              "Of the unlogged tables "
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
