/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.table.Capacity;
import io.clouddb.table.ChangeImages;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.TableConsistency;
import io.clouddb.table.TableRegion;
import io.clouddb.table.Throughput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a table has to be once an operation is over, with what a spec leaves to DynamoDB or to this
 * library.
 *
 * @param spec the spec
 * @param home the region through which it is controlled
 */
record Wanted(GlobalTableSpec spec, String home) {
  List<String> regions() {
    return regions(spec, home);
  }

  static List<String> regions(GlobalTableSpec spec, String home) {
    return spec.regions().isEmpty()
        ? List.of(home)
        : spec.regions().stream().map(TableRegion::name).toList();
  }

  List<String> others() {
    return regions().stream().filter(region -> !region.equals(home)).toList();
  }

  boolean strong() {
    return strong(spec);
  }

  static boolean strong(GlobalTableSpec spec) {
    return spec.consistency().filter(TableConsistency.GLOBAL::equals).isPresent();
  }

  Optional<String> key(String region) {
    return spec.regions().stream()
        .filter(one -> one.name().equals(region))
        .findFirst()
        .flatMap(TableRegion::key);
  }

  List<IndexSpec> globalIndexes() {
    return spec.indexes().stream().filter(index -> !index.isLocal()).toList();
  }

  /** On demand, unless something else is asked for. */
  Throughput throughput() {
    return spec.throughput().orElseGet(Throughput::onDemand);
  }

  /** That of an index: its own, or the table's. */
  Throughput throughput(IndexSpec index) {
    return index.throughput().orElseGet(this::throughput);
  }

  /** What Application Auto Scaling scales, in each region. */
  Map<Scaled, Capacity> scaled() {
    Map<Scaled, Capacity> all = new LinkedHashMap<>();
    add(all, "", throughput());
    globalIndexes().forEach(index -> add(all, index.name(), throughput(index)));
    return all;
  }

  private void add(Map<Scaled, Capacity> all, String index, Throughput throughput) {
    throughput
        .reads()
        .filter(Capacity::autoscaled)
        .ifPresent(reads -> all.put(new Scaled(spec.name(), index, false), reads));
    throughput
        .writes()
        .filter(Capacity::autoscaled)
        .ifPresent(writes -> all.put(new Scaled(spec.name(), index, true), writes));
  }

  /**
   * What its stream has. Replication of the eventual kind begins one of both images where there is
   * none, and takes one that is there as it is.
   */
  Optional<ChangeImages> stream() {
    return !strong() && regions().size() > 1
        ? spec.changeFeed().or(() -> Optional.of(ChangeImages.NEW_AND_OLD))
        : spec.changeFeed();
  }
}
