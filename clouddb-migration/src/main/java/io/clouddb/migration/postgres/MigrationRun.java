/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.ApplyOptions;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.copy.TableLocks;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.schema.SchemaTransfer;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.report.FindingReport;
import io.clouddb.migration.report.TableReport;
import io.clouddb.migration.route.RouteControl;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the steps of one run share. Used by the run's thread, but for the request to abort. */
final class MigrationRun {
  private static final Logger LOG = LoggerFactory.getLogger(MigrationRun.class);

  final MigrationSettings settings;
  final ConnectionDetails source;
  final ConnectionDetails target;
  final History history;
  final Notifier notifier;
  final Meter meter = new Meter();
  final @Nullable RouteControl route;
  final SchemaTransfer schema;

  /** Rows that the copy brought over, by table. */
  final Map<String, Long> copied = new TreeMap<>();

  /** What the last validation said of each table. */
  final Map<String, TableReport> validated = new TreeMap<>();

  final List<FindingReport> findings = new ArrayList<>();
  final List<String> leftBehind = new ArrayList<>();
  long writePauseMillis;

  private List<Table> tables = List.of();
  private @Nullable TableLocks locks;
  private @Nullable ReplicationSlot slot;
  private @Nullable Applier applier;
  private boolean aborted;
  private boolean pastPointOfNoReturn;

  MigrationRun(MigrationSettings settings, History history) {
    this.settings = settings;
    this.source = settings.namedSource();
    this.target = settings.namedTarget();
    this.history = history;
    this.notifier = new Notifier(settings.id(), settings.listener());
    this.route =
        settings.route() == null ? null : new RouteControl(settings.route(), settings.clock());
    this.schema =
        SchemaTransfer.of(source, target, settings.selection())
            .withConnections(settings.connections())
            .leavingBehind(settings.leaveBehind())
            .withProgress(
                (phase, object, done, total) ->
                    meter.activity = "%s (%d of %d)".formatted(object, done, total));
  }

  // --- stopping -----------------------------------------------------------------------------

  /** Asks the run to stop; from another thread. */
  synchronized void requestAbort() {
    if (pastPointOfNoReturn) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The application works on the target already; nothing was aborted")
          .nextStep("Let the migration finish.")
          .toException();
    }
    aborted = true;
  }

  synchronized boolean aborted() {
    return aborted;
  }

  void checkAborted() {
    if (aborted()) {
      throw new AbortedException();
    }
    history.requireHeld();
  }

  /** From here on the run only goes forward. Either this or an abort comes first, never both. */
  synchronized void passPointOfNoReturn() {
    if (aborted) {
      throw new AbortedException();
    }
    pastPointOfNoReturn = true;
  }

  synchronized boolean pastPointOfNoReturn() {
    return pastPointOfNoReturn;
  }

  // --- tables -------------------------------------------------------------------------------

  List<Table> tables() {
    return tables;
  }

  void tables(List<Table> found) {
    tables = List.copyOf(found);
  }

  /** Reads the tables, when an earlier run did the steps that would have. */
  void readTables() throws SQLException {
    if (tables.isEmpty()) {
      try (Connection connection = CatalogSession.open(source)) {
        tables(Catalog.read(connection, settings.selection()));
      }
    }
  }

  WriteFence fence() {
    return new WriteFence(settings.id(), tables.stream().map(Table::name).toList());
  }

  // --- what is open -------------------------------------------------------------------------

  void hold(TableLocks held) {
    locks = held;
  }

  Optional<TableLocks> locks() {
    return Optional.ofNullable(locks);
  }

  void hold(ReplicationSlot held) {
    slot = held;
  }

  Optional<ReplicationSlot> slot() {
    return Optional.ofNullable(slot);
  }

  /** The copy is over, or begins once more: the snapshot and the locks are not needed any more. */
  void releaseSnapshot() {
    if (slot != null) {
      slot.close();
      slot = null;
    }
    if (locks != null) {
      locks.close();
      locks = null;
    }
  }

  /** The applier, which is made and started when there is none. */
  Applier applier() {
    Applier current = applier;
    if (current == null) {
      current =
          new Applier(
              source,
              target,
              tables,
              ApplyOptions.of(settings.id())
                  .tableStarts(CopyHistory.of(history).starts(tables))
                  .build());
      current.start();
      applier = current;
      meter.applier = current;
    }
    return current;
  }

  /** Throws what the applier failed with, if it did. */
  void checkApplier() {
    Applier current = applier;
    if (current != null && current.failure().isDone()) {
      Throwable failure = current.failure().join();
      if (failure instanceof CloudDbException known) {
        throw known;
      }
      throw ErrorDetails.of(ErrorCategory.OTHER, "Changes could not be applied: " + failure)
          .toException(failure);
    }
  }

  /** Stops applying; slot and position stay. */
  void stopApplier() {
    Applier current = applier;
    if (current != null) {
      meter.appliedBefore(meter.changesApplied());
      meter.applier = null;
      applier = null;
      current.close();
    }
  }

  /** Closes whatever is open, however the run ended. */
  void close() {
    try {
      stopApplier();
    } catch (CloudDbException e) {
      LOG.warn("Migration {}: the applier could not be stopped", settings.id(), e);
    }
    try {
      releaseSnapshot();
    } catch (CloudDbException e) {
      // An abort ends these sessions from the outside.
      LOG.debug("Migration {}: the snapshot was gone already", settings.id(), e);
    }
  }

  /** Host, port, name and version. */
  static String describe(ConnectionDetails database) {
    String where = database.host() + ":" + database.port() + "/" + database.database();
    try (Connection connection = database.connect()) {
      return where + " (PostgreSQL " + connection.getMetaData().getDatabaseProductVersion() + ")";
    } catch (SQLException e) {
      return where;
    }
  }
}
