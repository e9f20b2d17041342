/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.stream.ChangeMessage;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.migration.postgres.stream.TupleData;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the changes of one table and writes them in their order. Runs of changes of the same
 * shape go to the server as one batch. Changes of different tables commute within a transaction,
 * since no foreign key and no trigger is active; changes of one table are never reordered.
 */
final class TableWriter {
  private static final int MAX_STATEMENTS = 32;

  private enum Kind {
    INSERT,
    UPDATE,
    REPLACE,
    DELETE
  }

  /** Changes of the same shape share a statement. */
  private record Shape(Kind kind, BitSet assigned, BitSet nulls) {}

  /** A change, and the row that it looks for; null for an insert. */
  private record Change(Shape shape, @Nullable TupleData wanted, @Nullable TupleData row) {}

  private final AppliedTable applied;
  private final RowStatements sql;
  private final Connection target;
  private final BitSet alwaysIdentity = new BitSet();
  private final BitSet keyColumns = new BitSet();
  private final List<Change> pending = new ArrayList<>();
  private final LinkedHashMap<Shape, PreparedStatement> statements =
      new LinkedHashMap<>(16, 0.75f, true);
  private static final BitSet NONE = new BitSet();

  TableWriter(AppliedTable applied, Connection target) {
    this.applied = applied;
    this.sql = new RowStatements(applied);
    this.target = target;
    for (int i = 0; i < applied.columns.size(); i++) {
      if (applied.columns.get(i).identity() == 'a') {
        alwaysIdentity.set(i);
      }
    }
    for (int column : applied.key) {
      keyColumns.set(column);
    }
  }

  AppliedTable applied() {
    return applied;
  }

  void insert(ChangeMessage.Insert insert) {
    requireWidth(insert.row());
    pending.add(new Change(new Shape(Kind.INSERT, NONE, NONE), null, insert.row()));
  }

  void update(ChangeMessage.Update update) {
    TupleData row = update.row();
    requireWidth(row);
    TupleData wanted = wantedBy(update);
    BitSet assigned = new BitSet();
    for (int i = 0; i < row.size(); i++) {
      if (!row.isUnchanged(i)) {
        assigned.set(i);
      }
    }
    Kind kind = Kind.UPDATE;
    if (!alwaysIdentity.isEmpty()) {
      if (identityMoves(wanted, row)) {
        kind = Kind.REPLACE;
      } else {
        assigned.andNot(alwaysIdentity);
        if (assigned.isEmpty()) {
          kind = Kind.REPLACE;
          assigned.or(alwaysIdentity);
        }
      }
    }
    pending.add(new Change(new Shape(kind, assigned, nullsOf(wanted)), wanted, row));
  }

  void delete(ChangeMessage.Delete delete) {
    TupleData wanted =
        Objects.requireNonNull(delete.oldKey() != null ? delete.oldKey() : delete.oldRow());
    requireWidth(wanted);
    requireFindable();
    pending.add(new Change(new Shape(Kind.DELETE, NONE, nullsOf(wanted)), wanted, null));
  }

  private TupleData wantedBy(ChangeMessage.Update update) {
    requireFindable();
    TupleData old = update.oldKey() != null ? update.oldKey() : update.oldRow();
    if (old != null) {
      requireWidth(old);
      return old;
    }
    return update.row();
  }

  /** The value of an identity column outside the key is not known before the update. */
  private boolean identityMoves(TupleData wanted, TupleData row) {
    for (int i = alwaysIdentity.nextSetBit(0); i >= 0; i = alwaysIdentity.nextSetBit(i + 1)) {
      boolean known = applied.fullIdentity || keyColumns.get(i);
      if (!known || !wanted.text(i).equals(row.text(i))) {
        return true;
      }
    }
    return false;
  }

  private BitSet nullsOf(TupleData wanted) {
    if (applied.key.length > 0) {
      return NONE;
    }
    BitSet nulls = new BitSet();
    for (int i = 0; i < wanted.size(); i++) {
      if (wanted.isNull(i)) {
        nulls.set(i);
      }
    }
    return nulls;
  }

  private void requireWidth(TupleData row) {
    if (row.size() != applied.columns.size()) {
      throw ErrorDetails.of(
              ErrorCategory.DATA,
              "A change of "
                  + applied.table.name()
                  + " has "
                  + row.size()
                  + " columns instead of "
                  + applied.columns.size())
          .toException();
    }
  }

  private void requireFindable() {
    if (applied.key.length == 0 && !applied.fullIdentity) {
      throw ErrorDetails.of(
              ErrorCategory.DATA,
              "A row of " + applied.table.name() + " changed, but the table has no key to find it")
          .nextStep("ALTER TABLE ... REPLICA IDENTITY FULL on the source, and start anew")
          .toException();
    }
  }

  /** The key of the row that a change looks for; null when the table has no key. */
  @Nullable RowKey keyOf(TupleData row) {
    if (applied.key.length == 0) {
      return null;
    }
    List<String> values = new ArrayList<>(applied.key.length);
    for (int column : applied.key) {
      values.add(row.text(column));
    }
    return new RowKey(values);
  }

  /** Sends all that is pending. */
  void flush() throws SQLException {
    try {
      int from = 0;
      while (from < pending.size()) {
        int to = from + 1;
        Shape shape = pending.get(from).shape();
        while (to < pending.size() && pending.get(to).shape().equals(shape)) {
          to++;
        }
        run(shape, pending.subList(from, to));
        from = to;
      }
    } finally {
      pending.clear();
    }
  }

  private void run(Shape shape, List<Change> changes) throws SQLException {
    PreparedStatement statement = statementFor(shape);
    int[] counts;
    try {
      for (Change change : changes) {
        bind(statement, change);
        statement.addBatch();
      }
      counts = statement.executeBatch();
    } catch (SQLException e) {
      if (SqlFailure.isTransient(e)) {
        throw e;
      }
      throw SqlFailure.of(describe(shape, changes), e);
    }
    for (int i = 0; i < counts.length; i++) {
      boolean rewritten = shape.kind() == Kind.INSERT && counts[i] == Statement.SUCCESS_NO_INFO;
      if (counts[i] != 1 && !rewritten) {
        throw missed(shape, changes.get(i), counts[i]);
      }
    }
  }

  private String describe(Shape shape, List<Change> changes) {
    String what = "to repeat " + shape.kind() + " in " + applied.table.name();
    if (changes.size() == 1) {
      Change only = changes.get(0);
      TupleData row = only.wanted() != null ? only.wanted() : only.row();
      RowKey key = row == null ? null : keyOf(row);
      return key == null ? what : what + ", key " + key;
    }
    return what + ", one of " + changes.size() + " rows";
  }

  private RuntimeException missed(Shape shape, Change change, int count) {
    RowKey key = change.wanted() == null ? null : keyOf(change.wanted());
    return ErrorDetails.of(
            ErrorCategory.DATA,
            shape.kind()
                + " in "
                + applied.table.name()
                + " hit "
                + count
                + " rows instead of one"
                + (key == null ? " (the table has no key)" : ": key " + key))
        .resource(applied.table.name().toString())
        .nextStep("Something else wrote to the target; copy the table again")
        .toException();
  }

  private void bind(PreparedStatement statement, Change change) throws SQLException {
    int parameter = 1;
    TupleData row = change.row();
    TupleData wanted = change.wanted();
    Shape shape = change.shape();
    if (shape.kind() == Kind.REPLACE && wanted != null) {
      parameter = bindMatch(statement, parameter, wanted);
    }
    if (row != null) {
      for (int i = 0; i < row.size(); i++) {
        if (shape.kind() == Kind.INSERT || shape.assigned().get(i)) {
          bindValue(statement, parameter++, row, i);
        }
      }
    }
    if (shape.kind() != Kind.REPLACE && wanted != null) {
      bindMatch(statement, parameter, wanted);
    }
  }

  private int bindMatch(PreparedStatement statement, int from, TupleData wanted)
      throws SQLException {
    int parameter = from;
    if (applied.key.length > 0) {
      for (int column : applied.key) {
        bindValue(statement, parameter++, wanted, column);
      }
      return parameter;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!wanted.isNull(i)) {
        bindValue(statement, parameter++, wanted, i);
      }
    }
    return parameter;
  }

  private static void bindValue(PreparedStatement statement, int parameter, TupleData row, int i)
      throws SQLException {
    if (row.isNull(i)) {
      statement.setNull(parameter, Types.OTHER);
    } else {
      statement.setObject(parameter, row.text(i), Types.OTHER);
    }
  }

  private PreparedStatement statementFor(Shape shape) throws SQLException {
    PreparedStatement known = statements.get(shape);
    if (known != null) {
      return known;
    }
    if (statements.size() >= MAX_STATEMENTS) {
      Map.Entry<Shape, PreparedStatement> eldest = statements.entrySet().iterator().next();
      statements.remove(eldest.getKey());
      eldest.getValue().close();
    }
    String text =
        switch (shape.kind()) {
          case INSERT -> sql.insert();
          case UPDATE -> sql.update(shape.assigned(), shape.nulls());
          case REPLACE -> sql.replace(shape.assigned(), shape.nulls());
          case DELETE -> sql.delete(shape.nulls());
        };
    PreparedStatement statement = target.prepareStatement(text);
    statements.put(shape, statement);
    return statement;
  }
}
