/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.stream.TupleData;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * One column of several rows as a {@code text[]}, in the binary form of {@code array_recv}: the
 * values go from the stream's bytes to the driver's without becoming strings.
 */
final class TextArray extends PGobject implements PGBinaryObject {
  private static final long serialVersionUID = 1L;
  private static final int TEXT_OID = 25;
  private static final int HEADER = 5 * Integer.BYTES;

  private final transient List<TupleData> rows;
  private final int column;

  TextArray(List<TupleData> rows, int column) {
    this.rows = rows;
    this.column = column;
    this.type = "_text";
  }

  @Override
  public int lengthInBytes() {
    long length = HEADER;
    for (TupleData row : rows) {
      length += Integer.BYTES + (row.isNull(column) ? 0 : row.length(column));
    }
    return Math.toIntExact(length);
  }

  @Override
  public void toBytes(byte[] bytes, int offset) {
    ByteBuffer out = ByteBuffer.wrap(bytes, offset, bytes.length - offset);
    out.putInt(1).putInt(1).putInt(TEXT_OID).putInt(rows.size()).putInt(1);
    for (TupleData row : rows) {
      if (row.isNull(column)) {
        out.putInt(-1);
      } else {
        out.putInt(row.length(column));
        row.copyTo(column, out);
      }
    }
  }

  @Override
  public void setByteValue(byte[] value, int offset) {
    throw new UnsupportedOperationException("An array of this kind is only sent");
  }

  /** The text form, for a connection that was told to send nothing in binary. */
  @Override
  public String getValue() {
    StringBuilder text = new StringBuilder("{");
    for (TupleData row : rows) {
      if (text.length() > 1) {
        text.append(',');
      }
      if (row.isNull(column)) {
        text.append("NULL");
      } else {
        String value = row.text(column).replace("\\", "\\\\").replace("\"", "\\\"");
        text.append('"').append(value).append('"');
      }
    }
    return text.append('}').toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public Object clone() throws CloneNotSupportedException {
    throw new CloneNotSupportedException();
  }

  /** Its shape only: values stay out of logs. */
  @Override
  public String toString() {
    return "column " + column + " of " + rows.size() + " rows";
  }
}
