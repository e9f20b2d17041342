/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.catalog.Column;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.migration.postgres.stream.TupleData;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes inserted rows with COPY, in its text format: values are read by the input functions of the
 * columns, identity columns included, and no rule rewrites them.
 */
final class RowCopy {
  private static final int BUFFER = 64 * 1024;

  private final Connection target;
  private final String sql;
  private final byte[] buffer = new byte[BUFFER];
  private int used;

  RowCopy(AppliedTable applied, Connection target) {
    this.target = target;
    this.sql =
        "COPY "
            + applied.table.name().quoted()
            + applied.columns.stream()
                .map(Column::name)
                .map(TableName::quote)
                .collect(Collectors.joining(", ", " (", ")"))
            + " FROM STDIN";
  }

  /** Returns how many rows the target took. */
  long write(List<RowChange> inserts) throws SQLException {
    CopyIn copy = target.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    try {
      used = 0;
      for (RowChange insert : inserts) {
        write(copy, Objects.requireNonNull(insert.row()));
      }
      copy.writeToCopy(buffer, 0, used);
      return copy.endCopy();
    } catch (SQLException e) {
      cancel(copy, e);
      throw SqlFailure.rootOf(e);
    }
  }

  private static void cancel(CopyIn copy, SQLException because) {
    try {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }

  private void write(CopyIn copy, TupleData row) throws SQLException {
    for (int column = 0; column < row.size(); column++) {
      if (column > 0) {
        put(copy, (byte) '\t');
      }
      if (row.isNull(column)) {
        put(copy, (byte) '\\');
        put(copy, (byte) 'N');
      } else {
        value(copy, row, column);
      }
    }
    put(copy, (byte) '\n');
  }

  private void value(CopyIn copy, TupleData row, int column) throws SQLException {
    int length = row.length(column);
    for (int i = 0; i < length; i++) {
      byte each = row.byteAt(column, i);
      switch (each) {
        case '\\', '\t' -> escaped(copy, each);
        case '\n' -> escaped(copy, (byte) 'n');
        case '\r' -> escaped(copy, (byte) 'r');
        default -> put(copy, each);
      }
    }
  }

  private void escaped(CopyIn copy, byte what) throws SQLException {
    put(copy, (byte) '\\');
    put(copy, what);
  }

  private void put(CopyIn copy, byte what) throws SQLException {
    if (used == BUFFER) {
      copy.writeToCopy(buffer, 0, used);
      used = 0;
    }
    buffer[used++] = what;
  }
}
