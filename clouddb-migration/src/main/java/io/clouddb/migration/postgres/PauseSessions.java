/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.copy.UnloggedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The sessions of one pause, opened before it and closed after it: no later pause has them. */
final class PauseSessions implements AutoCloseable {
  /** For the fence, and what is read behind it. */
  final Connection from;

  /** For what is made on the side that takes over. */
  final Connection to;

  final RowComparison comparison;
  final UnloggedTables unlogged;

  private PauseSessions(
      Connection from, Connection to, RowComparison comparison, UnloggedTables unlogged) {
    this.from = from;
    this.to = to;
    this.comparison = comparison;
    this.unlogged = unlogged;
  }

  static PauseSessions open(MigrationRun run, Direction direction) throws SQLException {
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      Connection from = CatalogSession.open(direction.from());
      opened.add(from);
      Connection to = CatalogSession.open(direction.to());
      opened.add(to);
      RowComparison comparison = RowComparison.open(run, direction);
      opened.add(comparison);
      return new PauseSessions(
          from,
          to,
          comparison,
          UnloggedTables.open(
              direction.from(),
              direction.to(),
              direction.unlogged(),
              run.settings.id(),
              run.settings.trustedCode()));
    } catch (SQLException | RuntimeException e) {
      closeAll(opened, e);
      throw e;
    }
  }

  /** The last thing before the pause. */
  void prepare() throws SQLException {
    try (Statement setting = from.createStatement()) {
      // Each table of the fence is a commit. The marker behind them is durable, and they with it.
      setting.execute("SET synchronous_commit = off");
    }
  }

  List<Connection> all() {
    List<Connection> all = new ArrayList<>(List.of(from, to));
    all.addAll(comparison.connections());
    all.addAll(unlogged.connections());
    return all;
  }

  @Override
  public void close() throws SQLException {
    SQLException failure = new SQLException("The sessions of a pause could not be closed");
    closeAll(List.of(from, to, comparison, unlogged), failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  private static void closeAll(List<AutoCloseable> opened, Exception failure) {
    for (AutoCloseable each : opened) {
      try {
        each.close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }
}
