/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.ChangedKeys;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TrustedCode;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.migration.postgres.validate.KeyComparison;
import io.clouddb.migration.postgres.validate.Mismatch;
import io.clouddb.migration.postgres.validate.ValidatedTable;
import io.clouddb.migration.postgres.validate.Validation;
import io.clouddb.migration.postgres.validate.ValidationResult;
import io.clouddb.migration.report.TableReport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Compares both ends: all rows at one position while the application writes, and in the pause of
 * the cutover only the rows that changed since.
 */
final class RowComparison implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  // The applier stands still meanwhile.
  private static final Duration VALIDATION_LIMIT = Duration.ofSeconds(30);
  private static final Duration NARROWING_LIMIT = Duration.ofSeconds(2);
  private static final int LISTED = 20;
  private static final int FEW_ROWS = 500;
  private static final int ROUNDS = 10;
  private static final long SMALL_BYTES = 2 << 20;

  private final MigrationRun run;
  private final Direction direction;
  private final Connection source;
  private final Connection target;
  private final KeyComparison byKey;

  private RowComparison(
      MigrationRun run, Direction direction, Connection source, Connection target) {
    this.run = run;
    this.direction = direction;
    this.source = source;
    this.target = target;
    this.byKey = new KeyComparison(source, target);
  }

  /** Opens the sessions that the pause needs, before the pause. */
  static RowComparison open(MigrationRun run, Direction direction) throws SQLException {
    Connection source = Validation.connect(direction.from());
    Connection target = null;
    try {
      target = Validation.connect(direction.to());
      TrustedCode trusted = run.settings.trustedCode();
      trusted.requireToRead(source, direction.tables());
      trusted.requireToRead(target, direction.tables());
      return new RowComparison(run, direction, source, target);
    } catch (SQLException | RuntimeException e) {
      source.close();
      if (target != null) {
        target.close();
      }
      throw e;
    }
  }

  /**
   * Compares all rows at one position.
   *
   * @throws CloudDbException of category DATA when a row differs
   */
  static ValidationResult everything(MigrationRun run, Direction direction) {
    Map<TableName, Long> files = files(direction, direction.tables());
    ValidationResult result = validate(run, direction, direction.tables());
    direction.files().compared(files);
    return result;
  }

  /** The same for some of the tables, when all were compared before. */
  private static void again(MigrationRun run, Direction direction, List<Table> tables) {
    if (!direction.files().known()) {
      everything(run, direction);
      return;
    }
    Map<TableName, Long> files = files(direction, tables);
    validate(run, direction, tables);
    direction.files().comparedAgain(files);
  }

  private static ValidationResult validate(
      MigrationRun run, Direction direction, List<Table> tables) {
    ValidationResult result =
        Validation.between(direction.from(), direction.to(), run.settings.id())
            .workers(run.settings.connections())
            .patience(VALIDATION_LIMIT)
            .listed(LISTED)
            .trusting(run.settings.trustedCode())
            .progress(rows -> run.meter.rowsValidated.accumulateAndGet(rows, Math::max))
            .build()
            .run(direction.applier(), tables);
    for (ValidatedTable table : result.tables()) {
      run.validated.put(
          table.table().toString(),
          new TableReport(
              table.table().toString(),
              Optional.empty(),
              table.sourceRows(),
              table.sourceDigest(),
              table.targetDigest(),
              table.mismatchCount()));
    }
    if (!result.same()) {
      throw different(run, result.mismatchCount(), result.mismatches());
    }
    return result;
  }

  private static Map<TableName, Long> files(Direction direction, List<Table> tables) {
    try (Connection connection = CatalogSession.open(direction.from())) {
      return ComparedFiles.read(connection, tables);
    } catch (SQLException e) {
      throw SqlFailure.of("reading where the rows are", e);
    }
  }

  /** The sessions of both sides. */
  List<Connection> connections() {
    return List.of(source, target);
  }

  /**
   * One look at what changed.
   *
   * @param rows how many rows were compared by their keys
   * @param took how long that took
   * @param whole the tables that were compared again as a whole, since so much of them changed
   * @param emptied the tables that the next look compares as a whole, since this one's snapshot
   *     lost their rows
   */
  private record Round(long rows, Duration took, List<Table> whole, List<Table> emptied) {
    boolean isLittle() {
      return whole.isEmpty() && emptied.isEmpty() && rows <= FEW_ROWS;
    }

    boolean isLessThan(Round before) {
      return whole.size() < before.whole.size() || rows < before.rows / 4 * 3;
    }
  }

  /**
   * Compares what changed since the last validation while the application writes, again and again
   * until little is left for the pause, or it becomes no less: what changes while one round runs.
   * The sessions of the pause are warm afterwards.
   *
   * @throws CloudDbException of category DATA when a row differs; DEADLINE when the application
   *     writes so fast that what is left would take half the time of the pause to compare
   */
  void narrow() throws SQLException {
    run.meter.activity = "comparing what changed since the validation";
    byKey.prepare(direction.tables());
    Round last;
    try {
      last = changedAtOnePosition();
      boolean shrinks = true;
      for (int i = 1; i < ROUNDS && (shrinks || !last.emptied.isEmpty()) && !last.isLittle(); i++) {
        Round next = changedAtOnePosition();
        shrinks = !last.emptied.isEmpty() || next.isLessThan(last);
        last = next;
      }
    } catch (DeadlineException e) {
      // An open write transaction keeps the slot from being made: no reason not to go on, the pause
      // compares it all.
      run.notifier.notice("What changed is compared in the pause only: " + e.details().message());
      return;
    }
    // What became too much while the last round ran will be so again in the pause.
    requireSmall(last.whole);
    requireSmall(last.emptied);
    Duration most = run.settings.pauseLimit().dividedBy(2);
    if (last.took.compareTo(most) > 0) {
      throw ErrorDetails.of(
              ErrorCategory.DEADLINE,
              "Comparing the %,d rows that change meanwhile takes %,d ms, more than half of the pause's limit"
                  .formatted(last.rows, last.took.toMillis()))
          .nextStep("Cut over when the application writes less, or raise pauseLimit.")
          .toException();
    }
  }

  /**
   * Takes the keys that changed and a snapshot of both ends at one position, in the order that
   * {@link Validation} explains, and compares the rows of these keys.
   *
   * @return what was compared
   */
  private Round changedAtOnePosition() throws SQLException {
    Applier applier = direction.applier();
    String name =
        run.settings.replicationName() + "_c" + UUID.randomUUID().toString().substring(0, 8);
    try {
      ChangedKeys keys;
      Map<TableName, Long> files = ComparedFiles.read(source, direction.tables());
      applier.hold(NARROWING_LIMIT);
      try {
        try (ReplicationSlot slot =
            ReplicationSlot.createTemporary(direction.from(), name, NARROWING_LIMIT)) {
          begin(source, "SET TRANSACTION SNAPSHOT '" + slot.snapshot().replace("'", "''") + "'");
          applier.applyUpTo(slot.consistentPoint(), PATIENCE);
          // Any query takes the snapshot.
          begin(target, "SELECT 1");
        }
        // The last that can fail before the keys are in hand is the end of the slot.
        keys = applier.drainChangedKeys();
      } finally {
        applier.release();
      }
      boolean done = false;
      try {
        // Too much of them changed, or they were truncated, which snapshots do not show; or
        // altered, which the stream does not.
        List<Table> whole = whole(keys);
        if (!whole.isEmpty()) {
          again(run, direction, whole);
        }
        long began = System.nanoTime();
        KeyComparison.Result single = byKey.compare(direction.tables(), keys.keys());
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        List<Table> emptied = emptiedSince(files, single.mismatches());
        requireSame(
            single.mismatches().stream()
                .filter(row -> emptied.stream().noneMatch(t -> t.name().equals(row.table())))
                .toList());
        done = emptied.isEmpty();
        return new Round(single.keys(), took, whole, emptied);
      } finally {
        if (!done) {
          applier.restoreChangedKeys(keys);
        }
      }
    } finally {
      end(source);
      end(target);
    }
  }

  /**
   * The tables with differences that were truncated or rewritten on the source since their files
   * were read. A snapshot taken before that shows none of their rows; the next look compares them.
   */
  private List<Table> emptiedSince(Map<TableName, Long> files, List<Mismatch> mismatches)
      throws SQLException {
    if (mismatches.isEmpty()) {
      return List.of();
    }
    Set<TableName> differing = mismatches.stream().map(Mismatch::table).collect(Collectors.toSet());
    Map<TableName, Long> now = ComparedFiles.read(source, direction.tables());
    return direction.tables().stream()
        .filter(table -> differing.contains(table.name()))
        .filter(table -> !Objects.equals(files.get(table.name()), now.get(table.name())))
        .toList();
  }

  private static void begin(Connection end, String first) throws SQLException {
    end.setAutoCommit(false);
    end.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = end.createStatement()) {
      statement.execute(first);
    }
  }

  private static void end(Connection end) throws SQLException {
    if (end.getAutoCommit()) {
      return;
    }
    end.rollback();
    end.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    end.setAutoCommit(true);
  }

  /**
   * Compares what changed since the last validation. The source is fenced, all of it is applied,
   * and the applier is held.
   *
   * @return how many rows were compared
   * @throws CloudDbException of category DATA when a row differs
   */
  long last() throws SQLException {
    Applier applier = direction.applier();
    ChangedKeys keys = applier.drainChangedKeys();
    boolean same = false;
    try {
      List<Table> whole = whole(keys);
      requireSmall(whole);
      long compared = compare(keys, whole);
      same = true;
      return compared;
    } finally {
      if (!same) {
        applier.restoreChangedKeys(keys);
      }
    }
  }

  /** The tables of which single rows do not tell what changed. */
  private List<Table> whole(ChangedKeys keys) throws SQLException {
    Set<TableName> names = new HashSet<>(keys.wholeTables());
    names.addAll(direction.files().rewritten(source, direction.tables()));
    return direction.tables().stream()
        .filter(table -> table.kind() == Table.Kind.ORDINARY && names.contains(table.name()))
        .toList();
  }

  /**
   * A table with a key is compared as a whole before the pause, in the next try. One without has
   * nothing else; the pause's limit holds for it.
   */
  private void requireSmall(List<Table> whole) throws SQLException {
    List<TableName> large = new ArrayList<>();
    try (PreparedStatement size =
        source.prepareStatement("SELECT pg_catalog.pg_relation_size(pg_catalog.to_regclass(?))")) {
      for (Table table : whole) {
        size.setString(1, table.name().quoted());
        try (ResultSet row = size.executeQuery()) {
          if (row.next() && row.getLong(1) > SMALL_BYTES && !table.key().isEmpty()) {
            large.add(table.name());
          }
        }
      }
    }
    if (!large.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.DEADLINE,
              "So much changes that all rows would be compared in the pause, of " + large)
          .nextStep(
              "Cut over when the application writes less to them; it works on the side that it was"
                  + " on.")
          .toException();
    }
  }

  private long compare(ChangedKeys keys, List<Table> wholeTables) throws SQLException {
    KeyComparison.Result single = byKey.compare(direction.tables(), keys.keys());
    List<Mismatch> mismatches = new ArrayList<>(single.mismatches());
    long compared = single.keys();
    long differing = single.mismatches().size();
    for (ValidatedTable table : Validation.compareTables(source, target, wholeTables, LISTED)) {
      compared += table.sourceRows();
      differing += table.mismatchCount();
      mismatches.addAll(table.mismatches());
    }
    if (differing > 0) {
      throw different(run, differing, mismatches);
    }
    return compared;
  }

  private void requireSame(List<Mismatch> mismatches) {
    if (!mismatches.isEmpty()) {
      throw different(run, mismatches.size(), mismatches);
    }
  }

  private static CloudDbException different(
      MigrationRun run, long count, List<Mismatch> mismatches) {
    return ErrorDetails.of(
            ErrorCategory.DATA,
            count
                + " rows differ between source and target: "
                + mismatches.stream()
                    .limit(LISTED)
                    .map(Mismatch::toString)
                    .collect(Collectors.joining(", ")))
        .nextStep(
            run.pastPointOfNoReturn()
                ? "Find out who else writes to the source. The application goes on with the target:"
                    + " finish the migration, or put the source's rows right and roll back again."
                : "Find out who else writes to the target and stop it. Then repair the migration,"
                    + " which writes just these rows anew (Migration.repair()). The source is as it"
                    + " was.")
        .toException();
  }

  @Override
  public void close() throws SQLException {
    try {
      source.close();
    } finally {
      target.close();
    }
  }
}
