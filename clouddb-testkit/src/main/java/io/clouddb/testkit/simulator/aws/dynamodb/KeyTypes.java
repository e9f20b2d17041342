/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb;

import io.clouddb.testkit.simulator.tables.KeyType;

/** What the service calls the types of keys. */
public final class KeyTypes {
  private KeyTypes() {}

  /**
   * The letter of a type.
   *
   * @param type the type
   * @return {@code S}, {@code N} or {@code B}
   */
  public static String letter(KeyType type) {
    return switch (type) {
      case TEXT -> "S";
      case NUMBER -> "N";
      case BYTES -> "B";
    };
  }

  /**
   * The type of a letter.
   *
   * @param letter {@code S}, {@code N} or {@code B}
   * @return the type
   */
  public static KeyType of(String letter) {
    return switch (letter) {
      case "S" -> KeyType.TEXT;
      case "N" -> KeyType.NUMBER;
      case "B" -> KeyType.BYTES;
      default -> throw new IllegalArgumentException("No type of a key: " + letter);
    };
  }
}
