/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.table.TableData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What has to be true of a transaction before it is sent. */
final class TransactionChecks {
  private final String table;
  private final TableData.Limits limits;
  private final KeyChecks keys;

  TransactionChecks(GlobalTableSpec spec, TableData.Limits limits, KeyChecks keys) {
    this.table = spec.name();
    this.limits = limits;
    this.keys = keys;
  }

  /** Refuses one as its caller gave it: versions are not counted in it yet. */
  void require(Transaction transaction) {
    List<Transaction.Action> actions = transaction.actions();
    if (actions.isEmpty()) {
      throw KeyChecks.invalid("A transaction has no actions; it needs at least one");
    }
    for (String other : transaction.tables()) {
      if (!other.equals(table)) {
        throw KeyChecks.refused(
            "A transaction has objects of " + other + ", and this is " + table,
            "Do it by that table; one transaction is of one table.");
      }
    }
    int most = limits.transactionActions();
    if (most == 0) {
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE, "The cloud of " + table + " has no transactions")
          .nextStep("Write the items one by one, each with a condition.")
          .toException();
    }
    if (actions.size() > most) {
      throw KeyChecks.refused(
          "A transaction has " + actions.size() + " actions, and the cloud takes " + most,
          "Split it into several, each of which may happen without the others.");
    }
    Map<ItemKey, Integer> places = new HashMap<>();
    Value partition = null;
    for (int i = 0; i < actions.size(); i++) {
      ItemKey key = checked(actions.get(i));
      Integer other = places.putIfAbsent(key, i);
      if (other != null) {
        throw KeyChecks.refused(
            "Actions " + other + " and " + i + " of a transaction are of the same item",
            "Make one of the two: a write has a condition of its own.");
      }
      if (partition != null
          && limits.transactionInOnePartition()
          && !partition.equals(key.partition())) {
        throw ErrorDetails.of(
                ErrorCategory.UNSUPPORTED_FEATURE,
                "The cloud of "
                    + table
                    + " makes transactions within one partition, and actions 0 and "
                    + i
                    + " are of two")
            .nextStep("Give the items one partition value, or write them one by one.")
            .toException();
      }
      partition = key.partition();
    }
  }

  /** Refuses items that are too large as they are sent: counted versions make them larger. */
  void requireSizes(Transaction counted) {
    long bytes = 0;
    for (Transaction.Action action : counted.actions()) {
      if (action instanceof Transaction.Put put) {
        bytes += keys.size(put.item());
      }
    }
    long most = limits.transactionBytes();
    if (bytes > most) {
      throw KeyChecks.refused(
          "The items of a transaction have " + bytes + " bytes together; the cloud takes " + most,
          "Split it into several, each of which may happen without the others.");
    }
  }

  private ItemKey checked(Transaction.Action action) {
    if (action instanceof Transaction.Put put) {
      keys.require(put.item());
      return keys.keyOf(put.item());
    }
    ItemKey key;
    if (action instanceof Transaction.Change change) {
      keys.require(change.update());
      key = change.key();
    } else if (action instanceof Transaction.Delete delete) {
      key = delete.key();
    } else {
      key = ((Transaction.Check) action).key();
    }
    keys.require(key);
    return key;
  }
}
