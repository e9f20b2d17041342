/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.table.Capacity;
import io.clouddb.table.ChangeImages;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexProjection;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.TableClass;
import io.clouddb.table.TableConsistency;
import io.clouddb.table.TableField;
import io.clouddb.table.TableHost;
import io.clouddb.table.TableRegion;
import io.clouddb.table.Throughput;
import io.clouddb.table.TimeToLive;
import io.clouddb.table.Writes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A spec for each field, which asks for that field with a value that some cloud can honour, beside
 * what its base asks for.
 */
final class TableSamples {
  private final TableContract kit;
  private final String home;

  TableSamples(TableContract kit) {
    this.kit = kit;
    this.home = kit.config().build().location();
  }

  /** An index over all partitions, on attributes that only its items have. */
  static IndexSpec index(String name) {
    return IndexSpec.of(
        name, Key.partition(name + "-pk", KeyType.STRING).sort(name + "-sk", KeyType.NUMBER));
  }

  static Capacity scaled(long most) {
    return Capacity.autoscale(5, most)
        .target(70)
        .cooldowns(Duration.ofSeconds(300), Duration.ofSeconds(60));
  }

  static Throughput scaled(long reads, long writes) {
    return Throughput.reads(scaled(reads)).writes(scaled(writes));
  }

  /**
   * A spec that asks for a field.
   *
   * @param base what the provider accepts
   * @param field the field to ask for
   * @return the spec
   */
  GlobalTableSpec asking(GlobalTableSpec base, TableField field) {
    GlobalTableSpec.Builder spec = base.toBuilder();
    switch (field) {
      // Every spec asks for these.
      case NAME, KEY -> {}
      case HOST -> spec.host(TableHost.named("shop"));
      case INDEXES -> spec.index(index("all"));
      case LOCAL_INDEXES -> spec.index(SharedTables.BY_DATE);
      case INDEX_PROJECTION ->
          spec.index(index("keys").projecting(IndexProjection.keysOnly()))
              .index(index("some").projecting(IndexProjection.include("a", "b")));
      case INDEX_THROUGHPUT ->
          spec.throughput(scaled(100, 200))
              .index(
                  index("own")
                      .throughput(Throughput.reads(scaled(50)).writes(scaled(60).target(50))));
      case REGIONS -> {
        if (base.regions().isEmpty()) {
          spec.region(home).region(kit.otherRegion());
        }
      }
      case ENCRYPTION_KEY ->
          spec = inRegions(base, names(base).stream().map(this::encrypted).toList());
      case WRITES -> spec.writes(Writes.ONE_REGION);
      case CONSISTENCY -> {
        List<String> regions = kit.consistentRegions();
        if (regions.isEmpty()) {
          spec.consistency(TableConsistency.REGIONAL);
        } else {
          spec =
              inRegions(base, regions.stream().map(TableRegion::of).toList())
                  .consistency(TableConsistency.GLOBAL);
        }
      }
      case THROUGHPUT -> spec.throughput(scaled(100, 200));
      case TIME_TO_LIVE -> spec.timeToLive(TimeToLive.at("expires"));
      case VERSION -> spec.version("version");
      case CHANGE_FEED -> spec.changeFeed(ChangeImages.NEW_AND_OLD);
      case DELETION_PROTECTION -> spec.deletionProtection(true);
      case POINT_IN_TIME_RECOVERY -> spec.pointInTimeRecoveryDays(7);
      case TABLE_CLASS -> spec.tableClass(TableClass.INFREQUENT_ACCESS);
      case TAGS -> spec.tag("team", "shop");
      case ADDED_INDEXES, REMOVED_INDEXES, ADDED_REGIONS, REMOVED_REGIONS, REMOVED_TAGS ->
          throw new IllegalArgumentException(field + " is of a change");
    }
    GlobalTableSpec built = spec.build();
    if (!built.values().containsKey(field)) {
      throw new IllegalStateException("The sample for " + field + " does not ask for it");
    }
    return built;
  }

  private List<String> names(GlobalTableSpec spec) {
    return spec.regions().isEmpty()
        ? List.of(home)
        : spec.regions().stream().map(TableRegion::name).toList();
  }

  /** A region with a key of its own. */
  TableRegion encrypted(String region) {
    return TableRegion.of(region).key(kit.encryptionKey(region));
  }

  /** All else that a spec asks for, in other regions. */
  static GlobalTableSpec.Builder inRegions(GlobalTableSpec base, List<TableRegion> regions) {
    return with(base, base.indexes(), regions, base.tags());
  }

  /** All else that a spec asks for. */
  static GlobalTableSpec.Builder with(
      GlobalTableSpec base,
      List<IndexSpec> indexes,
      List<TableRegion> regions,
      Map<String, String> tags) {
    GlobalTableSpec.Builder spec = GlobalTableSpec.builder(base.name(), base.key());
    indexes.forEach(spec::index);
    regions.forEach(spec::region);
    base.host().ifPresent(spec::host);
    base.writes().ifPresent(spec::writes);
    base.consistency().ifPresent(spec::consistency);
    base.throughput().ifPresent(spec::throughput);
    base.timeToLive().ifPresent(spec::timeToLive);
    base.version().ifPresent(spec::version);
    base.changeFeed().ifPresent(spec::changeFeed);
    base.deletionProtection().ifPresent(spec::deletionProtection);
    base.pointInTimeRecoveryDays().ifPresent(spec::pointInTimeRecoveryDays);
    base.tableClass().ifPresent(spec::tableClass);
    tags.forEach(spec::tag);
    return spec.preferring(new ArrayList<>(base.preferring()).toArray(TableField[]::new));
  }
}
