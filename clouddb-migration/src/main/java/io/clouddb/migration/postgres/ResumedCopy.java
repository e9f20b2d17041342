/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.copy.TableLocks;
import io.clouddb.migration.postgres.copy.TableShape;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.migration.postgres.stream.SourceIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Goes on with a copy whose snapshot died with its process. Complete tables stay. The others are
 * locked, and get a snapshot of their own by a temporary slot: they are copied again as of its
 * consistent point, and their changes with a commit before it are left out when the stream of the
 * permanent slot is applied. It is what the server's own table synchronisation does, and exact for
 * tables without a key too: each change is either in the copy or applied.
 */
final class ResumedCopy {
  /** How much of a slot's name is left beside {@code clouddb_}, an id and an underscore. */
  private static final int SUFFIX = 14;

  private final MigrationRun run;
  private final CopyHistory before;
  private final Connection source;
  private final Connection target;

  ResumedCopy(MigrationRun run, CopyHistory before, Connection source, Connection target) {
    this.run = run;
    this.before = before;
    this.source = source;
    this.target = target;
  }

  /** Why what was copied cannot be gone on with; empty when it can. */
  Optional<String> whatIsLost() throws SQLException {
    PositionTable.Position begun = before.begun().orElseThrow();
    SourceIdentity now = SourceIdentity.read(run.source);
    if (!now.equals(begun.identity())) {
      return Optional.of(
          "the source is another server than before, or failed over (system identifier %s timeline %d, before %s timeline %d)"
              .formatted(
                  now.systemIdentifier(),
                  now.timeline(),
                  begun.identity().systemIdentifier(),
                  begun.identity().timeline()));
    }
    Optional<PositionTable.Position> position = PositionTable.read(target, run.settings.id());
    if (position.filter(p -> p.identity().equals(now)).isEmpty()) {
      return Optional.of("the target has no position of this migration: it is not what it was");
    }
    String name = run.settings.replicationName();
    Optional<SlotStatus> slot = SlotStatus.read(source, name);
    if (slot.isEmpty()) {
      return Optional.of("the source has no replication slot " + name + " any more");
    }
    if (slot.get().walStatus().equals("lost")) {
      return Optional.of(
          "the source removed log that slot " + name + " still needed (wal_status lost)");
    }
    if (run.spilling != null) {
      // Nothing is begun anew only because this is the wrong machine.
      run.requireUsable(source, name, position.get().lsn());
    } else if (slot.get().confirmed().compareTo(position.get().lsn()) > 0) {
      return Optional.of("slot " + name + " was read by something else");
    }
    if (isUnpublished(name)) {
      return Optional.of("the publication " + name + " no longer has all tables");
    }
    return Optional.empty();
  }

  /** A table that was dropped is not in the publication either; it is refused by its name later. */
  private boolean isUnpublished(String publication) throws SQLException {
    try (PreparedStatement statement =
        source.prepareStatement(
            """
            SELECT EXISTS (
              SELECT FROM pg_catalog.pg_class c
               WHERE c.oid = ANY (?::bigint[]::oid[]) AND c.relkind = 'r'
                 AND NOT EXISTS (
                   SELECT FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p
                     ON p.oid = r.prpubid
                    WHERE r.prrelid = c.oid AND p.pubname = ?))
            """)) {
      Object[] oids = before.planned().values().stream().map(TableShape::oid).toArray();
      statement.setArray(1, source.createArrayOf("bigint", oids));
      statement.setString(2, publication);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** Locks what is to be copied, and takes the snapshot for it. */
  MigrationTask.Done prepare() throws SQLException {
    List<Table> wanted = lock();
    for (Table table : wanted) {
      if (before.copied(table.name()).isPresent()) {
        run.notifier.notice(
            table.name() + " was rewritten or emptied on the source; it is copied again");
        CopyHistory.again(run.history, table.name());
      }
    }
    countFinished(wanted);
    run.checkAborted();
    addMade();
    run.settings.trustedCode().requireToRead(source, run.tables());
    run.meter.activity = "making what was not made";
    run.schema.readIn(source, target);
    run.schema.beforeData();
    run.checkAborted();
    String name = run.settings.replicationName();
    long tables = run.tables().stream().filter(ResumedCopy::hasRows).count();
    if (wanted.isEmpty()) {
      return MigrationTask.Done.of(
          String.format(
              Locale.ROOT, "all %d tables were copied by an earlier run; slot %s", tables, name));
    }
    run.meter.activity = "waiting for open transactions, to take a snapshot";
    ReplicationSlot slot =
        ReplicationSlot.createTemporary(run.source, slotName(), run.settings.slotLimit());
    run.hold(slot);
    run.requireLocks();
    return MigrationTask.Done.of(
        String.format(
            Locale.ROOT,
            "%d of %d tables were copied by an earlier run; slot %s, the others as of %s",
            tables - wanted.size(),
            tables,
            name,
            slot.consistentPoint().asString()));
  }

  /**
   * Tables that were made since the copy began are published before the snapshot is taken, which
   * waits for all who may have written to them earlier: from its position on the stream has them.
   */
  private void addMade() throws SQLException {
    List<Table> made = AlteredTables.made(before.planned(), run.tables());
    if (made.isEmpty()) {
      return;
    }
    Publication.add(source, run.settings.replicationName(), made);
    CopyHistory.added(run.history, TableShape.read(source, made));
    run.notifier.notice(
        "Made on the source since the copy began, and copied too: "
            + made.stream()
                .map(table -> table.name().toString())
                .collect(Collectors.joining(", ")));
  }

  /** A name that no slot has, not that of a migration whose id begins like this one's either. */
  private String slotName() {
    String random = UUID.randomUUID().toString().replace("-", "");
    return run.settings.replicationName() + "_" + random.substring(0, SUFFIX);
  }

  /**
   * The tables to be copied, with rows and not complete, under their locks; partitioned ones are
   * locked too.
   */
  private List<Table> lock() throws SQLException {
    List<Table> seen = run.selected(source);
    for (int i = 0; i < ReplicateTask.TRIES; i++) {
      List<Table> wanted = wanted(seen);
      if (wanted.isEmpty()) {
        run.tables(seen);
        return wanted;
      }
      List<Table> locked =
          seen.stream().filter(table -> !hasRows(table) || wanted.contains(table)).toList();
      run.hold(TableLocks.acquire(run.source, locked, ReplicateTask.LOCK_PATIENCE));
      List<Table> now = run.selected(source);
      if (ReplicateTask.names(wanted(now)).equals(ReplicateTask.names(wanted))) {
        run.tables(now);
        return wanted(now);
      }
      run.releaseSnapshot();
      seen = now;
    }
    throw ReplicateTask.neverStill();
  }

  /** A complete table whose rows were moved to another file since is not complete any more. */
  private List<Table> wanted(List<Table> tables) throws SQLException {
    Map<TableName, TableShape> shapes = TableShape.read(source, tables);
    AlteredTables.requireKnown(before.planned(), shapes);
    AlteredTables.made(before.planned(), tables);
    return tables.stream()
        .filter(ResumedCopy::hasRows)
        .filter(
            table -> {
              TableShape shape = shapes.get(table.name());
              return shape == null
                  || before.copied(table.name()).filter(at -> at.file() == shape.file()).isEmpty();
            })
        .toList();
  }

  private void countFinished(List<Table> wanted) {
    Set<TableName> left = wanted.stream().map(Table::name).collect(Collectors.toSet());
    long rows = 0;
    for (Table table : run.tables()) {
      Optional<CopyHistory.CopiedAt> copied = before.copied(table.name());
      if (copied.isPresent() && !left.contains(table.name())) {
        rows += copied.get().report().rows();
        run.copied.put(copied.get().name(), copied.get().report());
      }
    }
    run.meter.copiedBefore(rows);
  }

  private static boolean hasRows(Table table) {
    return table.kind() == Table.Kind.ORDINARY;
  }
}
