/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import io.clouddb.migration.postgres.catalog.Table;
import java.time.Duration;
import java.util.Optional;

/** A table on its way, in chunks that end in any order. */
final class TableCopy {
  final Table table;
  final boolean binary;
  private final int chunks;
  private int left;
  private long rows;
  private long bytes;
  private long startedNanos;

  TableCopy(Table table, boolean binary, int chunks) {
    this.table = table;
    this.binary = binary;
    this.chunks = chunks;
    this.left = chunks;
  }

  synchronized void started() {
    if (startedNanos == 0) {
      startedNanos = System.nanoTime();
    }
  }

  /** Notes a chunk that is durable on the target; the last one makes the table complete. */
  synchronized Optional<CopiedTable> ended(long chunkRows, long chunkBytes) {
    rows += chunkRows;
    bytes += chunkBytes;
    left--;
    if (left > 0) {
      return Optional.empty();
    }
    Duration time = Duration.ofNanos(System.nanoTime() - startedNanos);
    return Optional.of(new CopiedTable(table.name(), rows, bytes, chunks, binary, time));
  }
}
