/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.text.Quoted;
import io.clouddb.spi.table.TableData;
import java.util.List;
import java.util.Optional;

/** What has to be true of queries and scans of a table before they are sent. */
final class QueryChecks {
  private final GlobalTableSpec spec;
  private final TableData.Limits limits;

  QueryChecks(GlobalTableSpec spec, TableData.Limits limits) {
    this.spec = spec;
    this.limits = limits;
  }

  void require(Query query) {
    Optional<IndexSpec> index = query.index().map(this::index);
    Key key = index.map(IndexSpec::key).orElse(spec.key());
    KeyChecks.value(key.partition().name(), key.partition().type(), query.partition());
    query.range().ifPresent(range -> range(range, key));
    consistent(query.isConsistent(), index);
    query
        .filter()
        .ifPresent(
            filter -> {
              filter(filter, index);
              Paths.of(filter, path -> noKey(path, key));
            });
  }

  void require(Scan scan) {
    Optional<IndexSpec> index = scan.index().map(this::index);
    consistent(scan.isConsistent(), index);
    scan.filter().ifPresent(filter -> filter(filter, index));
  }

  private IndexSpec index(String name) {
    return spec.index(name)
        .orElseThrow(
            () ->
                KeyChecks.refused(
                    "The spec of " + spec.name() + " has no index " + Quoted.of(name),
                    "Its indexes are: "
                        + spec.indexes().stream().map(IndexSpec::name).toList()
                        + ". Open the table with a spec that has it, if the table does."));
  }

  private static void range(SortRange range, Key key) {
    KeyAttribute sort =
        key.sort()
            .orElseThrow(
                () ->
                    KeyChecks.invalid(
                        "A query has a range, and the key that it goes by, "
                            + key
                            + ", has no sort attribute"));
    if (range instanceof SortRange.Compares compares) {
      KeyChecks.value(sort.name(), sort.type(), compares.value());
    } else if (range instanceof SortRange.Between between) {
      KeyChecks.value(sort.name(), sort.type(), between.low());
      KeyChecks.value(sort.name(), sort.type(), between.high());
      if (Paths.compare(between.low(), between.high()) > 0) {
        throw KeyChecks.invalid(
            "The range of "
                + Quoted.of(sort.name())
                + " in a query begins after its end: nothing is in it");
      }
    } else if (range instanceof SortRange.BeginsWith begins) {
      if (sort.type() == KeyType.NUMBER) {
        throw KeyChecks.invalid(
            "Attribute "
                + Quoted.of(sort.name())
                + " is a NUMBER, and no number begins with something; ask for a range");
      }
      KeyChecks.value(sort.name(), sort.type(), begins.prefix());
    }
  }

  private void consistent(boolean asked, Optional<IndexSpec> index) {
    if (asked && index.isPresent() && !index.get().isLocal() && !limits.consistentIndexes()) {
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE,
              "Index "
                  + Quoted.of(index.get().name())
                  + " is over all partitions, and its items come later than those of the table: it"
                  + " cannot be read consistently")
          .nextStep("Leave consistent() out, or read the table or a local index.")
          .toException();
    }
  }

  private void filter(Condition filter, Optional<IndexSpec> index) {
    index.ifPresent(
        its -> {
          Projected projected = new Projected(spec, its);
          Paths.of(filter, path -> projected(path, its, projected));
        });
    if (Paths.speaksOfItems(filter)) {
      throw KeyChecks.refused(
          "A filter says that there is an item, or none; it is asked of items that are there",
          "Say that an attribute exists or not: Condition.attribute(name).exists().");
    }
  }

  /** What an index does not have is missing in all of its items, which is no answer. */
  private static void projected(AttributePath path, IndexSpec index, Projected projected) {
    if (!projected.has(path.attribute())) {
      throw KeyChecks.refused(
          "A filter speaks of the attribute "
              + Quoted.of(path.attribute())
              + ", which index "
              + Quoted.of(index.name())
              + " does not have: it has "
              + index.projection(),
          "Filter what you get of the table by these keys, or have an index that has it.");
    }
  }

  private static void noKey(AttributePath path, Key key) {
    boolean ofKey =
        path.attribute().equals(key.partition().name())
            || key.sort().map(KeyAttribute::name).filter(path.attribute()::equals).isPresent();
    if (ofKey) {
      throw KeyChecks.refused(
          "A query filters by "
              + Quoted.of(path.attribute())
              + ", an attribute of the key that it goes by",
          "Ask for a range of the sort attribute instead: "
              + List.of("sortEquals", "sortBeginsWith", "sortBetween", "sort"));
    }
  }
}
