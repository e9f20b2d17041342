/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.Query;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One partition of a table, in memory. */
final class PartitionModel {
  /** The condition of a write does not hold. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Item there;

    Refused(@Nullable Item there) {
      super("refused");
      this.there = there;
    }

    @Nullable Item there() {
      return there;
    }
  }

  private final String partition;
  private final @Nullable String version;
  private TreeMap<String, Item> items = new TreeMap<>();

  PartitionModel(String partition, @Nullable String version) {
    this.partition = partition;
    this.version = version;
  }

  String partition() {
    return partition;
  }

  Optional<Item> get(String sort) {
    return Optional.ofNullable(items.get(sort));
  }

  private void require(@Nullable Item there, @Nullable Condition condition) {
    if (condition != null && !ItemModel.holds(condition, there)) {
      throw new Refused(there);
    }
  }

  Item put(Item item, @Nullable Condition condition) {
    Item there = items.get(item.text("sk"));
    if (version != null) {
      boolean same =
          item.has(version)
              ? there != null && there.get(version).equals(item.get(version))
              : there == null;
      if (!same) {
        throw new Refused(there);
      }
    }
    require(there, condition);
    Item stored = item;
    if (version != null) {
      long next = item.has(version) ? item.longValue(version) + 1 : 1;
      stored = item.toBuilder().set(version, next).build();
    }
    items.put(item.text("sk"), stored);
    return stored;
  }

  Item update(String sort, Update update, @Nullable Condition condition) {
    Item there = items.get(sort);
    require(there, condition);
    Item before =
        there == null ? Item.builder().set("pk", partition).set("sk", sort).build() : there;
    Item after = ItemModel.updated(before, version == null ? update : update.add(version, 1));
    items.put(sort, after);
    return after;
  }

  Optional<Item> delete(String sort, @Nullable Condition condition) {
    require(items.get(sort), condition);
    return Optional.ofNullable(items.remove(sort));
  }

  /** All of it, or nothing. */
  void together(Runnable writes) {
    TreeMap<String, Item> before = new TreeMap<>(items);
    try {
      writes.run();
    } catch (Refused e) {
      items = before;
      throw e;
    }
  }

  List<Item> query(Query query) {
    List<Item> all = new ArrayList<>();
    items.forEach(
        (sort, item) -> {
          boolean wanted =
              query.range().map(range -> ItemModel.isIn(Value.of(sort), range)).orElse(true)
                  && query.filter().map(filter -> ItemModel.holds(filter, item)).orElse(true);
          if (wanted) {
            all.add(item);
          }
        });
    if (query.isDescending()) {
      Collections.reverse(all);
    }
    return query.limit() > 0 && all.size() > query.limit() ? all.subList(0, query.limit()) : all;
  }
}
