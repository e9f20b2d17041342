/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

/** The types that an attribute of a key can have. */
public enum KeyType {
  /** {@link Value.Text}, in the order of its UTF-8 bytes. */
  STRING(Value.Text.class),
  /** {@link Value.Num}, in the order of numbers. */
  NUMBER(Value.Num.class),
  /** {@link Value.Binary}, in the order of unsigned bytes. */
  BINARY(Value.Binary.class);

  private final Class<? extends Value> values;

  KeyType(Class<? extends Value> values) {
    this.values = values;
  }

  /**
   * Tells whether a value is of this type.
   *
   * @param value the value
   * @return true when it is
   */
  public boolean fits(Value value) {
    return values.isInstance(value);
  }
}
