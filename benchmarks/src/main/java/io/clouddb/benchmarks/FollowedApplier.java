/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.ApplyOptions;
import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.stream.SourceIdentity;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/** Our own apply, from a slot that exists. */
final class FollowedApplier {
  private static final String MIGRATION = "benchmark";

  private FollowedApplier() {}

  /** Starts at the slot's position; what was before it is on the target. */
  static Applier start(
      ConnectionDetails source, ConnectionDetails target, String publication, String slot)
      throws SQLException {
    List<Table> tables;
    try (Connection from = source.connect();
        Connection to = target.connect()) {
      tables = Catalog.read(from, TableSelection.all());
      PositionTable.create(to);
      PositionTable.start(
          to,
          MIGRATION,
          new PositionTable.Position(startOf(from, slot), SourceIdentity.read(source)));
    }
    Applier applier =
        new Applier(
            source,
            target,
            tables,
            ApplyOptions.of(MIGRATION).slot(slot).publication(publication).build());
    applier.start();
    return applier;
  }

  private static LogSequenceNumber startOf(Connection source, String slot) throws SQLException {
    try (PreparedStatement statement =
        source.prepareStatement(
            "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = ?")) {
      statement.setString(1, slot);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return LogSequenceNumber.valueOf(rows.getString(1));
      }
    }
  }
}
