/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableConsistency;
import io.clouddb.table.TableRegion;
import io.clouddb.table.Throughput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a table is after a change, as a spec. It is held against the same rules as the spec of a new
 * one: what DynamoDB makes of no table, it does not make of this one either.
 *
 * @param before what the table is
 * @param change what is asked for
 */
record Changed(GlobalTableSpec before, TableChange change) {
  /**
   * What it has to be.
   *
   * @throws CloudDbException when the change does not fit the table
   */
  GlobalTableSpec after() {
    requireFitting();
    GlobalTableSpec.Builder after = GlobalTableSpec.builder(before.name(), before.key());
    Throughput throughput =
        change.throughput().or(before::throughput).orElseGet(Throughput::onDemand);
    indexes(throughput).forEach(after::index);
    regions().forEach(after::region);
    change.consistency().or(before::consistency).ifPresent(after::consistency);
    after.throughput(throughput);
    if (!change.isNoTimeToLive()) {
      change.timeToLive().or(before::timeToLive).ifPresent(after::timeToLive);
    }
    if (!change.isNoChangeFeed()) {
      change.changeFeed().or(before::changeFeed).ifPresent(after::changeFeed);
    }
    change.deletionProtection().or(before::deletionProtection).ifPresent(after::deletionProtection);
    change
        .pointInTimeRecoveryDays()
        .or(before::pointInTimeRecoveryDays)
        .filter(days -> days > 0)
        .ifPresent(after::pointInTimeRecoveryDays);
    change.tableClass().or(before::tableClass).ifPresent(after::tableClass);
    Map<String, String> tags = new TreeMap<>(before.tags());
    tags.putAll(change.tags());
    tags.keySet().removeAll(change.removedTags());
    tags.forEach(after::tag);
    return after.build();
  }

  private List<IndexSpec> indexes(Throughput throughput) {
    Map<String, IndexSpec> all = new LinkedHashMap<>();
    before.indexes().forEach(index -> all.put(index.name(), index));
    change.removedIndexes().forEach(all::remove);
    change.addedIndexes().forEach(index -> all.put(index.name(), index));
    List<IndexSpec> after = new ArrayList<>();
    for (IndexSpec index : all.values()) {
      Optional<Throughput> own =
          Optional.ofNullable(change.indexThroughput().get(index.name()))
              .or(() -> throughput.isOnDemand() ? Optional.empty() : index.throughput());
      IndexSpec without = IndexSpec.of(index.name(), index.key()).projecting(index.projection());
      IndexSpec kept = index.isLocal() ? without.local() : without;
      after.add(own.map(kept::throughput).orElse(kept));
    }
    return after;
  }

  private List<TableRegion> regions() {
    List<TableRegion> all = new ArrayList<>();
    for (TableRegion region : before.regions()) {
      if (!change.removedRegions().contains(region.name())) {
        String key = change.regionKeys().get(region.name());
        all.add(key == null ? region : region.key(key));
      }
    }
    all.addAll(change.addedRegions());
    return all;
  }

  private void requireFitting() {
    for (String index : change.removedIndexes()) {
      require(
          before.index(index).filter(one -> !one.isLocal()).isPresent(),
          "it has no global index " + index);
    }
    for (IndexSpec index : change.addedIndexes()) {
      require(before.index(index.name()).isEmpty(), "it has an index " + index.name() + " already");
    }
    for (String index : change.indexThroughput().keySet()) {
      boolean there =
          before.index(index).filter(one -> !one.isLocal()).isPresent()
              && !change.removedIndexes().contains(index);
      require(
          there || change.addedIndexes().stream().anyMatch(added -> added.name().equals(index)),
          "it has no global index " + index);
    }
    List<String> regions = before.regions().stream().map(TableRegion::name).toList();
    for (String region : change.removedRegions()) {
      require(regions.contains(region), "it is not in " + region);
    }
    for (TableRegion region : change.addedRegions()) {
      require(!regions.contains(region.name()), "it is in " + region.name() + " already");
    }
    for (String region : change.regionKeys().keySet()) {
      require(
          (regions.contains(region) && !change.removedRegions().contains(region))
              || change.addedRegions().stream().anyMatch(one -> one.name().equals(region)),
          "it is not in " + region);
    }
    requireConsistent(regions);
  }

  private void requireConsistent(List<String> regions) {
    boolean strong = Wanted.strong(before);
    TableConsistency wanted =
        change.consistency().or(before::consistency).orElse(TableConsistency.REGIONAL);
    boolean alone = regions.size() - change.removedRegions().size() == 1;
    if (wanted == TableConsistency.GLOBAL && !strong) {
      require(
          regions.size() == 1,
          "DynamoDB makes a table consistent over its regions with its first replicas only, and it"
              + " has some");
    }
    if (wanted == TableConsistency.REGIONAL && strong) {
      require(
          alone && change.addedRegions().isEmpty(),
          "it is consistent over its regions, and remains so while it has replicas");
    }
    if (strong && !change.removedRegions().isEmpty()) {
      require(
          alone && change.consistency().isPresent(),
          "the replicas of a table that is consistent over its regions are removed together, with"
              + " consistency REGIONAL");
    }
    boolean replicated = !strong && regions.size() > 1 && !alone;
    require(
        !replicated || !change.isNoChangeFeed(),
        "it is replicated by its stream, which cannot be switched off");
    require(
        !replicated
            || change.changeFeed().isEmpty()
            || change.changeFeed().equals(before.changeFeed()),
        "it is replicated by its stream, whose images cannot be changed");
  }

  private void require(boolean holds, String why) {
    if (!holds) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The change does not fit the table " + before.name() + ": " + why)
          .toException();
    }
  }
}
