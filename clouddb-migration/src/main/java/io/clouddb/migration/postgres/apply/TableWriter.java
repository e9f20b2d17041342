/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.apply.RowChange.Kind;
import io.clouddb.migration.postgres.apply.RowChange.Shape;
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
 * Gathers the changes of one table and writes them, those of the same shape together: inserts by
 * COPY, updates and deletes as arrays. Changes of different tables commute within a transaction,
 * since no foreign key and no trigger is active. Changes of different rows of one table are
 * rearranged ({@link ChangeWaves}) where its rows have a key, until the target refuses that;
 * changes of one row never are.
 */
final class TableWriter {
  private static final int MAX_STATEMENTS = 32;

  /** From so many rows on, COPY's two more round trips cost less than it saves. */
  private static final int MIN_COPY = 16;

  private static final BitSet NONE = new BitSet();

  private final AppliedTable applied;
  private final RowTexts texts;
  private final RowStatements sql;
  private final Connection target;
  private final BitSet alwaysIdentity = new BitSet();
  private final BitSet keyColumns = new BitSet();
  private final RowCopy copy;
  private final List<RowChange> pending = new ArrayList<>();
  private final LinkedHashMap<String, PreparedStatement> statements =
      new LinkedHashMap<>(16, 0.75f, true);
  private boolean inOrder;

  TableWriter(AppliedTable applied, Connection target) {
    this.applied = applied;
    this.texts = new RowTexts(applied);
    this.sql = new RowStatements(applied);
    this.target = target;
    this.copy = new RowCopy(applied, target);
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
    pending.add(new RowChange(new Shape(Kind.INSERT, NONE, NONE), null, insert.row()));
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
    if (kind == Kind.UPDATE && wanted == row && assigned.cardinality() > applied.key.length) {
      // The key stays as it is, and need not be written again.
      assigned.andNot(keyColumns);
    }
    pending.add(new RowChange(new Shape(kind, assigned, nullsOf(wanted)), wanted, row));
  }

  void delete(ChangeMessage.Delete delete) {
    TupleData wanted =
        Objects.requireNonNull(delete.oldKey() != null ? delete.oldKey() : delete.oldRow());
    requireWidth(wanted);
    requireFindable();
    pending.add(new RowChange(new Shape(Kind.DELETE, NONE, nullsOf(wanted)), wanted, null));
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
      if (!known || !texts.of(wanted, i).equals(texts.of(row, i))) {
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
    return texts.keyOf(row);
  }

  /**
   * Whether changes of different rows are written in the order in which they came. Set it after a
   * {@link #flush}.
   */
  void inOrder(boolean wanted) {
    inOrder = wanted;
  }

  boolean isInOrder() {
    return inOrder;
  }

  /**
   * Sends all that is pending.
   *
   * @throws RearrangedException when the target refused what was not in its order
   */
  void flush() throws SQLException {
    try {
      if (inOrder || !applied.mayRearrange()) {
        for (List<RowChange> run : runs()) {
          run(run, false);
        }
      } else {
        rearranged();
      }
    } finally {
      pending.clear();
    }
  }

  private void rearranged() throws SQLException {
    ChangeWaves waves = new ChangeWaves(applied.key);
    pending.forEach(waves::add);
    try {
      for (List<RowChange> group : waves.groups()) {
        run(group, true);
      }
    } catch (SQLException e) {
      if (SqlFailure.isTransient(e)) {
        throw e;
      }
      throw new RearrangedException(applied.table.name(), e);
    }
  }

  private List<List<RowChange>> runs() {
    List<List<RowChange>> runs = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= pending.size(); to++) {
      if (to == pending.size() || !pending.get(to).shape().equals(pending.get(from).shape())) {
        runs.add(pending.subList(from, to));
        from = to;
      }
    }
    return runs;
  }

  /** Runs changes of one shape; {@code distinct} when no row is among them twice. */
  private void run(List<RowChange> changes, boolean distinct) throws SQLException {
    Shape shape = changes.get(0).shape();
    try {
      if (shape.kind() == Kind.INSERT && travelsAsCopy(changes)) {
        copy.write(changes);
      } else if (distinct && travelsAsArrays(shape)) {
        together(shape, changes);
      } else {
        oneByOne(shape, changes, distinct);
      }
    } catch (SQLException e) {
      if (SqlFailure.isTransient(e) || distinct) {
        throw e;
      }
      throw SqlFailure.of(describe(shape, changes), e);
    }
  }

  private boolean travelsAsCopy(List<RowChange> changes) {
    return !applied.columns.isEmpty()
        && (changes.size() >= MIN_COPY || changes.stream().anyMatch(RowChange::isLarge));
  }

  private boolean travelsAsArrays(Shape shape) {
    return applied.castTypes != null
        && (shape.kind() == Kind.UPDATE || shape.kind() == Kind.DELETE);
  }

  private void together(Shape shape, List<RowChange> changes) throws SQLException {
    List<RowChange> small = new ArrayList<>(changes.size());
    for (RowChange change : changes) {
      if (change.isLarge()) {
        asArrays(shape, List.of(change));
      } else {
        small.add(change);
      }
    }
    if (small.size() > 1) {
      asArrays(shape, small);
    } else if (!small.isEmpty()) {
      oneByOne(shape, small, true);
    }
  }

  private void asArrays(Shape shape, List<RowChange> changes) throws SQLException {
    List<TupleData> wanted = new ArrayList<>(changes.size());
    List<TupleData> rows = new ArrayList<>(changes.size());
    for (RowChange change : changes) {
      wanted.add(Objects.requireNonNull(change.wanted()));
      if (change.row() != null) {
        rows.add(change.row());
      }
    }
    PreparedStatement statement =
        statement(
            shape.kind() == Kind.UPDATE ? sql.updateMany(shape.assigned()) : sql.deleteMany());
    int parameter = 1;
    for (int column : applied.key) {
      bindArray(statement, parameter++, wanted, column);
    }
    BitSet assigned = shape.assigned();
    for (int i = assigned.nextSetBit(0); i >= 0; i = assigned.nextSetBit(i + 1)) {
      bindArray(statement, parameter++, rows, i);
    }
    if (statement.executeUpdate() != changes.size()) {
      throw new RearrangedException(applied.table.name(), null);
    }
  }

  private void bindArray(
      PreparedStatement statement, int parameter, List<TupleData> rows, int column)
      throws SQLException {
    TextArray array = new TextArray(rows, column);
    if (applied.types.get(column).catalog()) {
      statement.setObject(parameter, array);
    } else {
      // A literal without a type, which the type's own array reads.
      statement.setObject(parameter, array.getValue(), Types.OTHER);
    }
  }

  private void oneByOne(Shape shape, List<RowChange> changes, boolean distinct)
      throws SQLException {
    PreparedStatement statement = statementFor(shape);
    for (RowChange change : changes) {
      bind(statement, change);
      statement.addBatch();
    }
    int[] counts = statement.executeBatch();
    for (int i = 0; i < counts.length; i++) {
      boolean rewritten = shape.kind() == Kind.INSERT && counts[i] == Statement.SUCCESS_NO_INFO;
      if (counts[i] != 1 && !rewritten) {
        if (distinct) {
          throw new RearrangedException(applied.table.name(), null);
        }
        throw missed(shape, changes.get(i), counts[i]);
      }
    }
  }

  private String describe(Shape shape, List<RowChange> changes) {
    String what = "to repeat " + shape.kind() + " in " + applied.table.name();
    if (changes.size() == 1) {
      RowChange only = changes.get(0);
      TupleData row = only.wanted() != null ? only.wanted() : only.row();
      RowKey key = row == null ? null : keyOf(row);
      return key == null ? what : what + ", key " + key;
    }
    return what + ", one of " + changes.size() + " rows";
  }

  private RuntimeException missed(Shape shape, RowChange change, int count) {
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

  private void bind(PreparedStatement statement, RowChange change) throws SQLException {
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

  private void bindValue(PreparedStatement statement, int parameter, TupleData row, int i)
      throws SQLException {
    if (row.isNull(i)) {
      statement.setNull(parameter, Types.OTHER);
    } else {
      statement.setObject(parameter, texts.of(row, i), Types.OTHER);
    }
  }

  private PreparedStatement statementFor(Shape shape) throws SQLException {
    return statement(
        switch (shape.kind()) {
          case INSERT -> sql.insert();
          case UPDATE -> sql.update(shape.assigned(), shape.nulls());
          case REPLACE -> sql.replace(shape.assigned(), shape.nulls());
          case DELETE -> sql.delete(shape.nulls());
        });
  }

  private PreparedStatement statement(String text) throws SQLException {
    PreparedStatement known = statements.get(text);
    if (known != null) {
      return known;
    }
    if (statements.size() >= MAX_STATEMENTS) {
      Map.Entry<String, PreparedStatement> eldest = statements.entrySet().iterator().next();
      statements.remove(eldest.getKey());
      eldest.getValue().close();
    }
    PreparedStatement statement = target.prepareStatement(text);
    statements.put(text, statement);
    return statement;
  }
}
