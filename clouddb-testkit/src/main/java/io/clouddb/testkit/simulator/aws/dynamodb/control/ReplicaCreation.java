/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.dynamodb.backup.Contents;
import io.clouddb.testkit.simulator.aws.dynamodb.streams.TableStream;
import io.clouddb.testkit.simulator.aws.dynamodb.streams.ViewType;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.StoredTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes replicas, each a table of its region, filled from the one that is asked. */
final class ReplicaCreation {
  private final TableCatalog catalog;

  ReplicaCreation(TableCatalog catalog) {
    this.catalog = catalog;
  }

  /** Refuses what a new replica cannot have, before anything is made. */
  void requireSense(ManagedTable table, String region, Members action) {
    key(table, region, action);
    ReplicaOverrides overrides = ReplicaOverrides.of(action);
    // On demand the service takes a provisioned override here, and forgets it.
    if (!table.isOnDemand()) {
      overrides.check(table);
    }
  }

  /** With which key a new replica is encrypted; null for none that anybody sees. */
  private @Nullable String key(ManagedTable table, String region, Members action) {
    String own = table.encryption().key();
    String named = action.textOrNull("KMSMasterKeyId");
    boolean managed = own == null || own.equals(catalog.keys().managed(table.region()));
    if (own != null && !managed) {
      if (named == null) {
        throw Validation.parameter("KMSMasterKeyId must be specified for each replica.");
      }
      if (named.equals(MasterKeys.MANAGED)) {
        throw Validation.parameter(
            "All replica keys must either be Customer Managed CMK or AWS Managed CMK.");
      }
      return catalog.keys().resolveForReplica(region, named);
    }
    if (named != null && (own == null || !named.equals(MasterKeys.MANAGED))) {
      throw Validation.parameter(
          own == null
              ? "KMSMasterKeyId must be specified for each replica."
              : "All replica keys must either be Customer Managed CMK or AWS Managed CMK.");
    }
    return own == null ? null : catalog.keys().managed(region);
  }

  void run(
      ManagedTable table,
      Map<String, Members> creations,
      boolean strong,
      @Nullable String witness) {
    Instant now = catalog.now();
    ReplicationGroup group = group(table, strong, now);
    if (!strong && table.stream() == null) {
      catalog.beginStream(table, ViewType.NEW_AND_OLD_IMAGES);
    }
    List<ReplicationGroup.Member> added = new ArrayList<>();
    Map<String, String> keys = new HashMap<>();
    creations.forEach(
        (region, action) -> {
          String key = key(table, region, action);
          if (key != null) {
            keys.put(region, key);
          }
          ReplicationGroup.Member member =
              new ReplicationGroup.Member(
                  region, table.region(), now, ReplicationGroup.Status.CREATING);
          group.add(member);
          added.add(member);
        });
    table.begin(Job.GROUP);
    if (witness != null) {
      group.setWitness(witness);
    }
    catalog.later(
        Timing.REPLICA_LISTED,
        () -> {
          added.forEach(ReplicationGroup.Member::list);
          group.listWitness();
          catalog.later(
              Timing.REPLICA_VISIBLE,
              () -> {
                for (ReplicationGroup.Member member : added) {
                  String region = member.region();
                  make(table, group, member, keys.get(region), creations.get(region));
                }
                // Not beside it: on a machine that is busy the later task may run first.
                catalog.later(Timing.REPLICA_FILLED, () -> activate(table, group, added));
              });
        });
  }

  private ReplicationGroup group(ManagedTable table, boolean strong, Instant now) {
    ReplicationGroup there = table.group();
    if (there != null) {
      return there;
    }
    ReplicationGroup group = new ReplicationGroup(strong, catalog.newReplication());
    ReplicationGroup.Member first =
        new ReplicationGroup.Member(table.region(), null, now, ReplicationGroup.Status.ACTIVE);
    first.setTable(table);
    group.add(first);
    table.setGroup(group);
    table.setSettingsReplication(null);
    if (!strong) {
      group.replication().begin(table.region(), table.table().items());
    }
    return group;
  }

  /** "If not specified, uses the source table's table class." */
  private static TableClass tableClass(ManagedTable table, @Nullable Members action) {
    String own = action == null ? null : action.textOrNull("TableClassOverride");
    return new TableClass(own == null ? table.tableClass().said() : own);
  }

  private void make(
      ManagedTable table,
      ReplicationGroup group,
      ReplicationGroup.Member member,
      @Nullable String key,
      @Nullable Members action) {
    boolean taken = catalog.find(member.region(), table.name()).isPresent();
    if (taken || (key != null && catalog.keys().isDisabled(key))) {
      // It never comes to be, and nobody is told: somebody has made a table of the name there since
      // it was asked for, or the key cannot be used.
      abort(table, group, member);
      return;
    }
    String region = member.region();
    StoredTable source = table.table().items();
    // What all regions see at once is one and the same.
    StoredTable items = group.isStrong() ? source : catalog.newItems(source.definition());
    ManagedTable copy =
        new ManagedTable(
            catalog.newTable(region, items),
            new Throughput(table.throughput().read(), table.throughput().write()),
            new WarmThroughput(table.warm().reads(), table.warm().writes()),
            new Encryption(key),
            tableClass(table, action));
    for (ManagedIndex index : table.indexes().values()) {
      ManagedIndex own =
          new ManagedIndex(
              index.definition(),
              new Throughput(index.throughput().read(), index.throughput().write()),
              new WarmThroughput(index.warm().reads(), index.warm().writes()),
              index.onDemand(),
              false);
      copy.indexes().put(index.name(), own);
    }
    copy.setBilling(table.isOnDemand(), table.isBillingSaid(), null);
    copy.setLimits(table.limits());
    copy.setGroup(group);
    copy.applyThroughput();
    catalog.add(copy);
    member.setTable(copy);
    if (action != null) {
      ReplicaOverrides.of(action).apply(member, copy, table);
    }
    if (!group.isStrong()) {
      group.replication().add(table.region(), region, items, () -> Contents.of(source).fill(items));
    }
    copy.timeToLive().copy(table.timeToLive());
    items.setExpiry(copy.timeToLive().rule(catalog.clock()));
    TableStream stream = table.stream();
    // Strong replicas are not filled from streams: each has one when it is asked for.
    if (stream != null && !group.isStrong()) {
      catalog.beginStream(copy, stream.view());
    }
    if (!table.isOnDemand()) {
      catalog.scaling().copyWrites(table.region(), region, table.name(), catalog.now());
    }
  }

  private static void abort(
      ManagedTable table, ReplicationGroup group, ReplicationGroup.Member member) {
    group.remove(member.region());
    if (group.members().size() == 1) {
      group.replication().remove(table.region());
      table.setGroup(null);
    }
  }

  private void activate(
      ManagedTable table, ReplicationGroup group, List<ReplicationGroup.Member> added) {
    Instant now = catalog.now();
    for (ReplicationGroup.Member member : added) {
      ManagedTable copy = member.table();
      if (copy != null) {
        member.setStatus(ReplicationGroup.Status.ACTIVE);
        copy.indexes().values().forEach(ManagedIndex::activate);
        if (copy.isOnDemand()) {
          copy.setOnDemandSince(now);
        }
        copy.activate(now);
      }
    }
    group.setWitnessStatus(ReplicationGroup.Status.ACTIVE);
    table.end(Job.GROUP);
  }
}
