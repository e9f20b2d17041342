/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.sql.ConnectionDetails;
import java.util.List;
import java.util.stream.Stream;

/**
 * One way in which changes go: forward from the source to the target, or after the switch in
 * reverse.
 *
 * @param from where the application writes
 * @param to where the changes are applied
 * @param tables the tables as {@code from} has them
 * @param unlogged tables, and others that are not in the stream: they are copied behind the fence
 * @param applier applies the changes
 * @param replication publication and slot on {@code from}
 * @param files where the rows were when they were compared
 */
record Direction(
    ConnectionDetails from,
    ConnectionDetails to,
    List<Table> tables,
    List<Table> unlogged,
    Applier applier,
    String replication,
    ComparedFiles files) {

  /** All that the fence stands on. */
  List<TableName> tableNames() {
    return Stream.concat(tables.stream(), unlogged.stream()).map(Table::name).toList();
  }

  /** The same way, for the tables that there are now. */
  Direction with(List<Table> inStream, List<Table> copiedBehindFence) {
    return new Direction(from, to, inStream, copiedBehindFence, applier, replication, files);
  }

  /** Throws what the applier failed with, if it did. */
  void check() {
    if (applier.failure().isDone()) {
      Throwable failure = applier.failure().join();
      if (failure instanceof CloudDbException known) {
        throw known;
      }
      throw ErrorDetails.of(ErrorCategory.OTHER, "Changes could not be applied: " + failure)
          .toException(failure);
    }
  }

  WriteFence fence(String migration) {
    return new WriteFence(migration, tableNames());
  }
}
