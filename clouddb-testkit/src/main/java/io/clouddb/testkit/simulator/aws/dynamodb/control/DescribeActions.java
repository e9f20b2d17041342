/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.util.List;

/** Tells of tables, of what an account may have, and of the service's older global tables. */
final class DescribeActions {
  private static final int PAGE = 100;
  private static final long ENDPOINT_MINUTES = 1440;

  private final TableCatalog catalog;

  DescribeActions(TableCatalog catalog) {
    this.catalog = catalog;
  }

  Answer table(ModelCall call) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    synchronized (catalog) {
      ManagedTable table = catalog.get(call.region(), call.members().text("TableName"));
      result.set("Table", TableDescription.of(table, catalog.now()));
    }
    return Answer.of(result);
  }

  Answer list(ModelCall call) {
    String after = call.members().textOrNull("ExclusiveStartTableName");
    long limit = call.members().whole("Limit", PAGE);
    List<String> names =
        catalog.tables().in(call.region()).stream()
            .map(DynamoTable::name)
            .filter(name -> after == null || name.compareTo(after) > 0)
            .toList();
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode list = result.putArray("TableNames");
    names.stream().limit(limit).forEach(list::add);
    if (names.size() > limit) {
      result.put("LastEvaluatedTableName", names.get((int) limit - 1));
    }
    return Answer.of(result);
  }

  static Answer limits(ModelCall call) {
    return Answer.of(
        JsonNodeFactory.instance
            .objectNode()
            .put("AccountMaxReadCapacityUnits", CapacityLimits.ACCOUNT)
            .put("AccountMaxWriteCapacityUnits", CapacityLimits.ACCOUNT)
            .put("TableMaxReadCapacityUnits", CapacityLimits.TABLE)
            .put("TableMaxWriteCapacityUnits", CapacityLimits.TABLE));
  }

  static Answer endpoints(ModelCall call) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result
        .putArray("Endpoints")
        .addObject()
        .put("Address", "dynamodb." + call.region() + ".amazonaws.com")
        .put("CachePeriodInMinutes", ENDPOINT_MINUTES);
    return Answer.of(result);
  }

  /** The service does not make these any more. */
  static AwsError refuseGlobalTable() {
    return Validation.parameter(
        "DynamoDB global tables version 2017.11.29 is not supported. We recommend using DynamoDB"
            + " global tables version 2019.11.21, instead of version 2017.11.29 (Legacy).");
  }

  static AwsError noGlobalTable(ModelCall call) {
    return AwsError.badRequest(
        "GlobalTableNotFoundException",
        "Global table not found: Global table with name: '"
            + call.members().text("GlobalTableName")
            + "' does not exist.");
  }

  static Answer noGlobalTables(ModelCall call) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.putArray("GlobalTables");
    return Answer.of(result);
  }
}
