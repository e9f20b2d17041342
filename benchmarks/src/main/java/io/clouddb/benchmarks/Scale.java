/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

/**
 * How large a run is.
 *
 * @param size full for the numbers that are published, quick to see a change, tiny for a test
 * @param rounds how many rounds count; one more warms up
 */
record Scale(Size size, int rounds) {
  /** Which of three amounts of data is taken. */
  enum Size {
    FULL,
    QUICK,
    TINY
  }

  long of(long full, long quick, long tiny) {
    return switch (size) {
      case FULL -> full;
      case QUICK -> quick;
      case TINY -> tiny;
    };
  }
}
