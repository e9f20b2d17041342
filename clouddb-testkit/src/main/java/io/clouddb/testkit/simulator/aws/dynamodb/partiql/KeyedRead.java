/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.item.Consumed;
import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.Map;

/**
 * A SELECT that names one item by its key and says nothing else, as those among others have to.
 *
 * @param select the statement
 * @param table its table
 * @param key the item's
 */
record KeyedRead(Statement.Select select, DynamoTable table, ItemKey key) {
  /**
   * Looks at what is to be read.
   *
   * @param prepared the statement
   * @param select the same
   * @param table its table
   * @param otherwise what is said of one that is no such SELECT
   * @return the read
   * @throws AwsError when it is no such SELECT
   */
  static KeyedRead of(
      Prepared prepared, Statement.Select select, DynamoTable table, String otherwise) {
    KeySchema keys = table.definition().keys();
    WhereKey where = whereOf(prepared, select, keys, otherwise);
    return new KeyedRead(select, table, where.itemKey(keys));
  }

  /** The key that such a SELECT has to name. */
  static WhereKey whereOf(
      Prepared prepared, Statement.Select select, KeySchema keys, String otherwise) {
    return WhereKey.of(select.where(), keys, prepared.literals())
        .filter(of -> of.rest().isEmpty() && select.source().index() == null)
        .orElseThrow(() -> Malformed.refused(otherwise));
  }

  /**
   * Reads.
   *
   * @param consumed counts what it uses
   * @param consistent whether the newest is to be read
   * @return the columns of the item; empty when there is none
   */
  Map<String, Value> read(Consumed consumed, boolean consistent) {
    table.capacity().beforeRead(null);
    StoredItem item = table.items().get(key);
    consumed.read(null, item == null ? 0 : item.size(), consistent);
    return item == null ? Map.of() : columns(item);
  }

  /** The columns of an item that was read. */
  Map<String, Value> columns(StoredItem item) {
    return Columns.of(select.projection(), item.attributes());
  }
}
