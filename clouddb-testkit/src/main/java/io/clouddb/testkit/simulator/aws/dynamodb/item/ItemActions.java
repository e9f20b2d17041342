/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTables;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelProtocol;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.engine.Verb;

/** The actions on items. */
public final class ItemActions {
  private static final String KIND = "item";
  private static final String TABLE_NAME = "TableName";

  private ItemActions() {}

  /**
   * Adds them to the service.
   *
   * @param protocol the service's protocol
   * @param tables the account's tables
   * @param clock the simulated clock
   */
  public static void register(ModelProtocol protocol, DynamoTables tables, SimulatedClock clock) {
    ReadActions reads = new ReadActions(tables);
    WriteActions writes = new WriteActions(tables);
    SearchActions searches = new SearchActions(tables);
    BatchGetAction batchGet = new BatchGetAction(tables);
    BatchWriteAction batchWrite = new BatchWriteAction(tables);
    TransactActions transactions =
        new TransactActions(tables, new IdempotencyTokens(clock.ofCallers()));
    protocol
        .add("GetItem", Verb.READ, KIND, TABLE_NAME, reads::get)
        .add("PutItem", Verb.MODIFY, KIND, TABLE_NAME, writes::put)
        .add("UpdateItem", Verb.MODIFY, KIND, TABLE_NAME, writes::update)
        .add("DeleteItem", Verb.DELETE, KIND, TABLE_NAME, writes::delete)
        .add("Query", Verb.LIST, KIND, TABLE_NAME, searches::query)
        .add("Scan", Verb.LIST, KIND, TABLE_NAME, searches::scan)
        .add("BatchGetItem", Verb.LIST, KIND, "", batchGet::run)
        .add("BatchWriteItem", Verb.MODIFY, KIND, "", batchWrite::run)
        .add("TransactWriteItems", Verb.MODIFY, KIND, "", transactions::write)
        .add("TransactGetItems", Verb.LIST, KIND, "", transactions::get);
  }
}
