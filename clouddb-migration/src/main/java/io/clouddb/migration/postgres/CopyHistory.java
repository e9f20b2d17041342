/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.copy.TableShape;
import io.clouddb.migration.postgres.stream.SourceIdentity;
import io.clouddb.migration.state.JournalEntry;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What the journal says of the copy: what the tables were like when they were made on the target,
 * where the slot's stream starts, and for each complete table at which position it was copied.
 * Tables are named in it as SQL quotes them.
 */
final class CopyHistory {
  private static final String PLANNED = "copy.planned";
  private static final String ADDED = "copy.added";
  private static final String BEGUN = "copy.begun";
  private static final String TABLE = "copy.table";
  private static final String AGAIN = "copy.again";

  private static final String NAME = "table";
  private static final String ROWS = "rows";
  private static final String START = "start";
  private static final String FILE = "file";

  /**
   * A table that is complete and durable on the target.
   *
   * @param rows how many rows were copied
   * @param start the consistent point of the snapshot that it was copied at
   * @param file the file that its rows were in then
   */
  record CopiedAt(long rows, LogSequenceNumber start, long file) {}

  private final Map<String, TableShape> planned;
  private final PositionTable.@Nullable Position begun;
  private final Map<String, CopiedAt> copied;

  private CopyHistory(
      Map<String, TableShape> planned,
      PositionTable.@Nullable Position begun,
      Map<String, CopiedAt> copied) {
    this.planned = planned;
    this.begun = begun;
    this.copied = copied;
  }

  /** Reads the journal as it is now. */
  static CopyHistory of(History history) {
    Map<String, TableShape> planned = new LinkedHashMap<>();
    PositionTable.@Nullable Position begun = null;
    Map<String, CopiedAt> copied = new HashMap<>();
    for (JournalEntry entry : history.notes()) {
      Map<String, String> data = entry.data();
      switch (entry.kind()) {
        case PLANNED -> {
          planned.clear();
          data.forEach((name, shape) -> planned.put(name, TableShape.parse(shape)));
          begun = null;
          copied.clear();
        }
        case ADDED -> data.forEach((name, shape) -> planned.put(name, TableShape.parse(shape)));
        case BEGUN ->
            begun =
                new PositionTable.Position(
                    LogSequenceNumber.valueOf(get(data, START)),
                    new SourceIdentity(
                        get(data, "systemIdentifier"), Integer.parseInt(get(data, "timeline"))));
        case TABLE ->
            copied.put(
                get(data, NAME),
                new CopiedAt(
                    Long.parseLong(get(data, ROWS)),
                    LogSequenceNumber.valueOf(get(data, START)),
                    Long.parseLong(get(data, FILE))));
        case AGAIN -> copied.remove(get(data, NAME));
        default -> {
          // Of another part of the migration.
        }
      }
    }
    return new CopyHistory(planned, begun, copied);
  }

  private static String get(Map<String, String> data, String field) {
    return Optional.ofNullable(data.get(field))
        .orElseThrow(() -> new IllegalStateException("An entry of the copy lacks " + field));
  }

  /** The tables are about to be made on the target; whatever was copied before counts no more. */
  static void planned(History history, Map<TableName, TableShape> shapes) {
    history.note(PLANNED, data(shapes));
  }

  /** Tables that were made since are part of the migration too. */
  static void added(History history, Map<TableName, TableShape> shapes) {
    history.note(ADDED, data(shapes));
  }

  private static Map<String, String> data(Map<TableName, TableShape> shapes) {
    Map<String, String> data = new LinkedHashMap<>();
    shapes.forEach((table, shape) -> data.put(table.quoted(), shape.toString()));
    return data;
  }

  /** Tables, publication, slot and position are there. */
  static void begun(History history, PositionTable.Position position) {
    history.note(
        BEGUN,
        Map.of(
            START,
            position.lsn().asString(),
            "systemIdentifier",
            position.identity().systemIdentifier(),
            "timeline",
            Integer.toString(position.identity().timeline())));
  }

  /** A table is complete and durable on the target. */
  static void copied(History history, TableName table, CopiedAt at) {
    history.note(
        TABLE,
        Map.of(
            NAME, table.quoted(),
            ROWS, Long.toString(at.rows()),
            START, at.start().asString(),
            FILE, Long.toString(at.file())));
  }

  /** A complete table is about to be copied once more. */
  static void again(History history, TableName table) {
    history.note(AGAIN, Map.of(NAME, table.quoted()));
  }

  /** What the tables were when they were made on the target, by quoted name. */
  Map<String, TableShape> planned() {
    return planned;
  }

  /** Where the stream of the slot starts; empty when the slot was not made. */
  Optional<PositionTable.Position> begun() {
    return Optional.ofNullable(begun);
  }

  Optional<CopiedAt> copied(TableName table) {
    return Optional.ofNullable(copied.get(table.quoted()));
  }

  /** Tables that were copied at a later position than the slot's. */
  Map<TableName, LogSequenceNumber> starts(Collection<Table> tables) {
    Map<TableName, LogSequenceNumber> starts = new HashMap<>();
    PositionTable.Position slot = begun;
    for (Table table : tables) {
      copied(table.name())
          .filter(at -> slot == null || at.start().compareTo(slot.lsn()) > 0)
          .ifPresent(at -> starts.put(table.name(), at.start()));
    }
    return starts;
  }
}
