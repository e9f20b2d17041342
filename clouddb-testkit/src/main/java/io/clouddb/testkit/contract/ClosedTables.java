/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.error.NotFoundException;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.Query;
import io.clouddb.table.Scan;
import io.clouddb.table.Table;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableField;
import io.clouddb.table.Tables;
import io.clouddb.table.Transaction;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Calls of tables for the cases of closing, of a table that is not there: time stands still. */
final class ClosedTables {
  static final GlobalTableSpec SPEC =
      GlobalTableSpec.builder("closing-none", Key.partition("pk", KeyType.STRING)).build();

  static final ItemKey KEY = ItemKey.of("a");
  static final Item ITEM = Item.builder().set("pk", "a").build();

  private ClosedTables() {}

  static boolean has(CloudDb cloud) {
    return cloud.capabilities().supports(Feature.of(TableField.NAME), FeatureContext.any()).answer()
        != Support.Answer.NO;
  }

  /** A call about data, which some providers make by other clients and threads than all others. */
  static void use(CloudDb cloud) {
    try {
      if (cloud.tables().open(SPEC).get(KEY).isPresent()) {
        throw new IllegalStateException("There is an item that nobody has written");
      }
    } catch (NotFoundException e) {
      // As it has to be: there is no such table.
      return;
    }
    throw new IllegalStateException("There is a table that nobody has made");
  }

  /** All that sends something, of a table that was opened before the cloud is closed. */
  static List<ThrowingCallable> calls(CloudDb cloud) {
    Table table = cloud.tables().open(SPEC);
    ResourceId id =
        ResourceId.of(
            cloud.config().provider(), "any", ResourceId.GLOBAL, Tables.KIND, SPEC.name());
    return List.of(
        () -> cloud.tables().find(SPEC.name()),
        () -> cloud.tables().get(SPEC.name()),
        () -> cloud.tables().list().stream().count(),
        () -> cloud.tables().create(SPEC),
        () -> cloud.tables().ensure(SPEC),
        () -> cloud.tables().drift(SPEC),
        () -> cloud.tables().modify(id, TableChange.builder().tag("a", "b").build()),
        () -> cloud.tables().delete(id),
        () -> cloud.tables().open(SPEC),
        () -> table.put(ITEM),
        () -> table.get(KEY),
        () -> table.delete(KEY),
        () -> table.putAll(List.of(ITEM)),
        () -> table.getAll(List.of(KEY)),
        () -> table.query(Query.partition("a")).stream().count(),
        () -> table.scan(Scan.all()).count(),
        () -> table.transact(Transaction.of().put(ITEM)));
  }
}
