/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.table.ChangeImages;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexProjection;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableClass;
import io.clouddb.table.TableConsistency;
import io.clouddb.table.TableField;
import io.clouddb.table.TableRegion;
import io.clouddb.table.Throughput;
import io.clouddb.table.TimeToLive;
import io.clouddb.testkit.contract.internal.TableFeatures;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A change for each field that one can ask for, and what a table is after it. */
final class ChangeOfTable {
  /** What can be asked for of one table, in an order in which each goes on from the last. */
  private static final List<TableField> IN_ORDER =
      List.of(
          TableField.ADDED_INDEXES,
          TableField.REMOVED_INDEXES,
          TableField.INDEX_PROJECTION,
          TableField.THROUGHPUT,
          TableField.INDEX_THROUGHPUT,
          TableField.CHANGE_FEED,
          TableField.ENCRYPTION_KEY,
          TableField.ADDED_REGIONS,
          TableField.TIME_TO_LIVE,
          TableField.POINT_IN_TIME_RECOVERY,
          TableField.TABLE_CLASS,
          TableField.TAGS,
          TableField.REMOVED_TAGS,
          TableField.DELETION_PROTECTION,
          TableField.REMOVED_REGIONS);

  private final TableContract kit;
  private final TableSamples samples;
  private final String home;

  ChangeOfTable(TableContract kit) {
    this.kit = kit;
    this.samples = new TableSamples(kit);
    this.home = kit.config().build().location();
    Set<TableField> missing = EnumSet.copyOf(TableFeatures.ofChanges());
    missing.removeAll(IN_ORDER);
    missing.remove(TableField.CONSISTENCY);
    if (!missing.isEmpty()) {
      throw new IllegalStateException("There is no change of " + missing);
    }
  }

  /** All but the consistency, which wants a table that is as good as new. */
  static List<TableField> fields() {
    return IN_ORDER;
  }

  /** What the table has to be before the first change. */
  GlobalTableSpec begin(GlobalTableSpec.Builder least) {
    return least
        .index(TableSamples.index("first"))
        .region(home)
        .deletionProtection(false)
        .tag("old", "1")
        .tag("kept", "1")
        .build();
  }

  /** One that asks for a field, of the table as the changes before it left it. */
  TableChange of(TableField field, GlobalTableSpec before, TableField... preferred) {
    TableChange.Builder change = TableChange.builder();
    switch (field) {
      case ADDED_INDEXES -> change.addIndex(TableSamples.index("second"));
      case REMOVED_INDEXES -> change.removeIndex("first");
      case INDEX_PROJECTION ->
          change.addIndex(TableSamples.index("third").projecting(IndexProjection.keysOnly()));
      case THROUGHPUT -> change.throughput(TableSamples.scaled(100, 200));
      case INDEX_THROUGHPUT ->
          change.indexThroughput(before.indexes().get(0).name(), TableSamples.scaled(30, 40));
      case CHANGE_FEED -> change.changeFeed(ChangeImages.NEW_AND_OLD);
      case ENCRYPTION_KEY -> change.regionKey(home, kit.encryptionKey(home));
      case ADDED_REGIONS ->
          change.addRegion(
              before.regions().get(0).key().isPresent()
                  ? samples.encrypted(kit.otherRegion())
                  : TableRegion.of(kit.otherRegion()));
      case REMOVED_REGIONS -> change.removeRegion(kit.otherRegion()).deletionProtection(false);
      case TIME_TO_LIVE -> change.timeToLive(TimeToLive.at("expires"));
      case POINT_IN_TIME_RECOVERY -> change.pointInTimeRecoveryDays(5);
      case TABLE_CLASS -> change.tableClass(TableClass.INFREQUENT_ACCESS);
      case DELETION_PROTECTION -> change.deletionProtection(true);
      case TAGS -> change.tag("new", "2").tag("kept", "2");
      case REMOVED_TAGS -> change.untag("old");
      case CONSISTENCY -> consistency(change, before);
      case NAME, KEY, HOST, INDEXES, LOCAL_INDEXES, REGIONS, WRITES, VERSION ->
          throw new IllegalArgumentException("No change is of " + field);
    }
    TableChange built = change.preferring(preferred).build();
    if (!built.values().containsKey(field)) {
      throw new IllegalStateException("The change of " + field + " does not ask for it");
    }
    return built;
  }

  private void consistency(TableChange.Builder change, GlobalTableSpec before) {
    List<String> all = new ArrayList<>(kit.consistentRegions());
    before.regions().forEach(region -> all.remove(region.name()));
    all.forEach(region -> change.addRegion(TableRegion.of(region)));
    change.consistency(all.isEmpty() ? TableConsistency.REGIONAL : TableConsistency.GLOBAL);
  }

  /** What a table is, once a change of it is done. */
  static GlobalTableSpec done(GlobalTableSpec before, TableChange change) {
    GlobalTableSpec.Builder after =
        TableSamples.with(
            before, indexes(before, change), regions(before, change), tags(before, change));
    change.consistency().ifPresent(after::consistency);
    change.throughput().ifPresent(after::throughput);
    change.timeToLive().ifPresent(after::timeToLive);
    change.changeFeed().ifPresent(after::changeFeed);
    change.deletionProtection().ifPresent(after::deletionProtection);
    change.pointInTimeRecoveryDays().ifPresent(after::pointInTimeRecoveryDays);
    change.tableClass().ifPresent(after::tableClass);
    return after.build();
  }

  private static List<IndexSpec> indexes(GlobalTableSpec before, TableChange change) {
    return Stream.concat(before.indexes().stream(), change.addedIndexes().stream())
        .filter(index -> !change.removedIndexes().contains(index.name()))
        .map(
            index -> {
              Throughput own = change.indexThroughput().get(index.name());
              return own == null ? index : index.throughput(own);
            })
        .toList();
  }

  private static List<TableRegion> regions(GlobalTableSpec before, TableChange change) {
    return Stream.concat(before.regions().stream(), change.addedRegions().stream())
        .filter(region -> !change.removedRegions().contains(region.name()))
        .map(
            region -> {
              String key = change.regionKeys().get(region.name());
              return key == null ? region : region.key(key);
            })
        .toList();
  }

  private static Map<String, String> tags(GlobalTableSpec before, TableChange change) {
    Map<String, String> tags = new TreeMap<>(before.tags());
    tags.putAll(change.tags());
    change.removedTags().forEach(tags::remove);
    return tags;
  }
}
