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

  /**
   * Has a table read so much without its replicas, which are from then on said to read what they
   * read until now.
   */
  static void readAlone(ManagedTable table, long units) {
    ReplicationGroup group = table.group();
    if (group == null) {
      return;
    }
    for (ReplicationGroup.Member member : group.members()) {
      ManagedTable own = member.table();
      if (own == table) {
        // Where it had units of its own these are now the ones.
        member.setReads(member.reads() == null ? null : Long.valueOf(units));
      } else if (own != null && member.reads() == null) {
        member.setReads(own.throughput().read());
      }
    }
  }

  /** The same of an index. */
  static void readAlone(ManagedTable table, String index, long units) {
    ReplicationGroup group = table.group();
    if (group == null) {
      return;
    }
    for (ReplicationGroup.Member member : group.members()) {
      ManagedTable own = member.table();
      ManagedIndex of = own == null ? null : own.indexes().get(index);
      if (own == table) {
        member.indexReads().computeIfPresent(index, (name, before) -> units);
      } else if (of != null) {
        member.indexReads().putIfAbsent(index, of.throughput().read());
      }
    }
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
