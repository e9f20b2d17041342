/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.plan.Field;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The change that makes of a table what its spec says, in the fields that differ. */
final class TowardsSpec {
  private static final Set<TableField> CHANGEABLE =
      EnumSet.of(
          TableField.INDEXES,
          TableField.INDEX_THROUGHPUT,
          TableField.REGIONS,
          TableField.ENCRYPTION_KEY,
          TableField.CONSISTENCY,
          TableField.THROUGHPUT,
          TableField.TIME_TO_LIVE,
          TableField.CHANGE_FEED,
          TableField.DELETION_PROTECTION,
          TableField.POINT_IN_TIME_RECOVERY,
          TableField.TABLE_CLASS,
          TableField.TAGS);

  private final GlobalTableSpec wanted;
  private final GlobalTableSpec there;

  TowardsSpec(GlobalTableSpec wanted, GlobalTableSpec there) {
    this.wanted = wanted;
    this.there = there;
  }

  /**
   * An index of the same name with another key, or with other attributes in it, can only be made
   * anew, which is no change. Where none is added or removed, what differs is nothing that a spec
   * says, such as a key of several attributes.
   */
  boolean canChange(Field field) {
    if (field == TableField.INDEX_PROJECTION) {
      // That of an index that is added comes with it.
      return canChange(TableField.INDEXES);
    }
    return CHANGEABLE.contains(field)
        && (field != TableField.INDEXES
            || (areAsWanted()
                && !names(wanted).equals(names(there))
                && local(wanted).equals(local(there))));
  }

  private boolean areAsWanted() {
    return global(wanted).stream()
        .allMatch(
            index ->
                there
                    .index(index.name())
                    .map(
                        its ->
                            its.key().equals(index.key())
                                && its.projection().equals(index.projection())
                                && !its.isLocal())
                    .orElse(true));
  }

  private static Set<String> names(GlobalTableSpec spec) {
    return global(spec).stream().map(IndexSpec::name).collect(Collectors.toSet());
  }

  /** Those are made with the table, and stay. */
  private static Set<List<Object>> local(GlobalTableSpec spec) {
    return spec.indexes().stream()
        .filter(IndexSpec::isLocal)
        .map(index -> List.<Object>of(index.name(), index.key(), index.projection()))
        .collect(Collectors.toSet());
  }

  private static List<IndexSpec> global(GlobalTableSpec spec) {
    return spec.indexes().stream().filter(index -> !index.isLocal()).toList();
  }

  TableChange change(Collection<Field> fields) {
    TableChange.Builder change = TableChange.builder();
    for (Field field : fields) {
      add(change, (TableField) field);
    }
    return change.build();
  }

  private void add(TableChange.Builder change, TableField field) {
    switch (field) {
      case INDEXES -> indexes(change);
      case INDEX_THROUGHPUT -> indexThroughput(change);
      case REGIONS -> regions(change);
      case ENCRYPTION_KEY -> keys(change);
      case CONSISTENCY -> wanted.consistency().ifPresent(change::consistency);
      case THROUGHPUT -> wanted.throughput().ifPresent(change::throughput);
      case TIME_TO_LIVE -> wanted.timeToLive().ifPresent(change::timeToLive);
      case CHANGE_FEED -> wanted.changeFeed().ifPresent(change::changeFeed);
      case DELETION_PROTECTION -> wanted.deletionProtection().ifPresent(change::deletionProtection);
      case POINT_IN_TIME_RECOVERY ->
          wanted.pointInTimeRecoveryDays().ifPresent(change::pointInTimeRecoveryDays);
      case TABLE_CLASS -> wanted.tableClass().ifPresent(change::tableClass);
      case TAGS ->
          // All of them: which differ in another region than this one, nothing here tells.
          wanted.tags().forEach(change::tag);
      case INDEX_PROJECTION -> {
        // With the index, or not at all.
      }
      default -> throw new IllegalStateException(field + " cannot be changed");
    }
  }

  private void indexes(TableChange.Builder change) {
    for (IndexSpec index : global(wanted)) {
      if (there.index(index.name()).isEmpty()) {
        change.addIndex(index);
      }
    }
    for (IndexSpec index : global(there)) {
      if (wanted.index(index.name()).isEmpty()) {
        change.removeIndex(index.name());
      }
    }
  }

  /** All but that of an index that is added, which comes with it: as for tags. */
  private void indexThroughput(TableChange.Builder change) {
    for (IndexSpec index : wanted.indexes()) {
      if (there.index(index.name()).isPresent()) {
        index.throughput().ifPresent(own -> change.indexThroughput(index.name(), own));
      }
    }
  }

  private boolean isThere(String region) {
    return there.regions().stream().anyMatch(its -> its.name().equals(region));
  }

  private void regions(TableChange.Builder change) {
    for (TableRegion region : wanted.regions()) {
      if (!isThere(region.name())) {
        change.addRegion(region);
      }
    }
    for (TableRegion region : there.regions()) {
      if (wanted.regions().stream().noneMatch(its -> its.name().equals(region.name()))) {
        change.removeRegion(region.name());
      }
    }
  }

  /** That of a region that is added comes with it. */
  private void keys(TableChange.Builder change) {
    for (TableRegion region : wanted.regions()) {
      if (isThere(region.name()) && !there.regions().contains(region)) {
        region.key().ifPresent(key -> change.regionKey(region.name(), key));
      }
    }
  }
}
