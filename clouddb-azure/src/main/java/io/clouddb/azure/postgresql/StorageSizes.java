/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.DataSize;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The sizes of disks that Azure sells, as a location's capabilities list them. They double but for
 * 4095 GiB, the largest disk that is cached, and for the largest one, which has a GiB less.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-storage">Storage</a>
 */
final class StorageSizes {
  static final long LEAST_GIB = 32;
  static final long MOST_GIB = 32_767;
  static final String ALL = "32, 64, 128, ... 2048, 4095, 4096, 8192, 16384 or 32767 GiB";

  private static final long[] SOLD = {
    LEAST_GIB, 64, 128, 256, 512, 1024, 2048, 4095, 4096, 8192, 16_384, MOST_GIB
  };

  private StorageSizes() {}

  static boolean isSold(DataSize size) {
    return smallest(size).map(size::equals).orElse(false);
  }

  /** The smallest disk that is large enough; empty when there is none. */
  static Optional<DataSize> smallest(DataSize size) {
    return LongStream.of(SOLD)
        .mapToObj(DataSize::gib)
        .filter(sold -> sold.compareTo(size) >= 0)
        .findFirst();
  }
}
