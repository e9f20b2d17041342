/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.tables.IndexDefinition;

/** A global secondary index. Whoever calls holds the catalog's lock. */
final class ManagedIndex {
  /** What an index goes through. */
  enum Status {
    CREATING,
    UPDATING,
    DELETING,
    ACTIVE
  }

  private final IndexDefinition definition;
  private final Throughput throughput;
  private final WarmThroughput warm;
  private OnDemandLimits onDemand;
  private Status status = Status.CREATING;

  /** Whether it has its place, and may be filled. */
  private boolean allocated;

  /** Whether it has the table's items, whatever else it goes through. */
  private boolean filled;

  /** Whether it was added to a table that was there. */
  private final boolean added;

  ManagedIndex(
      IndexDefinition definition,
      Throughput throughput,
      WarmThroughput warm,
      OnDemandLimits onDemand,
      boolean added) {
    this.definition = definition;
    this.throughput = throughput;
    this.warm = warm;
    this.onDemand = onDemand;
    this.added = added;
    this.filled = !added;
  }

  String name() {
    return definition.name();
  }

  IndexDefinition definition() {
    return definition;
  }

  Throughput throughput() {
    return throughput;
  }

  WarmThroughput warm() {
    return warm;
  }

  OnDemandLimits onDemand() {
    return onDemand;
  }

  void setOnDemand(OnDemandLimits limits) {
    this.onDemand = limits;
  }

  Status status() {
    return status;
  }

  /** Lets it be used, after its table was made with it. */
  void activate() {
    status = Status.ACTIVE;
  }

  void beginUpdate() {
    status = Status.UPDATING;
  }

  /** It is again what it was, unless it is to go: one that is not filled yet is still created. */
  void endUpdate() {
    if (status == Status.UPDATING) {
      status = filled ? Status.ACTIVE : Status.CREATING;
    }
  }

  void beginDeletion() {
    status = Status.DELETING;
  }

  boolean isAdded() {
    return added;
  }

  boolean isBackfilling() {
    return allocated && !filled && status != Status.DELETING;
  }

  void beginBackfill() {
    allocated = true;
  }

  /** It has the items now; an update that goes on ends by itself. */
  void endBackfill() {
    filled = true;
    if (status == Status.CREATING) {
      status = Status.ACTIVE;
    }
  }

  /** Whether nothing has been put into it yet, and nothing can be changed. */
  boolean isAllocating() {
    return status == Status.CREATING && !allocated;
  }
}
