/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Table;
import io.clouddb.table.Transaction;
import io.clouddb.table.Update;
import java.util.Optional;

/** A write of one request, of which can be seen how often it took effect. */
enum FaultyWrite {
  PUT(false) {
    @Override
    void run(Table table, String partition) {
      table.put(item(partition).set("n", 1).build());
    }
  },
  /** Refused the second time, which would tell a caller that somebody else's item is there. */
  PUT_NEW(false) {
    @Override
    void prepare(Table table, String partition) {}

    @Override
    void run(Table table, String partition) {
      table.put(item(partition).set("n", 1).build(), Condition.notExists());
    }
  },
  ADD(false) {
    @Override
    void run(Table table, String partition) {
      table.update(key(partition), Update.of().add("n", 1));
    }
  },
  ADD_WHEN(false) {
    @Override
    void run(Table table, String partition) {
      table.update(key(partition), Update.of().add("n", 1), Condition.attribute("n").equalTo(0));
    }
  },
  DELETE(false) {
    @Override
    void run(Table table, String partition) {
      table.delete(key(partition));
    }

    @Override
    int times(Optional<Item> now) {
      return now.isEmpty() ? 1 : 0;
    }
  },
  DELETE_WHEN(false) {
    @Override
    void run(Table table, String partition) {
      table.delete(key(partition), Condition.attribute("n").equalTo(0));
    }

    @Override
    int times(Optional<Item> now) {
      return DELETE.times(now);
    }
  },
  /** A put and an addition, of which there is both or none. */
  TRANSACT(false) {
    @Override
    void run(Table table, String partition) {
      table.transact(
          Transaction.of()
              .update(key(partition), Update.of().add("n", 1))
              .put(
                  Item.builder().set("pk", partition).set("sk", "b").set("n", 1).build(),
                  Condition.notExists()));
    }

    @Override
    int times(Table table, String partition) {
      int times = super.times(table, partition);
      if (table.get(ItemKey.of(partition, "b"), true).isPresent() != times > 0) {
        throw new AssertionError("Half of a transaction was done");
      }
      return times;
    }
  },
  PUT_VERSION(true) {
    @Override
    void run(Table table, String partition) {
      table.put(item(partition).set("n", 1).set("version", 1).build());
    }

    @Override
    int times(Optional<Item> now) {
      return versions(now);
    }
  },
  ADD_VERSION(true) {
    @Override
    void run(Table table, String partition) {
      table.update(key(partition), Update.of().add("n", 1));
    }

    @Override
    int times(Optional<Item> now) {
      return versions(now);
    }
  },
  TRANSACT_VERSION(true) {
    @Override
    void run(Table table, String partition) {
      table.transact(Transaction.of().update(key(partition), Update.of().add("n", 1)));
    }

    @Override
    int times(Optional<Item> now) {
      return versions(now);
    }
  };

  private final boolean counted;

  FaultyWrite(boolean counted) {
    this.counted = counted;
  }

  /** Whether it is of a table that counts versions. */
  boolean isCounted() {
    return counted;
  }

  boolean isTransaction() {
    return this == TRANSACT || this == TRANSACT_VERSION;
  }

  /** Makes what it changes. */
  void prepare(Table table, String partition) {
    table.put(item(partition).set("n", 0).build());
  }

  abstract void run(Table table, String partition);

  /** How often it took effect. */
  int times(Table table, String partition) {
    return times(table.get(key(partition), true));
  }

  int times(Optional<Item> now) {
    return now.map(item -> Math.toIntExact(item.longValue("n"))).orElse(0);
  }

  /** Counted by the item's version and its number, which have to agree. */
  private static int versions(Optional<Item> now) {
    Item item = now.orElseThrow();
    if (item.longValue("version") != item.longValue("n") + 1) {
      throw new AssertionError("Counted twice, or not at all: " + item.longValue("version"));
    }
    return Math.toIntExact(item.longValue("n"));
  }

  private static Item.Builder item(String partition) {
    return Item.builder().set("pk", partition).set("sk", "a");
  }

  private static ItemKey key(String partition) {
    return ItemKey.of(partition, "a");
  }
}
