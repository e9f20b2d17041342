/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.ApplyMark;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TrustedCode;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Makes those rows of the target what they are on the source that differ, and touches no others,
 * while writes go on.
 *
 * <p>A {@link Validation} names them. Then the applier is held, a temporary slot gives a snapshot
 * of the source, and the applier applies exactly what is in it; at this position the named rows are
 * compared once more, and those that still differ are replaced by the source's in one transaction
 * before the applier goes on. So no change of the stream is lost or applied twice, and rows that
 * the stream has put right meanwhile stay as they are.
 *
 * <p>Rows of tables without a key are found by the hash of the whole row, in one reading of the
 * table on both ends, for which the applier stands still.
 */
public final class Repair {
  private final ConnectionDetails source;
  private final ConnectionDetails target;
  private final String migration;
  private final int workers;
  private final int limit;
  private final Duration patience;
  private final @Nullable ApplyMark mark;
  private final TrustedCode trusted;

  private Repair(Builder builder) {
    this.source = builder.source;
    this.target = builder.target;
    this.migration = builder.migration;
    this.workers = builder.workers;
    this.limit = builder.limit;
    this.patience = builder.patience;
    this.mark = builder.mark;
    this.trusted = builder.trusted;
  }

  /**
   * Starts to describe a repair.
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
   * Compares all tables and repairs the rows that differ.
   *
   * @param applier a running applier, which is held twice for a moment
   * @param tables the tables
   * @return what was done
   * @throws io.clouddb.error.CloudDbException of category DATA when more rows differ than the
   *     limit, after which nothing was changed; BUSY when a table was truncated or rewritten
   *     meanwhile, or something else wrote to the rows; or when an end cannot be read or written
   */
  public RepairResult run(Applier applier, Collection<Table> tables) {
    ValidationResult found =
        Validation.between(source, target, migration)
            .workers(workers)
            .patience(patience)
            .listed(limit + 1)
            .trusting(trusted)
            .build()
            .run(applier, tables);
    requireFew(found);
    if (found.same()) {
      return result(found, found.position(), List.of(), Duration.ZERO);
    }
    Map<TableName, List<Mismatch>> named =
        found.mismatches().stream()
            .collect(Collectors.groupingBy(Mismatch::table, TreeMap::new, Collectors.toList()));
    List<Table> differing =
        tables.stream().filter(table -> named.containsKey(table.name())).toList();
    try (SnapshotPair pair = SnapshotPair.connect(source, target)) {
      trusted.requireToRead(pair.source, differing);
      trusted.requireToRead(pair.target, differing);
      Map<TableName, Long> files = SnapshotPair.files(pair.source, differing);
      applier.hold(patience);
      long held = System.nanoTime();
      try {
        LogSequenceNumber position = onePosition(applier, pair);
        List<RepairPlan> plans = new ArrayList<>();
        for (Table table : differing) {
          plans.add(
              RepairPlan.make(
                  table, named.getOrDefault(table.name(), List.of()), pair.source, pair.target));
        }
        // They are locked by now, so what was not truncated yet is not any more.
        requireSame(files, SnapshotPair.files(pair.source, differing));
        List<RepairedTable> repaired = write(plans, pair);
        return result(found, position, repaired, Duration.ofNanos(System.nanoTime() - held));
      } finally {
        applier.release();
      }
    } catch (SQLException e) {
      throw SqlFailure.of("repairing", e);
    }
  }

  private static RepairResult result(
      ValidationResult found,
      LogSequenceNumber position,
      List<RepairedTable> repaired,
      Duration held) {
    return new RepairResult(position, repaired, found.rows(), found.tables().size(), held);
  }

  private void requireFew(ValidationResult found) {
    boolean exact = found.tables().stream().allMatch(ValidatedTable::exact);
    if (exact && found.mismatchCount() <= limit) {
      return;
    }
    String tables =
        found.tables().stream()
            .filter(table -> !table.same())
            .map(table -> table.table() + ": " + table.mismatchCount())
            .collect(Collectors.joining(", "));
    throw ErrorDetails.of(
            ErrorCategory.DATA,
            "More rows differ than the %d that are repaired (%s); nothing was changed"
                .formatted(limit, tables))
        .nextStep(
            "Find out what wrote to these tables on the target, and copy them again: abort the"
                + " migration, empty the target and run it anew.")
        .toException();
  }

  private LogSequenceNumber onePosition(Applier applier, SnapshotPair pair) throws SQLException {
    String name = "clouddb_" + migration + "_r" + UUID.randomUUID().toString().substring(0, 8);
    try (ReplicationSlot slot = ReplicationSlot.createTemporary(source, name, patience)) {
      SnapshotPair.begin(pair.source, slot.snapshot());
      applier.applyUpTo(slot.consistentPoint(), patience);
      SnapshotPair.begin(pair.target, null);
      return slot.consistentPoint();
    }
  }

  private static void requireSame(Map<TableName, Long> before, Map<TableName, Long> now) {
    List<TableName> rewritten =
        before.keySet().stream()
            .filter(table -> !Objects.equals(before.get(table), now.get(table)))
            .sorted()
            .toList();
    if (!rewritten.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.BUSY,
              "These tables were truncated or rewritten meanwhile: "
                  + rewritten
                  + ". Nothing was changed")
          .nextStep("Repair again")
          .toException();
    }
  }

  private List<RepairedTable> write(List<RepairPlan> plans, SnapshotPair pair) throws SQLException {
    List<RepairPlan> todo = plans.stream().filter(plan -> !plan.rows().isEmpty()).toList();
    if (todo.isEmpty()) {
      return List.of();
    }
    try (RepairSession session =
        RepairSession.begin(
            target, patience, mark, todo.stream().map(RepairPlan::table).toList(), trusted)) {
      List<RepairedTable> repaired = new ArrayList<>();
      for (RepairPlan plan : todo) {
        repaired.add(session.carryOut(plan, pair.source));
      }
      session.commit();
      return repaired;
    }
  }

  /** Builds a {@link Repair}. */
  public static final class Builder {
    private final ConnectionDetails source;
    private final ConnectionDetails target;
    private final String migration;
    private int workers = 2;
    private int limit = 10_000;
    private Duration patience = Duration.ofMinutes(2);
    private @Nullable ApplyMark mark;
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
      this.workers = count;
      return this;
    }

    /**
     * How many rows are repaired at most. When more differ, something is wrong that a repair of
     * single rows does not mend.
     *
     * @param rows 10,000 by default
     * @return this builder
     */
    public Builder limit(int rows) {
      if (rows < 1) {
        throw new IllegalArgumentException("limit: " + rows);
      }
      this.limit = rows;
      return this;
    }

    /**
     * How long to wait for the applier, for the slot, which waits for all open write transactions
     * on the source's server, and for locks on the target.
     *
     * @param time two minutes by default
     * @return this builder
     */
    public Builder patience(Duration time) {
      this.patience = Objects.requireNonNull(time, "patience");
      return this;
    }

    /**
     * Begins what is written with a mark, by which a stream in the other direction leaves it out.
     *
     * @param value null, the default, for no mark
     * @return this builder
     */
    public Builder mark(@Nullable ApplyMark value) {
      this.mark = value;
      return this;
    }

    /**
     * Whose code may run when rows are written.
     *
     * @param code nobody's by default, but that of roles with all rights of the target's
     * @return this builder
     */
    public Builder trusting(TrustedCode code) {
      this.trusted = Objects.requireNonNull(code, "trusted");
      return this;
    }

    /**
     * Finishes the description.
     *
     * @return a repair that can be run any number of times
     */
    public Repair build() {
      return new Repair(this);
    }
  }
}
