/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.CloudDb;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Item;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.Table;
import io.clouddb.table.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A table, and what is said of it: expressions, statements, requests. */
final class SampleTables {
  static final GlobalTableSpec SPEC =
      GlobalTableSpec.builder("app", Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING))
          .index("gsi1", Key.partition("g", KeyType.STRING).sort("n", KeyType.NUMBER))
          .build();

  static final List<String> CONDITIONS =
      List.of(
          "attribute_not_exists(pk)",
          "#a = :s AND NOT (l[0] < :n OR m.x.y[3].#a >= :n) AND size(t) > :n",
          "a BETWEEN :n AND :n OR a IN (:s, :n, #a) OR contains(tags, :s)",
          "begins_with(t, :s) and attribute_type(a, :s) and a <> :n",
          "((((a = :n))))");

  static final List<String> UPDATES =
      List.of(
          "SET #a = :s, m.x = if_not_exists(m.x, :n) + :n REMOVE l[0], t ADD n :n DELETE tags :set",
          "SET l = list_append(l, l), a = a - :n",
          "REMOVE m.x, m.y.z[2]",
          "ADD tags :set");

  static final List<String> KEY_CONDITIONS =
      List.of(
          "pk = :s AND sk BETWEEN :s AND :s",
          "(pk = :s) and begins_with(sk, :s)",
          "#a = :s AND sk >= :s");

  static final List<String> PROJECTIONS =
      List.of("pk, #a, m.x.y, l[0], l[1].a", "a", "m.x, m.y", "l[99][0][0]");

  static final List<String> STATEMENTS =
      List.of(
          "SELECT * FROM \"app\" WHERE pk = ? AND sk IN ['a', 'b'] ORDER BY sk DESC",
          "SELECT pk, m.x[0] FROM \"app\".\"gsi1\" WHERE g = 'a' AND n BETWEEN 1 AND 2e5",
          "INSERT INTO app VALUE {'pk': 'a', 'sk': ?, 'm': {'x': [1, <<'s'>>, null, true]}}",
          "UPDATE app SET a = a + 1 SET t = list_append(t, [1]) REMOVE m.x WHERE pk = 'a' AND sk ="
              + " 'b' RETURNING ALL NEW *",
          "DELETE FROM app WHERE pk = 'a' AND sk = 'b' AND NOT (a = 1 OR attribute_type(t, 'S'))",
          "EXISTS(SELECT * FROM app WHERE pk = 'a' AND sk = 'b')");

  /** A request in JSON, and the action that it asks for. */
  record Request(String action, String body) {}

  static final List<Request> REQUESTS =
      List.of(
          new Request(
              "PutItem",
              "{\"TableName\":\"app\",\"Item\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"b\"},\"m\":{\"M\":{\"x\":{\"N\":"
                  + "\"1.5\"},\"l\":{\"L\":[{\"NULL\":true},{\"B\":\"AAE=\"},{\"SS\":[\"x\"]},{\"NS\":[\"1\"]},{\"BS\":["
                  + "\"AA==\"]}]}}}},\"ReturnValues\":\"ALL_OLD\",\"ReturnConsumedCapacity\":\"INDEXES\"}"),
          new Request(
              "UpdateItem",
              "{\"TableName\":\"app\",\"Key\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"b\"}},\"AttributeUpdates\":{\"n\":"
                  + "{\"Action\":\"ADD\",\"Value\":{\"N\":\"1\"}}},\"Expected\":{\"pk\":{\"ComparisonOperator\":"
                  + "\"EQ\",\"AttributeValueList\":[{\"S\":\"a\"}]}},\"ReturnValues\":\"UPDATED_NEW\"}"),
          new Request(
              "GetItem",
              "{\"TableName\":\"app\",\"Key\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"b\"}},\"ConsistentRead\":true,"
                  + "\"AttributesToGet\":[\"pk\"]}"),
          new Request(
              "Query",
              "{\"TableName\":\"app\",\"KeyConditions\":{\"pk\":{\"ComparisonOperator\":\"EQ\","
                  + "\"AttributeValueList\":[{\"S\":\"a\"}]}},\"Limit\":2,\"ScanIndexForward\":false,"
                  + "\"ExclusiveStartKey\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"b\"}},\"Select\":\"COUNT\"}"),
          new Request(
              "Scan",
              "{\"TableName\":\"app\",\"IndexName\":\"gsi1\",\"Segment\":0,\"TotalSegments\":4,\"Limit\":1}"),
          new Request(
              "BatchWriteItem",
              "{\"RequestItems\":{\"app\":[{\"PutRequest\":{\"Item\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"c\"}}}},"
                  + "{\"DeleteRequest\":{\"Key\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"d\"}}}}]}}"),
          new Request(
              "BatchGetItem",
              "{\"RequestItems\":{\"app\":{\"Keys\":[{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"b\"}}],"
                  + "\"ProjectionExpression\":\"#a\",\"ExpressionAttributeNames\":{\"#a\":\"a\"}}}}"),
          new Request(
              "TransactWriteItems",
              "{\"ClientRequestToken\":\"t\",\"TransactItems\":[{\"Put\":{\"TableName\":\"app\",\"Item\":{\"pk\":"
                  + "{\"S\":\"a\"},\"sk\":{\"S\":\"e\"}}}},{\"ConditionCheck\":{\"TableName\":\"app\",\"Key\":{\"pk\":"
                  + "{\"S\":\"a\"},\"sk\":{\"S\":\"f\"}},\"ConditionExpression\":\"attribute_not_exists(pk)\"}}]}"),
          new Request("ExecuteStatement", "{\"Statement\":\"SELECT * FROM app\",\"Limit\":1}"),
          new Request("DescribeTable", "{\"TableName\":\"app\"}"),
          new Request("ListTables", "{\"Limit\":1,\"ExclusiveStartTableName\":\"aaa\"}"));

  private static final ObjectMapper JSON = new ObjectMapper();

  private SampleTables() {}

  static Table make(CloudDb cloud) throws InterruptedException {
    cloud.tables().create(SPEC).await(Duration.ofMinutes(1));
    Table table = cloud.tables().open(SPEC);
    for (int i = 0; i < 5; i++) {
      table.put(
          Item.builder()
              .set("pk", "a")
              .set("sk", "b" + i)
              .set("g", "a")
              .set("n", i)
              .set("t", "text")
              .set("tags", Value.textSet(Set.of("x")))
              .set("l", Value.list(Value.of(1), Value.list()))
              .set("m", Value.map(Map.of("x", Value.map(Map.of("y", Value.of(1))))))
              .build());
    }
    return table;
  }

  /** What an expression refers to, mostly all of it. */
  static ObjectNode request(Source source) {
    ObjectNode request = JSON.createObjectNode().put("TableName", "app");
    ObjectNode names = request.putObject("ExpressionAttributeNames");
    names.put("#a", source.chance(90) ? "pk" : source.text());
    ObjectNode values = request.putObject("ExpressionAttributeValues");
    values.putObject(":s").put("S", source.chance(90) ? "a" : source.text());
    values.putObject(":n").put("N", source.chance(90) ? "1" : source.text());
    values.putObject(":set").putArray("SS").add("x");
    // Each that is not used is an error, before which nothing else is looked at.
    for (String name : List.of(":s", ":n", ":set")) {
      if (source.chance(40)) {
        values.remove(name);
      }
    }
    if (values.isEmpty()) {
      request.remove("ExpressionAttributeValues");
    }
    if (source.chance(60)) {
      request.remove("ExpressionAttributeNames");
    }
    return request;
  }

  /** One of the samples, changed, or one that goes deep. */
  static String expression(Source source, List<String> samples) {
    if (source.chance(90)) {
      return source.changed(samples);
    }
    String sample = source.pick(samples);
    int depth = 1 << source.below(12);
    return source.noted(
        switch (source.below(8)) {
          case 0 -> "(".repeat(depth) + sample + ")".repeat(depth);
          case 1 -> "NOT ".repeat(depth) + sample;
          case 2 -> "a" + ".a".repeat(depth) + " " + sample;
          case 3 -> "l" + "[0]".repeat(depth) + " " + sample;
          case 4 -> "SET a = " + "if_not_exists(a, ".repeat(depth) + ":n" + ")".repeat(depth);
          case 5 -> "size(".repeat(depth) + "a" + ")".repeat(depth) + " > :n";
          case 6 -> (sample + " AND ").repeat(Math.min(depth, 200)) + sample;
          default -> sample + "[".repeat(depth) + "{'a':".repeat(depth);
        });
  }
}
