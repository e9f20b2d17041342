/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.ApplyMark;
import io.clouddb.migration.postgres.apply.ApplyOptions;
import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.cutover.SuspendedTriggers;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.postgres.stream.SlotStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The way back: a publication and a slot on the target, from before the switch on, and a position
 * on the source. Transactions by which the migration itself wrote to the target begin with a mark
 * and are left out, so nothing goes round.
 */
final class ReverseReplication {
  private static final Duration DROP_PATIENCE = Duration.ofSeconds(30);

  private ReverseReplication() {}

  /** Makes the slot, unless a try before this one of the same run did. */
  static void prepare(MigrationRun run, Connection source, Connection target) throws SQLException {
    if (run.wayBackPrepared) {
      return;
    }
    run.meter.activity = "preparing the way back";
    requireForeignKeysOnTarget(run, source);
    String name = run.settings.reverseName();
    // What an earlier run left: nothing was applied from it.
    SlotStatus.drop(target, name, DROP_PATIENCE);
    run.removeSpill(name);
    Publication.drop(target, name);
    List<Table> tables = Catalog.read(target, run.settings.selection());
    Map<String, String> facts = TargetChanges.planned(run, target, tables);
    Publication.create(target, name, tables);
    run.meter.activity = "waiting for open transactions of the target, to make the way back";
    try (ReplicationSlot slot =
        ReplicationSlot.create(run.target, name, run.settings.slotLimit())) {
      PositionTable.create(source);
      PositionTable.start(
          source,
          run.settings.id(),
          new PositionTable.Position(slot.consistentPoint(), slot.identity()));
      facts.put("slot", name);
      facts.put("position", slot.consistentPoint().asString());
      run.history.wayBackPrepared(facts);
    }
    run.wayBackPrepared = true;
    run.meter.watchWaiting(new SlotWatch(run.target, name));
  }

  /**
   * Removes it before the switch, since the slot would keep log for nobody. The next cutover makes
   * it again.
   *
   * @return what could not be removed
   */
  static List<String> discard(MigrationRun run) {
    if (!run.wayBackPrepared || run.pastPointOfNoReturn()) {
      return List.of();
    }
    run.history.removing("slot and publication of the target");
    Traces traces = new Traces(run.settings);
    traces.removeReverse();
    run.wayBackPrepared = false;
    run.meter.watchWaiting(null);
    return traces.left();
  }

  /**
   * Where the source's role may not set replica role, its foreign keys go while changes come back,
   * and are made again after the target's.
   */
  private static void requireForeignKeysOnTarget(MigrationRun run, Connection source)
      throws SQLException {
    List<String> missing = run.schema.foreignKeysLeftBehind();
    if (!missing.isEmpty() && !ReplicaRole.available(source)) {
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE,
              "Changes could not be brought back past these foreign keys of the source, which are"
                  + " not on the target, since "
                  + run.source.user()
                  + " may not set session_replication_role: "
                  + String.join(", ", missing))
          .nextStep(
              "Select the tables that they refer to, let the role set it (from PostgreSQL 15 GRANT"
                  + " SET ON PARAMETER session_replication_role), or migrate without reverse"
                  + " replication.")
          .toException();
    }
  }

  /** Takes away what changes could not be brought back past. Can be done again. */
  static void suspend(MigrationRun run, Connection source) throws SQLException {
    boolean replicaRole = ReplicaRole.available(source);
    new SuspendedTriggers(run.settings.id())
        .suspend(
            source,
            Stream.concat(run.tables().stream(), run.unlogged(run.source).stream())
                .map(Table::name)
                .toList(),
            replicaRole);
    if (!replicaRole) {
      SourceReopening.foreignKeys(run.settings, run.source).drop();
    }
  }

  private static void requireSlot(
      MigrationRun run, Connection target, PositionTable.Position position) throws SQLException {
    try {
      run.requireUsable(target, run.settings.reverseName(), position.lsn());
    } catch (ConditionFailedException e) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The way back is lost; of the target, whose changes it brought, is known: "
                  + e.details().message())
          .nextStep(
              "Finish the migration; the application stays on the target. The source has what was"
                  + " brought back until then.")
          .toException(e);
    }
  }

  /**
   * The way back for the tables that the target has now: those that were made on both sides since
   * are copied behind the fence.
   */
  static Direction withChanges(MigrationRun run, Direction reverse, TargetChanges changes)
      throws SQLException {
    changes.requireNone();
    try (Connection source = CatalogSession.open(run.source)) {
      new SuspendedTriggers(run.settings.id())
          .suspend(
              source,
              changes.copied().stream().map(Table::name).toList(),
              ReplicaRole.available(source));
    }
    return reverse.with(changes.streamed(), changes.copied());
  }

  /** Begins to bring changes back. The source is fenced for everybody else. */
  static Direction start(MigrationRun run) throws SQLException {
    MigrationSettings settings = run.settings;
    String name = settings.reverseName();
    String secret = run.history.secretOfMarks();
    List<Table> tables;
    List<Table> unlogged;
    ComparedFiles files = new ComparedFiles();
    try (Connection source = CatalogSession.open(run.source);
        Connection target = CatalogSession.open(run.target)) {
      suspend(run, source);
      PositionTable.Position position =
          PositionTable.read(source, settings.id())
              .orElseThrow(
                  () ->
                      ErrorDetails.of(
                              ErrorCategory.CONDITION_FAILED,
                              "The source has lost the position of the way back")
                          .nextStep("Finish the migration; the application stays on the target.")
                          .toException());
      requireSlot(run, target, position);
      tables = Catalog.read(target, settings.selection());
      unlogged = run.unlogged(target);
      files.compared(ComparedFiles.read(target, tables));
    }
    Applier applier =
        new Applier(
            run.target,
            run.source,
            tables,
            ApplyOptions.of(settings.id())
                .slot(name)
                .publication(name)
                .leaveOut(ApplyMark.onTarget(settings.id(), secret))
                .mark(ApplyMark.onSource(settings.id(), secret))
                .passFence(true)
                .pace(run.pace)
                .spilling(run.spilling)
                .trusting(settings.trustedCode())
                .build());
    Direction reverse =
        new Direction(run.target, run.source, tables, unlogged, applier, name, files);
    applier.recordChangedKeys(true);
    applier.start();
    run.hold(reverse);
    return reverse;
  }
}
