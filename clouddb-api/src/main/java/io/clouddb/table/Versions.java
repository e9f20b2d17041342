/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.text.Quoted;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Optimistic locking by an attribute that counts the writes of an item. A put of an item without it
 * needs that none is there; one with 0 that none is, or one with 0, which others begin with; one
 * with another version that the item has it still.
 */
final class Versions {
  private static final long NONE = 0;
  private static final long FIRST = 1;

  private final @Nullable String attribute;

  Versions(GlobalTableSpec spec) {
    this.attribute = spec.version().orElse(null);
  }

  boolean counted() {
    return attribute != null;
  }

  /** The item as it is to be stored. */
  Item next(Item item) {
    if (attribute == null) {
      return item;
    }
    long its = version(item);
    return item.toBuilder().set(attribute, its == NONE ? FIRST : Math.addExact(its, 1)).build();
  }

  /** What has to hold before an item, as the caller gave it, is stored. */
  @Nullable Condition before(Item item, @Nullable Condition own) {
    if (attribute == null) {
      return own;
    }
    long its = version(item);
    Condition same = Condition.attribute(attribute).equalTo(Value.of(its));
    Condition expected =
        item.attributes().containsKey(attribute)
            ? its == NONE ? Condition.notExists().or(same) : same
            : Condition.notExists();
    return own == null ? expected : expected.and(own);
  }

  /** What has to hold before an update: one that only takes away makes no item by counting. */
  @Nullable Condition before(Update update, @Nullable Condition own) {
    if (attribute == null || !update.onlyTakesAway()) {
      return own;
    }
    return own == null ? Condition.exists() : Condition.exists().and(own);
  }

  /** The update, which counts. */
  Update counting(Update update) {
    return attribute == null ? update : update.add(attribute, 1);
  }

  /** The transaction, in which puts and updates count. */
  Transaction counting(Transaction transaction) {
    if (attribute == null) {
      return transaction;
    }
    List<Transaction.Action> all = transaction.actions().stream().map(this::counting).toList();
    return Transaction.of(all.toArray(Transaction.Action[]::new));
  }

  private Transaction.Action counting(Transaction.Action action) {
    if (action instanceof Transaction.Put put) {
      return new Transaction.Put(next(put.item()), before(put.item(), put.when()));
    }
    if (action instanceof Transaction.Change change) {
      return new Transaction.Change(
          change.key(), counting(change.update()), before(change.update(), change.when()));
    }
    return action;
  }

  private long version(Item item) {
    Value its = item.attributes().get(attribute);
    if (its == null) {
      return NONE;
    }
    if (its instanceof Value.Num num) {
      BigDecimal number = num.number();
      if (number.scale() <= 0
          && number.signum() >= 0
          && number.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0) {
        return number.longValueExact();
      }
    }
    throw KeyChecks.refused(
        "Attribute "
            + Quoted.of(String.valueOf(attribute))
            + " is the version of an item and has to be a whole number of 0 or more, not "
            + (its instanceof Value.Num ? "another number" : "a " + its.getClass().getSimpleName()),
        "Leave it out of a new item, or 0; in others leave it as it was read.");
  }
}
