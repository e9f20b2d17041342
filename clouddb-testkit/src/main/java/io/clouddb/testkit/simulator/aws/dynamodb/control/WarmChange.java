/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;

/** Prepares a table for more than it takes by itself. */
final class WarmChange {
  private final TableCatalog catalog;

  WarmChange(TableCatalog catalog) {
    this.catalog = catalog;
  }

  void run(ManagedTable table, Members sent) {
    WarmThroughput warm = table.warm();
    long reads = sent.whole("ReadUnitsPerSecond", warm.reads());
    long writes = sent.whole("WriteUnitsPerSecond", warm.writes());
    requireMore(warm, reads, writes, "table");
    if (warm.isUpdating()) {
      throw Refusals.inUse("Table: " + table.name() + " is in the process of being updated.");
    }
    if (reads > warm.reads() || writes > warm.writes()) {
      warm.begin();
      table.begin(Job.WARM);
      catalog.later(
          Timing.WARM,
          () -> {
            warm.end(reads, writes);
            table.end(Job.WARM);
          });
    }
  }

  static void requireMore(WarmThroughput warm, long reads, long writes, String where) {
    if (reads < warm.reads() || writes < warm.writes()) {
      throw Validation.parameter(
          "Requested "
              + (reads < warm.reads() ? "Read" : "Write")
              + "UnitsPerSecond for WarmThroughput for "
              + where
              + " is lower than current WarmThroughput, decreasing WarmThroughput is not"
              + " supported");
    }
  }
}
