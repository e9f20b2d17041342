/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import java.util.Arrays;
import java.util.HexFormat;

/** Bytes, so that a person can take them into a test. */
final class HexText {
  private static final int MOST_BYTES = 200;

  private HexText() {}

  static String of(byte[] bytes) {
    return HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(MOST_BYTES, bytes.length)));
  }
}
