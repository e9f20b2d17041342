/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.autoscaling.Scalable;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds replicas to a table, changes and removes them: what a request says of it, and who may. */
final class ReplicaChange {
  private static final int OF_STRONG = 3;

  private final TableCatalog catalog;
  private final SettingChanges settings;
  private final TableDeletion deletion;
  private final ReplicaCreation creation;

  ReplicaChange(TableCatalog catalog, SettingChanges settings, TableDeletion deletion) {
    this.catalog = catalog;
    this.settings = settings;
    this.deletion = deletion;
    this.creation = new ReplicaCreation(catalog);
  }

  /** What a request asks for, by region. */
  private static final class Asked {
    private final Map<String, Members> creations = new LinkedHashMap<>();
    private final Map<String, Members> updates = new LinkedHashMap<>();
    private final Set<String> deletions = new LinkedHashSet<>();
    private @Nullable String witness;
    private @Nullable String witnessDeletion;

    static Asked of(Members request) {
      Asked asked = new Asked();
      Set<String> kinds = new LinkedHashSet<>();
      for (Members update : request.structures(UpdateRules.REPLICAS)) {
        int before = kinds.size();
        for (String kind : List.of("Create", "Update", "Delete")) {
          Members action = update.membersOrNull(kind);
          if (action != null) {
            asked.add(kind, action);
            kinds.add(kind);
          }
        }
        if (kinds.size() == before && kinds.isEmpty()) {
          throw noActions();
        }
      }
      if (kinds.size() > 1) {
        throw Validation.error(
            "Update table operation with more than one type of replica actions not allowed.");
      }
      for (Members update : request.structures(UpdateRules.WITNESSES)) {
        Members create = update.membersOrNull("Create");
        Members delete = update.membersOrNull("Delete");
        asked.witness = create == null ? null : create.text("RegionName");
        asked.witnessDeletion = delete == null ? null : delete.text("RegionName");
      }
      return asked;
    }

    private void add(String kind, Members action) {
      String region = action.text("RegionName");
      switch (kind) {
        case "Create" -> creations.put(region, action);
        case "Update" -> updates.put(region, action);
        default -> deletions.add(region);
      }
    }

    Set<String> regions() {
      Set<String> all = new LinkedHashSet<>(creations.keySet());
      all.addAll(updates.keySet());
      all.addAll(deletions);
      return all;
    }
  }

  private static io.clouddb.testkit.simulator.aws.AwsError noActions() {
    return Validation.error(
        "There are no actions specified in the Replica Update Action of the request.");
  }

  void run(ManagedTable table, Members request) {
    Asked asked = Asked.of(request);
    String consistency = request.textOrNull(UpdateRules.CONSISTENCY);
    boolean strong = "STRONG".equals(consistency);
    if ((asked.witness != null) && !strong) {
      throw Validation.error(
          "MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is"
              + " present.");
    }
    requireRegions(table, asked);
    if (consistency != null && asked.creations.isEmpty()) {
      throw Validation.error(
          "Only Replica Create actions are supported when MultiRegionConsistency parameter is"
              + " provided.");
    }
    ReplicationGroup group = table.group();
    boolean ofStrong = group != null && group.isStrong();
    if (strong) {
      requireStrong(table, asked);
    } else if (!ofStrong && Math.max(asked.creations.size(), asked.deletions.size()) > 1) {
      throw Validation.error(
          "Update table operation with more than one create or delete replica actions not"
              + " allowed");
    }
    requireState(table, group, asked);
    if (!asked.creations.isEmpty()) {
      create(table, asked, strong, consistency);
    } else if (group == null) {
      throw noReplicas(asked.regions());
    } else if (asked.deletions.isEmpty()) {
      asked.updates.forEach((region, action) -> update(group, region, action));
    } else if (ofStrong) {
      dissolve(table, group, asked);
    } else {
      delete(group, asked.deletions.iterator().next());
    }
  }

  private static void requireState(
      ManagedTable table, @Nullable ReplicationGroup group, Asked asked) {
    if (group != null) {
      if (table.isCreating()) {
        throw Validation.error(
            "Create/Update/Delete of replica is not allowed while the replica is being added to"
                + " table with name: ‘"
                + table.name()
                + "’ in region: ‘"
                + table.region()
                + "’.");
      }
      if (asked.creations.isEmpty()) {
        List<String> strangers =
            asked.regions().stream()
                .filter(
                    region ->
                        group.member(region).filter(ReplicationGroup.Member::isListed).isEmpty())
                .toList();
        if (!strangers.isEmpty()) {
          throw noReplicas(strangers);
        }
      }
      for (String region : asked.creations.keySet()) {
        if (group.member(region).filter(ReplicationGroup.Member::isListed).isPresent()) {
          throw taken(table);
        }
      }
      if (group.isBusy()) {
        throw Refusals.groupInUse();
      }
    }
    Admission.requireThere(table);
    if (table.isBusy()) {
      throw Refusals.groupInUse();
    }
    // A copy made now would not have what the index is being filled with.
    if (!asked.creations.isEmpty()
        && !table.indexesThat(index -> index.status() != ManagedIndex.Status.ACTIVE).isEmpty()) {
      throw Refusals.groupInUse();
    }
  }

  private static io.clouddb.testkit.simulator.aws.AwsError taken(ManagedTable table) {
    return Validation.error(
        "Failed to create a the new replica of table with name: ‘"
            + table.name()
            + "’ because one or more replicas already existed as tables.");
  }

  private static io.clouddb.testkit.simulator.aws.AwsError noReplicas(Iterable<String> regions) {
    return Validation.error(
        "Update global table operation failed because one or more replicas were not part of the"
            + " global table. Please retry the request without these replicas: ["
            + String.join(", ", regions)
            + "].");
  }

  private static void requireRegions(ManagedTable table, Asked asked) {
    Set<String> regions = asked.regions();
    for (String region : regions) {
      Regions.require(region);
      if (region.equals(table.region())) {
        throw Validation.error(
            "Cannot add or delete the local region through ReplicaUpdates. Use CreateTable,"
                + " DeleteTable, or UpdateTable as required.");
      }
    }
    if (asked.witness != null) {
      Regions.require(asked.witness);
      if (regions.contains(asked.witness)) {
        throw Validation.error("Cannot target multiple regions with the same action");
      }
      if (asked.witness.equals(table.region())) {
        throw Validation.error(
            "Cannot add a witness in the same region as an existing replica when creating a global"
                + " table with MultiRegionConsistency set to STRONG.");
      }
    }
  }

  private static void requireStrong(ManagedTable table, Asked asked) {
    List<String> regions = new ArrayList<>(asked.creations.keySet());
    if (asked.witness != null) {
      regions.add(asked.witness);
    }
    List<String> all = new ArrayList<>(regions);
    all.add(table.region());
    List<String> unable = all.stream().filter(region -> !Regions.isStrong(region)).toList();
    if (!unable.isEmpty() || !Regions.areTogether(all)) {
      throw Validation.error(
          "Unsupported Region(s) specified for global tables with MultiRegionConsistency set to"
              + " STRONG: "
              + (unable.isEmpty() ? regions : unable)
              + ".");
    }
    if (regions.size() + 1 != OF_STRONG) {
      throw Validation.error(
          "Unsupported replica count for global tables with MultiRegionConsistency set to STRONG.");
    }
  }

  private void create(
      ManagedTable table, Asked asked, boolean strong, @Nullable String consistency) {
    ReplicationGroup group = table.group();
    if (group != null && consistency != null) {
      throw Validation.error(
          "MultiRegionConsistency parameter is unsupported on existing global table");
    }
    if (group != null && group.isStrong()) {
      throw Validation.error(
          "Cannot add replicas to a global table with strong MultiRegionConsistency");
    }
    for (String region : asked.creations.keySet()) {
      if (catalog.find(region, table.name()).isPresent()) {
        throw taken(table);
      }
    }
    if (strong) {
      requireSimple(table);
    }
    requireScaled(table);
    asked.creations.forEach((region, action) -> creation.requireSense(table, region, action));
    creation.run(table, asked.creations, strong, asked.witness);
  }

  /** What a strong table may not have. */
  private static void requireSimple(ManagedTable table) {
    String begin = "Cannot create a global table with MultiRegionConsistency set to STRONG ";
    if (table.table().items().count(null) > 0) {
      throw Validation.error(begin + "from a table that is not empty.");
    }
    if (table.timeToLive().isEnabled()) {
      throw Validation.error(begin + "from a table with time to live enabled.");
    }
    if (table.table().definition().indexes().stream().anyMatch(index -> !index.global())) {
      throw Validation.error(begin + "from a table with local secondary indexes.");
    }
  }

  /** What is written in several regions is on demand, or scaled. */
  private void requireScaled(ManagedTable table) {
    if (table.isOnDemand()) {
      return;
    }
    Scalable writes = new Scalable(table.name(), Optional.empty(), true);
    if (!catalog.scaling().isScaled(table.region(), writes)) {
      throw Validation.error(
          "Table write capacity should either be Pay-Per-Request or AutoScaled.");
    }
    for (String index : table.indexes().keySet()) {
      Scalable ofIndex = new Scalable(table.name(), Optional.of(index), true);
      if (!catalog.scaling().isScaled(table.region(), ofIndex)) {
        throw Validation.error(
            "GSI write capacity should either be Pay-Per-Request or AutoScaled.");
      }
    }
  }

  private void update(ReplicationGroup group, String region, Members action) {
    ReplicationGroup.Member member = group.member(region).orElseThrow();
    ManagedTable table = member.table();
    if (table == null) {
      throw noReplicas(List.of(region));
    }
    if (action.has("KMSMasterKeyId")) {
      throw Validation.parameter("KMSMasterKeyId must be specified for each replica.");
    }
    ReplicaOverrides overrides = ReplicaOverrides.of(action);
    if (overrides.isEmpty()) {
      throw noActions();
    }
    overrides.check(table);
    overrides.apply(member, table, base(group, region));
    String tableClass = action.textOrNull("TableClassOverride");
    if (tableClass != null) {
      if (!table.tableClass().name().equals(tableClass)) {
        table
            .tableClass()
            .requireMayChange(catalog.now(), "Limit exceeded for replica in " + region + ". ");
      }
      settings.beginClass(table, tableClass);
    }
    busy(group);
  }

  /** A table of the group other than that of a region. */
  private static ManagedTable base(ReplicationGroup group, String region) {
    return group.tables().stream()
        .filter(one -> !one.region().equals(region))
        .findFirst()
        .orElseThrow();
  }

  private void busy(ReplicationGroup group) {
    for (ManagedTable one : group.tables()) {
      one.begin(Job.GROUP);
      catalog.later(Timing.GROUP, () -> one.end(Job.GROUP));
    }
  }

  private void delete(ReplicationGroup group, String region) {
    ReplicationGroup.Member member = group.member(region).orElseThrow();
    ManagedTable table = member.table();
    if (table == null) {
      throw noReplicas(List.of(region));
    }
    deletion.requireMayGo(table, group);
    for (ManagedTable one : group.tables()) {
      if (one != table) {
        one.begin(Job.GROUP);
        catalog.later(Timing.REPLICA_DELETE_BEGINS, () -> one.end(Job.GROUP));
      }
    }
    deletion.leave(table, group, Timing.REPLICA_DELETE_BEGINS);
  }

  /** A strong table is taken apart at once. */
  private void dissolve(ManagedTable table, ReplicationGroup group, Asked asked) {
    String witness = group.witness();
    if (witness != null && asked.witnessDeletion == null) {
      throw Validation.error("Update table delete operation does not include all witnesses.");
    }
    if (asked.witnessDeletion != null && !asked.witnessDeletion.equals(witness)) {
      throw Validation.error(
          "Update global table operation failed because one or more witnesses were not part of the"
              + " global table. Please retry the request without these witnesses: ["
              + asked.witnessDeletion
              + "].");
    }
    List<ReplicationGroup.Member> others = group.listedBy(table.region());
    if (asked.deletions.size() < others.size()) {
      throw TableDeletion.onlyTogether();
    }
    for (ReplicationGroup.Member other : others) {
      ManagedTable own = other.table();
      if (own != null && own.isProtected()) {
        deletion.requireMayGo(own, group);
      }
    }
    table.begin(Job.GROUP);
    catalog.later(
        Timing.REPLICA_DELETE_BEGINS,
        () -> {
          table.end(Job.GROUP);
          if (witness != null) {
            group.setWitnessStatus(ReplicationGroup.Status.DELETING);
            catalog.later(Timing.REPLICA_UNLISTED, () -> group.setWitness(null));
          }
        });
    for (ReplicationGroup.Member other : others) {
      ManagedTable own = other.table();
      if (own != null) {
        deletion.leave(own, group, Timing.REPLICA_DELETE_BEGINS);
      }
    }
  }
}
