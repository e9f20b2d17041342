/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import java.util.List;

/** What of a table's settings all of its replicas have. */
final class ReplicaTables {
  private ReplicaTables() {}

  /** A table and its replicas; itself alone when it has none. */
  static List<ManagedTable> of(ManagedTable table) {
    ReplicationGroup group = table.group();
    return group == null ? List.of(table) : group.tables();
  }

  /** What a table reads in a second when all of them are to read so much. */
  static long reads(ManagedTable table, long all) {
    ReplicationGroup group = table.group();
    if (group == null) {
      return all;
    }
    return group
        .member(table.region())
        .map(ReplicationGroup.Member::reads)
        .filter(java.util.Objects::nonNull)
        .map(Long.class::cast)
        .orElse(all);
  }

  /** What an index of a table reads in a second when those of all are to read so much. */
  static long reads(ManagedTable table, String index, long all) {
    ReplicationGroup group = table.group();
    if (group == null) {
      return all;
    }
    return group
        .member(table.region())
        .map(member -> member.indexReads().getOrDefault(index, all))
        .orElse(all);
  }
}
