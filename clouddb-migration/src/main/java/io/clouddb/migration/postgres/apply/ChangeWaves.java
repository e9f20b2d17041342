/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.apply.RowChange.Kind;
import io.clouddb.migration.postgres.apply.RowChange.Shape;
import io.clouddb.migration.postgres.stream.TupleData;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Arranges changes of one table, which has a key, into groups that each go to the server as one
 * statement. Changes of one row stay in their order: each is in a later wave than the one before,
 * or takes its place where it overwrites all of it. Changes of different rows change places.
 *
 * <p>What the rows come to does not depend on the order in which different rows are written.
 * Whether a unique or an exclusion constraint is content on the way does: it then refuses, and the
 * changes are to be written again in their own order.
 */
final class ChangeWaves {
  /** The last change of a row so far. */
  private static final class Slot {
    private RowChange change;
    private final int wave;
    private final boolean moves;

    Slot(RowChange change, int wave, boolean moves) {
      this.change = change;
      this.wave = wave;
      this.moves = moves;
    }
  }

  private final int[] key;
  private final List<Slot> slots = new ArrayList<>();
  private final Map<ByteBuffer, Slot> last = new HashMap<>();
  private int waves;

  ChangeWaves(int[] key) {
    this.key = key;
  }

  void add(RowChange change) {
    TupleData row = change.row();
    TupleData wanted = change.wanted();
    ByteBuffer from = keyOf(wanted != null ? wanted : Objects.requireNonNull(row));
    ByteBuffer to = row == null || wanted == null || row == wanted ? from : keyOf(row);
    boolean moves = !to.equals(from);
    Slot before = last.get(from);
    if (before != null && !moves && overwrites(change, before)) {
      before.change = merged(before.change, change);
      return;
    }
    int wave = before == null ? 0 : before.wave + 1;
    if (moves) {
      Slot there = last.get(to);
      wave = Math.max(wave, there == null ? 0 : there.wave + 1);
    }
    Slot slot = new Slot(change, wave, moves);
    slots.add(slot);
    last.put(from, slot);
    last.put(to, slot);
    waves = Math.max(waves, wave + 1);
  }

  /** Whether nothing is left of the change before. An insert with a delete after it is run. */
  private static boolean overwrites(RowChange change, Slot before) {
    Kind first = before.change.shape().kind();
    Kind second = change.shape().kind();
    if (before.moves || change.isLarge() || before.change.isLarge()) {
      return false;
    }
    if (first == Kind.UPDATE && second == Kind.DELETE) {
      return true;
    }
    return (first == Kind.UPDATE || first == Kind.INSERT)
        && second == Kind.UPDATE
        && givesAllOf(Objects.requireNonNull(change.row()), before.change.row());
  }

  private static boolean givesAllOf(TupleData row, @Nullable TupleData before) {
    for (int i = 0; i < row.size(); i++) {
      if (row.isUnchanged(i) && before != null && !before.isUnchanged(i)) {
        return false;
      }
    }
    return true;
  }

  private static RowChange merged(RowChange first, RowChange second) {
    if (first.shape().kind() == Kind.INSERT) {
      return new RowChange(first.shape(), null, second.row());
    }
    return second;
  }

  /** A row's key by the bytes of its values. */
  private ByteBuffer keyOf(TupleData row) {
    if (key.length == 1) {
      return ByteBuffer.wrap(row.bytes(key[0]));
    }
    int length = 0;
    for (int column : key) {
      length += Integer.BYTES + row.length(column);
    }
    ByteBuffer whole = ByteBuffer.allocate(length);
    for (int column : key) {
      whole.putInt(row.length(column));
      row.copyTo(column, whole);
    }
    return whole.flip();
  }

  /** The groups in the order in which they are to be written; no row is in one twice. */
  List<List<RowChange>> groups() {
    List<Map<Shape, List<RowChange>>> byWave = new ArrayList<>();
    for (int i = 0; i < waves; i++) {
      byWave.add(new LinkedHashMap<>());
    }
    for (Slot slot : slots) {
      byWave
          .get(slot.wave)
          .computeIfAbsent(slot.change.shape(), shape -> new ArrayList<>())
          .add(slot.change);
    }
    List<List<RowChange>> groups = new ArrayList<>();
    for (Map<Shape, List<RowChange>> wave : byWave) {
      // Rows that go make room in unique indexes for rows that come.
      for (Kind kind : List.of(Kind.DELETE, Kind.UPDATE, Kind.REPLACE, Kind.INSERT)) {
        wave.forEach(
            (shape, changes) -> {
              if (shape.kind() == kind) {
                groups.add(changes);
              }
            });
      }
    }
    return groups;
  }
}
