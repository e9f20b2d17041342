/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.Page;
import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Query;
import io.clouddb.table.Scan;
import io.clouddb.table.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A read of a partition with so many items, in one request or in several. */
enum FaultyRead {
  GET {
    @Override
    List<Item> run(Table table, String partition) {
      return IntStream.range(0, ITEMS)
          .mapToObj(i -> table.get(key(partition, i)).orElseThrow())
          .toList();
    }
  },
  GET_CONSISTENT {
    @Override
    List<Item> run(Table table, String partition) {
      return IntStream.range(0, ITEMS)
          .mapToObj(i -> table.get(key(partition, i), true).orElseThrow())
          .toList();
    }
  },
  GET_ALL {
    @Override
    List<Item> run(Table table, String partition) {
      // More than a request has, of keys that are there and not.
      return List.copyOf(
          table
              .inFlight(2)
              .getAll(IntStream.range(0, 250).mapToObj(i -> key(partition, i)).toList(), true)
              .values());
    }
  },
  QUERY {
    @Override
    List<Item> run(Table table, String partition) {
      return table.query(Query.partition(partition).consistent().pageSize(2)).stream().toList();
    }
  },
  PAGES {
    @Override
    List<Item> run(Table table, String partition) {
      Query query = Query.partition(partition).consistent().pageSize(2);
      List<Item> all = new ArrayList<>();
      String token = null;
      do {
        Page<Item> page = table.page(query, token);
        all.addAll(page.items());
        token = page.nextToken();
      } while (token != null);
      return all;
    }
  },
  SCAN {
    @Override
    List<Item> run(Table table, String partition) {
      return scan(table, Scan.all(), partition);
    }
  },
  SCAN_SEGMENTS {
    @Override
    List<Item> run(Table table, String partition) {
      return scan(table, Scan.all().segments(3), partition);
    }
  };

  static final int ITEMS = 5;

  /** Fills a partition with what is read. */
  static List<Item> fill(Table table, String partition) {
    return table.putAll(
        IntStream.range(0, ITEMS)
            .mapToObj(
                i ->
                    Item.builder()
                        .set("pk", partition)
                        .set("sk", "s" + i)
                        .set("mine", partition)
                        .set("text", "lorem ipsum ".repeat(100))
                        .build())
            .toList());
  }

  /** Gives the items in the order of their keys. */
  abstract List<Item> run(Table table, String partition);

  private static ItemKey key(String partition, int number) {
    return ItemKey.of(partition, "s" + number);
  }

  private static List<Item> scan(Table table, Scan scan, String partition) {
    Condition mine = Condition.attribute("mine").equalTo(partition);
    try (Stream<Item> found = table.scan(scan.consistent().pageSize(2).filter(mine))) {
      return found.sorted(Comparator.comparing(item -> item.text("sk"))).toList();
    }
  }
}
