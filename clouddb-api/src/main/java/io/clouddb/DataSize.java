/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import org.jspecify.annotations.Nullable;

/**
 * An amount of memory or storage.
 *
 * @param bytes the amount in bytes, not negative
 */
public record DataSize(long bytes) implements Comparable<DataSize> {
  private static final long GIB = 1L << 30;
  private static final long MIB = 1L << 20;

  /** Refuses a negative amount. */
  public DataSize {
    if (bytes < 0) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "A size is not negative: " + bytes + " bytes")
          .toException();
    }
  }

  /**
   * An amount in gibibytes (2^30 bytes).
   *
   * @param amount how many
   * @return the amount
   * @throws io.clouddb.error.InvalidArgumentException when it is negative, or 8 exbibytes or more
   */
  public static DataSize gib(long amount) {
    return of(amount, GIB, "GiB");
  }

  /**
   * An amount in mebibytes (2^20 bytes).
   *
   * @param amount how many
   * @return the amount
   * @throws io.clouddb.error.InvalidArgumentException when it is negative, or 8 exbibytes or more
   */
  public static DataSize mib(long amount) {
    return of(amount, MIB, "MiB");
  }

  private static DataSize of(long amount, long unit, String name) {
    if (amount > Long.MAX_VALUE / unit || amount < 0) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "A size is not negative and less than 8 EiB, not " + amount + " " + name)
          .toException();
    }
    return new DataSize(amount * unit);
  }

  /**
   * The amount in gibibytes.
   *
   * @return how many, with fractions
   */
  public double toGib() {
    return (double) bytes / GIB;
  }

  /**
   * The amount in whole gibibytes.
   *
   * @return how many
   * @throws io.clouddb.error.InvalidArgumentException when it is no whole number of them
   */
  public long toGibExact() {
    if (bytes % GIB != 0) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, this + " is not a whole number of gibibytes")
          .toException();
    }
    return bytes / GIB;
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }

  // By itself: the JDK's handles by which records are compared keep the loader of the last class.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DataSize that && bytes == that.bytes;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(bytes);
  }

  /** For example {@code 100 GiB}. */
  @Override
  public String toString() {
    if (bytes % GIB == 0) {
      return bytes / GIB + " GiB";
    }
    return bytes % MIB == 0 ? bytes / MIB + " MiB" : bytes + " B";
  }
}
