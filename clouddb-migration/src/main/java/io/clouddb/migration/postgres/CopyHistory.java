/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.copy.TableShape;
import io.clouddb.migration.postgres.stream.SourceIdentity;
import io.clouddb.migration.report.CopyReport;
import io.clouddb.migration.state.JournalEntry;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
  private static final String PLAIN_NAME = "name";
  private static final String ROWS = "rows";
  private static final String BYTES = "bytes";
  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String START = "start";
  private static final String FILE = "file";

  /**
   * A table that is complete and durable on the target.
   *
   * @param name as reports name it
   * @param report how many rows were copied, and when
   * @param start the consistent point of the snapshot that it was copied at
   * @param file the file that its rows were in then
   */
  record CopiedAt(String name, CopyReport report, LogSequenceNumber start, long file) {}

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
                    get(data, PLAIN_NAME),
                    new CopyReport(
                        Long.parseLong(get(data, ROWS)),
                        Long.parseLong(get(data, BYTES)),
                        Instant.parse(get(data, FROM)),
                        Instant.parse(get(data, TO))),
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
            PLAIN_NAME, at.name(),
            ROWS, Long.toString(at.report().rows()),
            BYTES, Long.toString(at.report().bytes()),
            FROM, at.report().start().toString(),
            TO, at.report().end().toString(),
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

  /** How each complete table was copied, by its name in reports. */
  Map<String, CopyReport> reports() {
    Map<String, CopyReport> reports = new TreeMap<>();
    copied.values().forEach(at -> reports.put(at.name(), at.report()));
    return reports;
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
