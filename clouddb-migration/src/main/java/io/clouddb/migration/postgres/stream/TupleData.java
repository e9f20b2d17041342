/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One row as the stream carries it. The values stay in the bytes of their message; each is NULL, a
 * text, a binary form, or a placeholder for a TOASTed value that the change left as it was. A
 * placeholder is no value and never becomes one by itself; {@link #knowing} takes what it stands
 * for from the row before.
 */
public final class TupleData {
  private static final byte NULL = 'n';
  private static final byte UNCHANGED = 'u';
  private static final byte TEXT = 't';
  private static final byte BINARY = 'b';

  /** Not in the stream: unchanged, and its text is that of the row before. */
  private static final byte KNOWN = 'k';

  private final byte[] message;
  private final byte[] kinds;
  private final int[] offsets;
  private final int[] lengths;

  TupleData(byte[] message, byte[] kinds, int[] offsets, int[] lengths) {
    this.message = message;
    this.kinds = kinds;
    this.offsets = offsets;
    this.lengths = lengths;
  }

  static boolean isKind(byte kind) {
    return kind == NULL || kind == UNCHANGED || kind == TEXT || kind == BINARY;
  }

  static boolean hasBytes(byte kind) {
    return kind == TEXT || kind == BINARY;
  }

  /**
   * How many columns the row has in the stream.
   *
   * @return as many as its relation
   */
  public int size() {
    return kinds.length;
  }

  /**
   * Whether a value is NULL.
   *
   * @param column index from 0
   * @return true for NULL, false for a value and for a placeholder
   */
  public boolean isNull(int column) {
    return kinds[column] == NULL;
  }

  /**
   * Whether a value was left out because the change did not touch it.
   *
   * @param column index from 0
   * @return true for a placeholder, also when it is known what it stands for
   */
  public boolean isUnchanged(int column) {
    return kinds[column] == UNCHANGED || kinds[column] == KNOWN;
  }

  /**
   * Whether a value has the type's binary form.
   *
   * @param column index from 0
   * @return true for a binary value
   */
  public boolean isBinary(int column) {
    return kinds[column] == BINARY;
  }

  /**
   * The text of a value.
   *
   * @param column index from 0
   * @return what the type's output function wrote
   * @throws IllegalStateException when it is NULL, an unknown placeholder or binary
   * @throws io.clouddb.error.CloudDbException of category DATA when its bytes are no UTF-8
   */
  public String text(int column) {
    if (kinds[column] != TEXT && kinds[column] != KNOWN) {
      throw new IllegalStateException("Column " + column + " holds no text");
    }
    return StrictText.of(message, offsets[column], lengths[column]);
  }

  /**
   * A copy of a value's bytes.
   *
   * @param column index from 0
   * @return its text in UTF-8, or its binary form
   * @throws IllegalStateException when it is NULL or an unknown placeholder
   */
  public byte[] bytes(int column) {
    requireBytes(column);
    return Arrays.copyOfRange(message, offsets[column], offsets[column] + lengths[column]);
  }

  /**
   * How many bytes a value has.
   *
   * @param column index from 0
   * @return the length of its text in UTF-8, or of its binary form
   * @throws IllegalStateException when it is NULL or an unknown placeholder
   */
  public int length(int column) {
    requireBytes(column);
    return lengths[column];
  }

  /**
   * Copies a value's bytes.
   *
   * @param column index from 0
   * @param out where they go
   * @throws IllegalStateException when it is NULL or an unknown placeholder
   */
  public void copyTo(int column, ByteBuffer out) {
    requireBytes(column);
    out.put(message, offsets[column], lengths[column]);
  }

  /**
   * One byte of a value.
   *
   * @param column index from 0
   * @param index below {@link #length}
   * @return the byte
   */
  public byte byteAt(int column, int index) {
    return message[offsets[column] + index];
  }

  /**
   * This row, with what it left out known from the row before it. The values stay unchanged ones.
   *
   * @param before the row before, of the same message
   * @param columns which values are wanted
   * @return a row in which a placeholder stays unknown only where the row before has no text
   */
  public TupleData knowing(TupleData before, int[] columns) {
    if (before.message != message) {
      throw new IllegalArgumentException("The row before is of another message");
    }
    byte[] known = kinds.clone();
    int[] at = offsets.clone();
    int[] size = lengths.clone();
    for (int column : columns) {
      if (kinds[column] == UNCHANGED && before.kinds[column] == TEXT) {
        known[column] = KNOWN;
        at[column] = before.offsets[column];
        size[column] = before.lengths[column];
      }
    }
    return new TupleData(message, known, at, size);
  }

  private void requireBytes(int column) {
    if (!hasBytes(kinds[column]) && kinds[column] != KNOWN) {
      throw new IllegalStateException("Column " + column + " holds no value");
    }
  }

  /**
   * The size of the message that holds this row, with its other rows.
   *
   * @return bytes
   */
  public int messageBytes() {
    return message.length;
  }

  /** Its shape only: values stay out of logs. */
  @Override
  public String toString() {
    return "row of " + kinds.length + " columns";
  }
}
