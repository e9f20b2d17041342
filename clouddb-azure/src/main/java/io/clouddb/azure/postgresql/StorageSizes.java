/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.DataSize;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The sizes of disks that Azure sells: powers of two.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-storage">Storage</a>
 */
final class StorageSizes {
  static final long LEAST_GIB = 32;
  static final long MOST_GIB = 32_768;

  private StorageSizes() {}

  static boolean isSold(DataSize size) {
    return smallest(size).map(size::equals).orElse(false);
  }

  /** The smallest disk that is large enough; empty when there is none. */
  static Optional<DataSize> smallest(DataSize size) {
    return LongStream.iterate(LEAST_GIB, gib -> gib <= MOST_GIB, gib -> gib * 2)
        .mapToObj(DataSize::gib)
        .filter(sold -> sold.compareTo(size) >= 0)
        .findFirst();
  }
}
