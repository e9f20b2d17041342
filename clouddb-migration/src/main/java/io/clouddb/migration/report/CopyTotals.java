/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the copy brought over in all.
 *
 * @param rows of all tables
 * @param bytes of all tables
 * @param duration how long any table was being copied; what an interrupted migration did not copy
 *     in between does not count
 */
record CopyTotals(long rows, long bytes, Duration duration) {
  static CopyTotals of(Collection<TableReport> tables) {
    List<CopyReport> copies =
        tables.stream().map(TableReport::copy).flatMap(Optional::stream).toList();
    return new CopyTotals(
        copies.stream().mapToLong(CopyReport::rows).sum(),
        copies.stream().mapToLong(CopyReport::bytes).sum(),
        busy(copies));
  }

  boolean isNone() {
    return bytes == 0 && rows == 0;
  }

  private static Duration busy(List<CopyReport> copies) {
    Duration busy = Duration.ZERO;
    Instant until = Instant.MIN;
    for (CopyReport copy :
        copies.stream().sorted(Comparator.comparing(CopyReport::start)).toList()) {
      Instant from = copy.start().isAfter(until) ? copy.start() : until;
      if (copy.end().isAfter(from)) {
        busy = busy.plus(Duration.between(from, copy.end()));
        until = copy.end();
      }
    }
    return busy;
  }
}
