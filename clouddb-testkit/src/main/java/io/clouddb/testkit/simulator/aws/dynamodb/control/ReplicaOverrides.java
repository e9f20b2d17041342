/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a replica has of its own.
 *
 * @param reads provisioned; null for as all
 * @param onDemandReads at most on demand; null for as all
 * @param indexReads provisioned, by index
 * @param tableClass whether its class is said
 */
record ReplicaOverrides(
    @Nullable Long reads,
    @Nullable Long onDemandReads,
    Map<String, Long> indexReads,
    boolean tableClass) {

  static ReplicaOverrides of(Members action) {
    Map<String, Long> indexes = new LinkedHashMap<>();
    for (Members index : action.structures("GlobalSecondaryIndexes")) {
      Long reads = reads(index);
      if (reads != null) {
        indexes.put(index.text("IndexName"), reads);
      }
    }
    Members onDemand = action.membersOrNull("OnDemandThroughputOverride");
    return new ReplicaOverrides(
        reads(action),
        onDemand == null ? null : onDemand.wholeOrNull("MaxReadRequestUnits"),
        indexes,
        action.has("TableClassOverride"));
  }

  private static @Nullable Long reads(Members parent) {
    Members override = parent.membersOrNull("ProvisionedThroughputOverride");
    return override == null ? null : override.wholeOrNull("ReadCapacityUnits");
  }

  boolean isEmpty() {
    return reads == null && onDemandReads == null && indexReads.isEmpty() && !tableClass;
  }

  /** Refuses those that do not fit how the table is paid. */
  void check(ManagedTable table) {
    if (table.isOnDemand() && (reads != null || !indexReads.isEmpty())) {
      throw Validation.error(
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is"
              + " PAY_PER_REQUEST");
    }
    if (!table.isOnDemand() && onDemandReads != null) {
      throw Validation.error(
          "MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table"
              + " BillingMode is PROVISIONED");
    }
  }

  /**
   * Gives them to a replica. What is said to be as with all others is not its own any more.
   *
   * @param member the replica
   * @param table its table
   * @param base another one's
   */
  void apply(ReplicationGroup.Member member, ManagedTable table, ManagedTable base) {
    if (reads != null && !table.isOnDemand()) {
      long all = base.throughput().read();
      member.setReads(reads == all ? null : reads);
      table.throughput().set(reads, table.throughput().write());
    }
    if (onDemandReads != null && table.isOnDemand()) {
      member.setOnDemandReads(onDemandReads.equals(base.limits().reads()) ? null : onDemandReads);
      table.setLimits(new OnDemandLimits(onDemandReads, table.limits().writes()));
    }
    indexReads.forEach(
        (name, units) -> {
          ManagedIndex index = table.indexes().get(name);
          ManagedIndex other = base.indexes().get(name);
          // An index that is not there is not missed by the service.
          if (index != null && other != null && !table.isOnDemand()) {
            if (other.throughput().read() == units) {
              member.indexReads().remove(name);
            } else {
              member.indexReads().put(name, units);
            }
            index.throughput().set(units, index.throughput().write());
          }
        });
    table.applyThroughput();
  }
}
