/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.ChangedKeys;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TrustedCode;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Compares both ends at one position while writes go on: neither a false alarm nor a difference
 * that is missed because rows were changing.
 *
 * <p>The order is what makes it exact. The applier is held; then a temporary slot exports a
 * snapshot of the source; the applier applies exactly the transactions that are in that snapshot; a
 * snapshot of the target is taken; the applier goes on, and the two snapshots are compared at
 * leisure. Were the slot created first, the applier could already have passed its point.
 *
 * <p>A table that was truncated or rewritten between its snapshot and its reading is compared
 * again, in another pass: those ignore snapshots.
 */
public final class Validation {
  private static final int PASSES = 4;

  private final ConnectionDetails source;
  private final ConnectionDetails target;
  private final String migration;
  private final int workers;
  private final int listed;
  private final Duration patience;
  private final LongConsumer progress;
  private final TrustedCode trusted;

  private Validation(Builder builder) {
    this.source = builder.source;
    this.target = builder.target;
    this.migration = builder.migration;
    this.workers = builder.workers;
    this.listed = builder.listed;
    this.patience = builder.patience;
    this.progress = builder.progress;
    this.trusted = builder.trusted;
  }

  /**
   * Starts to describe a validation.
   *
   * @param source the source
   * @param target the target
   * @param migration the migration's id, for the names of temporary slots
   * @return a builder
   */
  public static Builder between(
      ConnectionDetails source, ConnectionDetails target, String migration) {
    return new Builder(source, target, migration);
  }

  /**
   * Opens a connection on which hashes of the same value are the same on every server.
   *
   * @param end an end
   * @return an open connection, in auto-commit mode
   * @throws SQLException when it cannot be opened
   */
  public static Connection connect(ConnectionDetails end) throws SQLException {
    Connection connection = PinnedSession.open(end, "validate");
    try {
      try (Statement statement = connection.createStatement()) {
        // The planner takes each row's bucket for one of its own and would sort the whole table.
        statement.execute("SET enable_sort = off");
        // For a few thousand keys the planner would rather read all of a table of a million rows
        // than look each up. Only lookups by key join at all.
        statement.execute("SET enable_hashjoin = off; SET enable_mergejoin = off");
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Compares all tables. The applier notes the keys of rows that changed since each table was
   * compared, for {@link KeyComparison}. Keys noted before are dropped when their table was found
   * the same at a later position; all others stay, also when the run fails.
   *
   * @param applier a running applier, which is held for a moment
   * @param tables the tables; partitioned ones are left out, since their partitions are in the list
   * @return what was found; a difference is a result, not an exception
   * @throws io.clouddb.error.CloudDbException when an end cannot be read, or the applier fails; of
   *     category CONDITION_FAILED when there is no table to compare
   */
  public ValidationResult run(Applier applier, Collection<Table> tables) {
    long started = System.nanoTime();
    List<Table> left =
        new ArrayList<>(tables.stream().filter(t -> t.kind() == Table.Kind.ORDINARY).toList());
    if (left.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "There is no table to compare; both ends would be called the same for nothing")
          .nextStep("Check which tables are selected")
          .toException();
    }
    AtomicLong onEitherEnd = new AtomicLong();
    LongConsumer compared = rows -> progress.accept(onEitherEnd.addAndGet(rows) / 2);
    Map<TableName, ValidatedTable> done = new TreeMap<>();
    Duration held = Duration.ZERO;
    LogSequenceNumber position = LogSequenceNumber.INVALID_LSN;
    for (int pass = 0; pass == 0 || !left.isEmpty(); pass++) {
      if (pass == PASSES) {
        throw ErrorDetails.of(
                ErrorCategory.BUSY,
                "These tables were truncated or rewritten in each of "
                    + PASSES
                    + " passes: "
                    + left.stream().map(Table::name).toList())
            .toException();
      }
      Pass result = pass(applier, left, compared);
      held = held.plus(result.held);
      position = result.position;
      result.tables.forEach(t -> done.put(t.table(), t));
      left.removeIf(t -> done.containsKey(t.name()));
    }
    return new ValidationResult(
        position, List.copyOf(done.values()), held, Duration.ofNanos(System.nanoTime() - started));
  }

  private record Pass(LogSequenceNumber position, Duration held, List<ValidatedTable> tables) {}

  private Pass pass(Applier applier, List<Table> tables, LongConsumer compared) {
    List<SnapshotPair> pairs = new ArrayList<>();
    ChangedKeys earlier = null;
    Set<TableName> same = Set.of();
    try {
      for (int i = 0; i < Math.max(1, Math.min(workers, tables.size())); i++) {
        pairs.add(SnapshotPair.connect(source, target));
      }
      trusted.requireToRead(pairs.get(0).source, tables);
      trusted.requireToRead(pairs.get(0).target, tables);
      Map<TableName, Long> sourceFiles = SnapshotPair.files(pairs.get(0).source, tables);
      applier.hold(patience);
      long heldSince = System.nanoTime();
      LogSequenceNumber position;
      Map<TableName, Long> targetFiles;
      try {
        position = snapshots(applier, pairs);
        targetFiles = SnapshotPair.files(pairs.get(0).target, tables);
        earlier = applier.drainChangedKeys();
        applier.recordChangedKeys(true);
      } finally {
        applier.release();
      }
      Duration held = Duration.ofNanos(System.nanoTime() - heldSince);
      List<ValidatedTable> results =
          new ParallelComparison(pairs, listed, sourceFiles, targetFiles, compared).run(tables);
      same =
          results.stream()
              .filter(ValidatedTable::same)
              .map(ValidatedTable::table)
              .collect(Collectors.toSet());
      return new Pass(position, held, results);
    } catch (SQLException e) {
      throw SqlFailure.of("validating", e);
    } finally {
      if (earlier != null) {
        // A later pass compares a part of the tables only, and the keys of all come together.
        applier.restoreChangedKeys(earlier.except(same));
      }
      closeAll(pairs);
    }
  }

  /** Takes both snapshots at one position; all pairs are on them afterwards. */
  private LogSequenceNumber snapshots(Applier applier, List<SnapshotPair> pairs)
      throws SQLException {
    String name = "clouddb_" + migration + "_v" + UUID.randomUUID().toString().substring(0, 8);
    try (ReplicationSlot slot = ReplicationSlot.createTemporary(source, name, patience)) {
      for (SnapshotPair pair : pairs) {
        SnapshotPair.begin(pair.source, slot.snapshot());
      }
      applier.applyUpTo(slot.consistentPoint(), patience);
      Connection first = pairs.get(0).target;
      SnapshotPair.begin(first, null);
      String exported = SnapshotPair.export(first);
      for (SnapshotPair pair : pairs.subList(1, pairs.size())) {
        SnapshotPair.begin(pair.target, exported);
      }
      return slot.consistentPoint();
    }
  }

  private static void closeAll(List<SnapshotPair> pairs) {
    CloudDbException failure = null;
    for (SnapshotPair pair : pairs) {
      try {
        pair.close();
      } catch (SQLException e) {
        failure = SqlFailure.of("closing the validation's connections", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Compares tables as two given connections see them. For whole tables in the pause of a cutover.
   *
   * @param source a connection of {@link #connect}
   * @param target a connection of {@link #connect}
   * @param tables the tables; partitioned ones are left out
   * @param listed how many differing rows of a table are listed
   * @return the tables in the order of their names
   * @throws io.clouddb.error.CloudDbException when an end cannot be read
   */
  public static List<ValidatedTable> compareTables(
      Connection source, Connection target, Collection<Table> tables, int listed) {
    List<ValidatedTable> compared = new ArrayList<>();
    for (Table table : tables) {
      if (table.kind() == Table.Kind.ORDINARY) {
        try {
          TableComparison comparison =
              new TableComparison(table, ParallelComparison.estimate(source, table));
          compared.add(
              comparison.judge(
                  comparison.pass(source, rows -> {}),
                  comparison.pass(target, rows -> {}),
                  source,
                  target,
                  listed));
        } catch (SQLException e) {
          throw SqlFailure.of("comparing " + table.name(), e);
        }
      }
    }
    return compared.stream().sorted(Comparator.comparing(ValidatedTable::table)).toList();
  }

  /** Builds a {@link Validation}. */
  public static final class Builder {
    private final ConnectionDetails source;
    private final ConnectionDetails target;
    private final String migration;
    private int workers = 2;
    private int listed = 20;
    private Duration patience = Duration.ofMinutes(2);
    private LongConsumer progress = rows -> {};
    private TrustedCode trusted = TrustedCode.of(Set.of());

    private Builder(ConnectionDetails source, ConnectionDetails target, String migration) {
      this.source = Objects.requireNonNull(source, "source");
      this.target = Objects.requireNonNull(target, "target");
      this.migration = Objects.requireNonNull(migration, "migration");
    }

    /**
     * How many tables are compared at once; each takes a connection on both ends.
     *
     * @param count 2 by default
     * @return this builder
     */
    public Builder workers(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("workers: " + count);
      }
      this.workers = count;
      return this;
    }

    /**
     * How many differing rows of a table are listed; all are counted.
     *
     * @param rows 20 by default
     * @return this builder
     */
    public Builder listed(int rows) {
      this.listed = rows;
      return this;
    }

    /**
     * How long to wait for the applier, and for the slot, which waits for all open write
     * transactions on the source's server.
     *
     * @param time two minutes by default
     * @return this builder
     */
    public Builder patience(Duration time) {
      this.patience = Objects.requireNonNull(time, "patience");
      return this;
    }

    /**
     * Sets who is told how far a run is: how many rows were compared so far, where a row that was
     * read on one end counts half. Called by several threads at once, after about 64 MiB of a table
     * each.
     *
     * @param rows takes the number
     * @return this builder
     */
    public Builder progress(LongConsumer rows) {
      this.progress = Objects.requireNonNull(rows, "rows");
      return this;
    }

    /**
     * Sets whose code may run when rows are read.
     *
     * @param code nobody's but that of roles who could do all that the migration's could, by
     *     default
     * @return this builder
     */
    public Builder trusting(TrustedCode code) {
      this.trusted = Objects.requireNonNull(code, "trusted");
      return this;
    }

    /**
     * Finishes the description.
     *
     * @return a validation that can be run any number of times
     */
    public Validation build() {
      return new Validation(this);
    }
  }
}
