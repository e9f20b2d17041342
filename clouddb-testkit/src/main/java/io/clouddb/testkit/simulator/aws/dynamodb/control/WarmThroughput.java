/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a table or an index can take at once, which only grows. */
final class WarmThroughput {
  static final long READS_ON_DEMAND = 12_000;
  static final long WRITES_ON_DEMAND = 4_000;

  private long reads;
  private long writes;
  private boolean updating;

  WarmThroughput(long reads, long writes) {
    this.reads = reads;
    this.writes = writes;
  }

  /** That of something new. */
  static WarmThroughput first(Throughput throughput, boolean onDemand) {
    return onDemand
        ? new WarmThroughput(READS_ON_DEMAND, WRITES_ON_DEMAND)
        : new WarmThroughput(throughput.read(), throughput.write());
  }

  long reads() {
    return reads;
  }

  long writes() {
    return writes;
  }

  boolean isUpdating() {
    return updating;
  }

  void begin() {
    updating = true;
  }

  void raise(long moreReads, long moreWrites) {
    reads = Math.max(reads, moreReads);
    writes = Math.max(writes, moreWrites);
  }

  void end(long moreReads, long moreWrites) {
    raise(moreReads, moreWrites);
    updating = false;
  }

  ObjectNode described() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ReadUnitsPerSecond", reads)
        .put("WriteUnitsPerSecond", writes)
        .put("Status", updating ? "UPDATING" : "ACTIVE");
  }
}
