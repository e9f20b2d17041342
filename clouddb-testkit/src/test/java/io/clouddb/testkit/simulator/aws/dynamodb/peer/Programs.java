/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random programs of requests, which depend on their seed alone. They are about two tables: one
 * whose key is a text, and one with a number as sort key, a global index and a local one.
 */
final class Programs {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** So many requests, about one in ten of which is spoiled. */
  private static final int LENGTH = 60;

  private static final int SPOILED = 10;

  private static final List<String> RETURNED =
      List.of("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW");

  private final Values values;
  private final LegacyParameters legacy;
  private final String plain;
  private final String sorted;

  private Programs(long seed, String prefix) {
    this.values = new Values(new Random(seed));
    this.legacy = new LegacyParameters(values);
    this.plain = prefix + "-plain";
    this.sorted = prefix + "-sorted";
  }

  /** A request. */
  record Request(String action, JsonNode body) {}

  /** What makes the tables. */
  static List<Request> tables(String prefix) {
    return List.of(
        new Request(
            "CreateTable",
            Peer.json(
                "{'TableName':'"
                    + prefix
                    + "-plain','BillingMode':'PAY_PER_REQUEST','KeySchema':"
                    + "[{'AttributeName':'pk','KeyType':'HASH'}],'AttributeDefinitions':"
                    + "[{'AttributeName':'pk','AttributeType':'S'}]}")),
        new Request(
            "CreateTable",
            Peer.json(
                "{'TableName':'"
                    + prefix
                    + "-sorted','BillingMode':'PAY_PER_REQUEST','KeySchema':"
                    + "[{'AttributeName':'pk','KeyType':'HASH'},"
                    + "{'AttributeName':'sk','KeyType':'RANGE'}],'AttributeDefinitions':"
                    + "[{'AttributeName':'pk','AttributeType':'S'},"
                    + "{'AttributeName':'sk','AttributeType':'N'},"
                    + "{'AttributeName':'g','AttributeType':'S'},"
                    + "{'AttributeName':'n','AttributeType':'N'},"
                    + "{'AttributeName':'s','AttributeType':'S'}],'GlobalSecondaryIndexes':"
                    + "[{'IndexName':'gsi','KeySchema':[{'AttributeName':'g','KeyType':'HASH'},"
                    + "{'AttributeName':'n','KeyType':'RANGE'}],"
                    + "'Projection':{'ProjectionType':'ALL'}}],'LocalSecondaryIndexes':"
                    + "[{'IndexName':'lsi','KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
                    + "{'AttributeName':'s','KeyType':'RANGE'}],"
                    + "'Projection':{'ProjectionType':'KEYS_ONLY'}}]}")));
  }

  static List<Request> of(long seed, String prefix) {
    Programs programs = new Programs(seed, prefix);
    List<Request> all = new ArrayList<>();
    for (int i = 0; i < LENGTH; i++) {
      Request request = programs.request();
      all.add(
          programs.values.oneIn(SPOILED)
              ? new Request(request.action(), programs.values.spoiled((ObjectNode) request.body()))
              : request);
    }
    return all;
  }

  private Request request() {
    return switch (values.below(20)) {
      case 0, 1, 2, 3 -> new Request("PutItem", written(put()));
      case 4, 5, 6, 7, 8 -> new Request("UpdateItem", changed());
      case 9 -> new Request("DeleteItem", written(keyed()));
      case 10, 11 -> new Request("GetItem", get());
      case 12, 13, 14 -> new Request("Query", isLegacy() ? olderQuery() : query());
      case 15 -> new Request("Scan", isLegacy() ? olderScan() : scan());
      case 16 -> new Request("BatchWriteItem", batchWrite());
      case 17 -> new Request("BatchGetItem", batchGet());
      case 18 -> new Request("TransactWriteItems", transactWrite());
      default -> new Request("TransactGetItems", transactGet());
    };
  }

  private ObjectNode key(String table) {
    ObjectNode key = JSON.objectNode();
    key.putObject("pk").put("S", values.pick(Values.PARTITIONS));
    if (table.equals(sorted)) {
      key.putObject("sk").put("N", values.pick(Values.SORTS));
    }
    return key;
  }

  private String table() {
    return values.oneIn(3) ? plain : sorted;
  }

  private ObjectNode item(String table) {
    ObjectNode item = key(table);
    values.fill(item);
    return item;
  }

  private ObjectNode put() {
    String table = table();
    ObjectNode request = JSON.objectNode().put("TableName", table);
    request.set("Item", item(table));
    return request;
  }

  private ObjectNode keyed() {
    String table = table();
    ObjectNode request = JSON.objectNode().put("TableName", table);
    request.set("Key", key(table));
    return request;
  }

  /** Whether a request is in the older words: its parameters and expressions exclude each other. */
  private boolean isLegacy() {
    return values.oneIn(4);
  }

  private ObjectNode written(ObjectNode request) {
    if (!isLegacy()) {
      return conditional(request, "ALL_OLD");
    }
    legacy.expect(request);
    return values.oneIn(2) ? request.put("ReturnValues", "ALL_OLD") : request;
  }

  private ObjectNode changed() {
    if (!isLegacy()) {
      return update();
    }
    ObjectNode request = keyed();
    legacy.update(request);
    if (values.oneIn(4)) {
      legacy.expect(request);
    }
    return request.put("ReturnValues", values.pick(RETURNED));
  }

  private ObjectNode conditional(ObjectNode request, String returned) {
    if (values.oneIn(3)) {
      Expressions expressions = new Expressions(values);
      request.put("ConditionExpression", expressions.condition(2));
      expressions.addTo(request);
    }
    if (values.oneIn(2)) {
      request.put("ReturnValues", returned);
    }
    return request;
  }

  private ObjectNode update() {
    ObjectNode request = keyed();
    Expressions expressions = new Expressions(values);
    request.put("UpdateExpression", expressions.update());
    if (values.oneIn(4)) {
      request.put("ConditionExpression", expressions.condition(1));
    }
    expressions.addTo(request);
    return request.put("ReturnValues", values.pick(RETURNED));
  }

  private ObjectNode get() {
    ObjectNode request = keyed().put("ConsistentRead", values.oneIn(2));
    project(request);
    return request;
  }

  private void project(ObjectNode request) {
    if (values.oneIn(8)) {
      legacy.get(request);
    } else if (values.oneIn(3)) {
      projected(request);
    }
  }

  private void projected(ObjectNode request) {
    Expressions expressions = new Expressions(values);
    request.put("ProjectionExpression", expressions.projection());
    expressions.addTo(request);
  }

  private ObjectNode olderQuery() {
    ObjectNode request = JSON.objectNode().put("TableName", sorted);
    int which = values.below(3);
    if (which == 0) {
      request.put("IndexName", "gsi");
      legacy.keys(
          request,
          "g",
          JSON.objectNode().put("S", values.pick(List.of("g1", "g2"))),
          "n",
          List.of(values.number(), values.number()));
    } else if (which == 1) {
      request.put("IndexName", "lsi");
      legacy.keys(
          request,
          "pk",
          JSON.objectNode().put("S", values.pick(Values.PARTITIONS)),
          "s",
          List.of(JSON.objectNode().put("S", "k"), JSON.objectNode().put("S", "ka")));
    } else {
      legacy.keys(
          request,
          "pk",
          JSON.objectNode().put("S", values.pick(Values.PARTITIONS)),
          "sk",
          List.of(
              JSON.objectNode().put("N", "0"),
              JSON.objectNode().put("N", values.pick(Values.SORTS))));
    }
    if (values.oneIn(3)) {
      legacy.filter(request, "QueryFilter");
    }
    if (values.oneIn(4)) {
      legacy.get(request);
    }
    return request.put("ScanIndexForward", values.oneIn(2));
  }

  private ObjectNode olderScan() {
    ObjectNode request = JSON.objectNode().put("TableName", table());
    legacy.filter(request, "ScanFilter");
    if (values.oneIn(3)) {
      legacy.get(request);
    }
    return request;
  }

  private ObjectNode query() {
    ObjectNode request = JSON.objectNode().put("TableName", sorted);
    Expressions expressions = new Expressions(values);
    String partition = "pk";
    String sort = "sk";
    ObjectNode from = JSON.objectNode().put("N", values.pick(Values.SORTS));
    ObjectNode to = JSON.objectNode().put("N", values.pick(Values.SORTS));
    int which = values.below(4);
    if (which == 0) {
      request.put("IndexName", "gsi");
      partition = "g";
      sort = "n";
    } else if (which == 1) {
      request.put("IndexName", "lsi");
      sort = "s";
      from = JSON.objectNode().put("S", "k");
      to = JSON.objectNode().put("S", values.pick(List.of("k", "ka", "l")));
    }
    ObjectNode value =
        JSON.objectNode()
            .put("S", values.pick(which == 0 ? List.of("g1", "g2") : Values.PARTITIONS));
    String condition = partition + " = " + expressions.bind(value);
    condition +=
        switch (values.below(5)) {
          case 0 -> " AND " + sort + " > " + expressions.bind(from);
          case 1 -> " AND " + sort + " <= " + expressions.bind(from);
          case 2 ->
              " AND "
                  + sort
                  + " BETWEEN "
                  + expressions.bind(from)
                  + " AND "
                  + expressions.bind(to);
          case 3 -> which == 1 ? " AND begins_with(s, " + expressions.bind(from) + ")" : "";
          default -> "";
        };
    request.put("KeyConditionExpression", condition);
    if (values.oneIn(3)) {
      request.put("FilterExpression", expressions.condition(1));
    }
    // Items of an index with the same sort key have no order: where a page ends is anybody's.
    if (which > 1 && values.oneIn(2)) {
      request.put("Limit", 1 + values.below(3));
    }
    if (values.oneIn(4)) {
      request.put("Select", values.pick(List.of("COUNT", "ALL_ATTRIBUTES")));
    } else if (values.oneIn(4)) {
      request.put("ProjectionExpression", expressions.projection());
    }
    expressions.addTo(request);
    return request.put("ScanIndexForward", values.oneIn(2));
  }

  private ObjectNode scan() {
    ObjectNode request = JSON.objectNode().put("TableName", table());
    if (values.oneIn(4)) {
      request.put("TableName", sorted).put("IndexName", values.oneIn(2) ? "gsi" : "lsi");
    }
    if (values.oneIn(2)) {
      Expressions expressions = new Expressions(values);
      request.put("FilterExpression", expressions.condition(2));
      expressions.addTo(request);
    }
    return request;
  }

  private ObjectNode batchWrite() {
    ObjectNode request = JSON.objectNode();
    String table = table();
    ArrayNode all = request.putObject("RequestItems").putArray(table);
    int count = 1 + values.below(3);
    for (int i = 0; i < count; i++) {
      if (values.oneIn(3)) {
        all.addObject().putObject("DeleteRequest").set("Key", key(table));
      } else {
        all.addObject().putObject("PutRequest").set("Item", item(table));
      }
    }
    return request;
  }

  private ObjectNode batchGet() {
    ObjectNode request = JSON.objectNode();
    String table = table();
    ObjectNode of = request.putObject("RequestItems").putObject(table);
    ArrayNode keys = of.putArray("Keys");
    int count = 1 + values.below(3);
    for (int i = 0; i < count; i++) {
      keys.add(key(table));
    }
    project(of);
    return request;
  }

  private ObjectNode transactWrite() {
    ObjectNode request = JSON.objectNode();
    ArrayNode items = request.putArray("TransactItems");
    int count = 1 + values.below(3);
    for (int i = 0; i < count; i++) {
      ObjectNode one = items.addObject();
      switch (values.below(4)) {
        case 0 -> one.set("Put", inTransaction(conditional(put(), "NONE")));
        case 1 -> one.set("Delete", inTransaction(conditional(keyed(), "NONE")));
        case 2 -> one.set("Update", inTransaction(update()));
        default -> {
          ObjectNode check = keyed();
          Expressions expressions = new Expressions(values);
          check.put("ConditionExpression", expressions.condition(1));
          expressions.addTo(check);
          one.set("ConditionCheck", check);
        }
      }
    }
    return request;
  }

  private static ObjectNode inTransaction(ObjectNode write) {
    write.remove("ReturnValues");
    return write;
  }

  private ObjectNode transactGet() {
    ObjectNode request = JSON.objectNode();
    ArrayNode items = request.putArray("TransactItems");
    int count = 1 + values.below(3);
    for (int i = 0; i < count; i++) {
      ObjectNode get = keyed();
      if (values.oneIn(3)) {
        projected(get);
      }
      items.addObject().set("Get", get);
    }
    return request;
  }
}
