/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.ApplyMark;
import io.clouddb.migration.postgres.apply.ApplyOptions;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.copy.TableLocks;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.schema.SchemaTransfer;
import io.clouddb.migration.postgres.spill.Spilling;
import io.clouddb.migration.postgres.stream.Pace;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.migration.report.CopyReport;
import io.clouddb.migration.report.FindingReport;
import io.clouddb.migration.report.TableReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteControl;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
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
  final Requests requests = new Requests();
  final Pace pace = new Pace();

  /** Where the stream goes through files; null when it does not. */
  final @Nullable Spilling spilling;

  /** Reads it while nothing is applied yet. */
  final CopySpill copySpill;

  final @Nullable RouteControl route;
  final SchemaTransfer schema;

  /** What the copy brought over, by table. */
  final Map<String, CopyReport> copied = new TreeMap<>();

  /** What the last validation said of each table. */
  final Map<String, TableReport> validated = new TreeMap<>();

  final List<FindingReport> findings = new ArrayList<>();
  final List<String> leftBehind = new ArrayList<>();
  long writePauseMillis;

  /** What it was made of, in order, when it was in this run. */
  Map<String, Long> pauseParts = Map.of();

  /** Whether the switch to the target was this run's, so that it knows of all that came after. */
  boolean switchedInThisRun;

  /** Whether this run made the slot of the way back. */
  boolean wayBackPrepared;

  /** Whether the application was taken back to the source after the switch. */
  boolean takenBack;

  /** To whom the application perhaps belongs: the journal does not say. */
  Route.@Nullable Side undecided;

  private List<Table> tables = List.of();
  private @Nullable TableLocks locks;
  private @Nullable LockWatch lockWatch;
  private @Nullable ReplicationSlot slot;
  private @Nullable Direction forward;
  private @Nullable Direction reverse;

  MigrationRun(MigrationSettings settings, History history) {
    this.settings = settings;
    this.source = settings.namedSource();
    this.target = settings.namedTarget();
    this.history = history;
    this.spilling = settings.spilling();
    this.copySpill = new CopySpill(settings, spilling);
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

  boolean aborted() {
    return requests.aborted();
  }

  void checkAborted() {
    requests.checkAborted();
    history.requireHeld();
  }

  /** Waits while the run is to stand still. */
  void awaitResumed() {
    checkAborted();
    try {
      pace.awaitResumed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorDetails.of(ErrorCategory.DEADLINE, "Interrupted while the migration was paused")
          .nextStep("Run it again to go on.")
          .toException(e);
    }
    checkAborted();
  }

  /** Waits until the pace allows for so many bytes. */
  void takeTurn(long bytes) {
    try {
      pace.take(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorDetails.of(ErrorCategory.DEADLINE, "Interrupted while the copy waited")
          .nextStep("Run it again to go on.")
          .toException(e);
    }
  }

  void passPointOfNoReturn() {
    requests.passPointOfNoReturn();
  }

  /** It was not passed: the journal does not have it. */
  void takeBackPointOfNoReturn() {
    requests.takeBackPointOfNoReturn();
  }

  boolean pastPointOfNoReturn() {
    return requests.pastPointOfNoReturn();
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
        tables(selected(connection));
      }
    }
  }

  /** The selected tables of the source as they are now, but for those left behind. */
  List<Table> selected(Connection connection) throws SQLException {
    return Catalog.read(connection, settings.selection()).stream()
        .filter(table -> !settings.leaveBehind().contains("table " + table.name().quoted()))
        .toList();
  }

  /** The selected tables of a side that are not in its stream, but for those left behind. */
  List<Table> unlogged(ConnectionDetails side) {
    try (Connection connection = CatalogSession.open(side)) {
      return unlogged(connection);
    } catch (SQLException e) {
      throw SqlFailure.of("reading the unlogged tables", e);
    }
  }

  /** The same, in a session that is open. */
  List<Table> unlogged(Connection side) throws SQLException {
    return Catalog.readUnlogged(side, settings.selection()).stream()
        .filter(table -> !settings.leaveBehind().contains("table " + table.name().quoted()))
        .toList();
  }

  /** Throws unless all changes from a position on are in the slot, or in the files. */
  void requireUsable(Connection from, String replicationSlot, LogSequenceNumber position)
      throws SQLException {
    if (spilling == null) {
      SlotStatus.requireUsable(from, replicationSlot, position);
    } else {
      spilling.requireUsable(from, replicationSlot, position);
    }
  }

  /** Removes the files of a slot that was dropped. */
  void removeSpill(String replicationSlot) {
    if (spilling != null) {
      try {
        spilling.remove(replicationSlot);
      } catch (IOException e) {
        throw ErrorDetails.of(
                ErrorCategory.UNAVAILABLE, "Files of an earlier spill cannot be removed: " + e)
            .nextStep("Remove them by hand, then run the migration again.")
            .toException(e);
      }
    }
  }

  WriteFence fence() {
    return new WriteFence(settings.id(), tables.stream().map(Table::name).toList());
  }

  /**
   * A session that neither the end of a pause nor an abort ends: it puts things right after them.
   *
   * @param lockLimit how long it waits for each lock
   */
  Connection outsideOfPauses(ConnectionDetails side, Duration lockLimit) throws SQLException {
    Connection connection =
        PinnedSession.open(
            side.toBuilder()
                .parameter("ApplicationName", "clouddb/" + settings.sessionName())
                .build(),
            "opening");
    try (Statement setting = connection.createStatement()) {
      setting.execute("SET lock_timeout = " + lockLimit.toMillis());
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  // --- what is open -------------------------------------------------------------------------

  void hold(TableLocks held) {
    locks = held;
    lockWatch = LockWatch.start(source, settings.sessionName(), held);
  }

  /** Throws when the locks had to be let go since. */
  void requireLocks() {
    LockWatch watch = lockWatch;
    if (watch != null) {
      watch.requireLocks();
    }
  }

  /** From here on the locks stay: those who wait for them wait for the copy of a table. */
  void stopLockWatch() {
    LockWatch watch = lockWatch;
    if (watch != null) {
      watch.close();
    }
  }

  Optional<TableLocks> locks() {
    return Optional.ofNullable(locks);
  }

  void hold(ReplicationSlot held) {
    slot = held;
    meter.watch(source, settings.replicationName());
  }

  Optional<ReplicationSlot> slot() {
    return Optional.ofNullable(slot);
  }

  /** The copy is over, or begins once more: the snapshot and the locks are not needed any more. */
  void releaseSnapshot() {
    stopLockWatch();
    if (slot != null) {
      slot.close();
      slot = null;
    }
    if (locks != null) {
      locks.close();
      locks = null;
    }
  }

  /** What transactions on the target begin with; null when nothing is brought back. */
  @Nullable ApplyMark markOnTarget() {
    return settings.reverses() ? ApplyMark.onTarget(settings.id(), history.secretOfMarks()) : null;
  }

  /** The way from the source to the target; its applier is made and started when there is none. */
  Direction forward() {
    Direction current = forward;
    return current != null ? current : begin(unlogged(source));
  }

  /**
   * The same.
   *
   * @param session an open one of the source, to read the catalog in
   */
  Direction forward(Connection session) throws SQLException {
    Direction current = forward;
    return current != null ? current : begin(unlogged(session));
  }

  private Direction begin(List<Table> unlogged) {
    copySpill.end();
    Applier applier =
        new Applier(
            source,
            target,
            tables,
            ApplyOptions.of(settings.id())
                .mark(markOnTarget())
                .pace(pace)
                .spilling(spilling)
                .trusting(settings.trustedCode())
                .tableStarts(CopyHistory.of(history).starts(tables))
                .build());
    Direction begun =
        new Direction(
            source,
            target,
            tables,
            unlogged,
            applier,
            settings.replicationName(),
            new ComparedFiles());
    applier.start();
    forward = begun;
    meter.applier = applier;
    meter.watch(source, settings.replicationName());
    return begun;
  }

  /**
   * Opens the route to the side for which the journal decided, whatever stands in it. Not without
   * asking the journal: a run that was superseded while it slept would overrule the one that has
   * it.
   */
  void forceRoute(Route.Side side) {
    RouteControl control = route;
    if (control != null) {
      history.forcingRoute();
      control.force(side);
    }
  }

  /** The way back is open. */
  void hold(Direction held) {
    reverse = held;
    meter.applier = held.applier();
    meter.watch(held.from(), held.replication());
    meter.watchWaiting(null);
  }

  /** The way from the target to the old source, while it is open. */
  Optional<Direction> reverse() {
    return Optional.ofNullable(reverse);
  }

  /** Throws what the applier failed with, if it did. */
  void checkApplier() {
    Direction current = forward;
    if (current != null) {
      current.check();
    }
  }

  /** Stops applying; slot and position stay. */
  void stopApplier() {
    Direction current = forward;
    if (current != null) {
      meter.appliedBefore(meter.changesApplied());
      meter.applier = null;
      forward = null;
      current.applier().close();
    }
  }

  /** Stops bringing changes back; slot and position stay. */
  void stopReverse() {
    Direction current = reverse;
    if (current != null) {
      meter.applier = null;
      reverse = null;
      current.applier().close();
    }
  }

  /** Closes whatever is open, however the run ended. */
  void close() {
    requests.noMoreRehearsals();
    try {
      copySpill.end();
      stopApplier();
      stopReverse();
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
    try (Connection connection = PinnedSession.open(database, "describe")) {
      return describe(database, connection.getMetaData().getDatabaseProductVersion());
    } catch (SQLException e) {
      return describe(database, "");
    }
  }

  /** The same, where the version is known; empty when it is not. */
  static String describe(ConnectionDetails database, String version) {
    return database.host()
        + ":"
        + database.port()
        + "/"
        + database.database()
        + (version.isEmpty() ? "" : " (PostgreSQL " + version + ")");
  }
}
