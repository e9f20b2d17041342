/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

/** What an attribute of a key holds. */
public enum KeyType {
  /** {@link Value.Text}, in the order of its code points, which is that of its UTF-8 bytes. */
  TEXT,
  /** {@link Value.Num}. */
  NUMBER,
  /** {@link Value.Bytes}, in the order of unsigned ones. */
  BYTES;

  /**
   * Tells whether a value is one of these.
   *
   * @param value the value
   * @return true when it is
   */
  public boolean holds(Value value) {
    return switch (this) {
      case TEXT -> value instanceof Value.Text;
      case NUMBER -> value instanceof Value.Num;
      case BYTES -> value instanceof Value.Bytes;
    };
  }
}
