/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.tables.Value;

/** What a value can be; the names of the constants are the service's. */
public enum ValueType {
  /** Text. */
  S("STRING"),
  /** A number. */
  N("NUMBER"),
  /** Bytes. */
  B("BINARY"),
  /** True or false. */
  BOOL("BOOLEAN"),
  /** Nothing. */
  NULL("NULL"),
  /** A list. */
  L("LIST"),
  /** A map. */
  M("MAP"),
  /** A set of texts. */
  SS("STRING_SET"),
  /** A set of numbers. */
  NS("NUMBER_SET"),
  /** A set of byte strings. */
  BS("BINARY_SET");

  private final String longName;

  ValueType(String longName) {
    this.longName = longName;
  }

  /**
   * The type of a value.
   *
   * @param value the value
   * @return its type
   */
  public static ValueType of(Value value) {
    if (value instanceof Value.Text) {
      return S;
    } else if (value instanceof Value.Num) {
      return N;
    } else if (value instanceof Value.Bytes) {
      return B;
    } else if (value instanceof Value.Bool) {
      return BOOL;
    } else if (value instanceof Value.Null) {
      return NULL;
    } else if (value instanceof Value.Array) {
      return L;
    } else if (value instanceof Value.Document) {
      return M;
    } else if (value instanceof Value.TextSet) {
      return SS;
    } else if (value instanceof Value.NumSet) {
      return NS;
    }
    return BS;
  }

  /** The name in the service's words about updates. */
  String longName() {
    return longName;
  }

  boolean set() {
    return this == SS || this == NS || this == BS;
  }
}
