/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsDescription;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;

/**
 * A table as it is in all its regions: a control action tells of one thing in one region only.
 *
 * @param home the region that was asked, which is one of its regions
 * @param copies what is in each region; a replica that is only being made may not be there yet
 * @param out what the regions answered, or did not, that are off or down: of what is there nothing
 *     is known but what the home region says
 * @param timeToLive when its items expire, which is the same in all regions
 */
record LiveTable(
    String home,
    Map<String, Copy> copies,
    Map<String, CloudDbException> out,
    TimeToLiveDescription timeToLive) {
  /** Keeps copies, in the order of the regions' names. */
  LiveTable {
    copies = new TreeMap<>(copies);
    out = new TreeMap<>(out);
  }

  /**
   * What is in one region.
   *
   * @param table as the region describes it
   * @param tags of the region's own
   * @param backups its point-in-time recovery
   * @param targets what scales it there; none on demand
   */
  record Copy(
      TableDescription table,
      Map<String, String> tags,
      ContinuousBackupsDescription backups,
      Map<Scaled, ScalingClient.Target> targets) {}

  /** What is compared has to be known of all regions. */
  LiveTable requireWhole() {
    for (CloudDbException why : out.values()) {
      throw why;
    }
    return this;
  }

  TableDescription table() {
    return copy(home).table();
  }

  Copy copy(String region) {
    Copy copy = copies.get(region);
    if (copy == null) {
      throw new IllegalArgumentException("It is not in " + region);
    }
    return copy;
  }

  /** The names of the global indexes. */
  static List<String> indexes(TableDescription table) {
    return table.globalSecondaryIndexes().stream()
        .map(GlobalSecondaryIndexDescription::indexName)
        .toList();
  }

  /**
   * What all regions have in common: the value where it is the same, and else each region's own in
   * words. A replica that is only being made, or goes, has no say: its details are not told.
   *
   * @param of reads the value of one region; empty where it has none
   * @return empty where no region has any
   */
  Optional<?> common(Function<Copy, Optional<?>> of) {
    Map<String, Optional<?>> all = new TreeMap<>();
    copies.forEach(
        (region, copy) -> {
          if (region.equals(home) || !LiveReader.isPassing(copy.table())) {
            all.put(region, of.apply(copy));
          }
        });
    long different = all.values().stream().distinct().count();
    if (different == 1) {
      return all.values().iterator().next();
    }
    return Optional.of(
        all.entrySet().stream()
            .map(
                entry ->
                    entry.getKey() + ": " + entry.getValue().map(Object::toString).orElse("none"))
            .collect(Collectors.joining(", ")));
  }
}
