/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.aws.DynamoDbWire;
import io.clouddb.testkit.simulator.aws.DynamoDbWire.Answered;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Single items, batches and transactions, as they come over the wire. */
class ItemWritesTest {
  private static final String ON_DEMAND = ",'BillingMode':'PAY_PER_REQUEST'";
  private static final String PROVISIONED =
      ",'ProvisionedThroughput':{'ReadCapacityUnits':1,'WriteCapacityUnits':1}";
  private static final String INDEXES =
      ",'GlobalSecondaryIndexes':[{'IndexName':'global','KeySchema':[{'AttributeName':'g',"
          + "'KeyType':'HASH'}],'Projection':{'ProjectionType':'KEYS_ONLY'}}],"
          + "'LocalSecondaryIndexes':[{'IndexName':'local','KeySchema':[{'AttributeName':'pk',"
          + "'KeyType':'HASH'},{'AttributeName':'l','KeyType':'RANGE'}],"
          + "'Projection':{'ProjectionType':'ALL'}}]";

  private final DynamoDbWire wire = new DynamoDbWire();

  @BeforeEach
  void makeTables() {
    wire.table("items", ON_DEMAND + INDEXES);
    wire.table("slow", PROVISIONED);
  }

  @AfterEach
  void close() {
    wire.close();
  }

  private Answered put(String attributes, String more) {
    return wire.ok("PutItem", putBody(attributes, more));
  }

  private static String putBody(String attributes, String more) {
    return "{'TableName':'items','Item':{'pk':{'S':'a'},'sk':{'S':'b'}"
        + attributes
        + "}"
        + more
        + "}";
  }

  private String get() {
    return wire.ok("GetItem", "{'TableName':'items','Key':{'pk':{'S':'a'},'sk':{'S':'b'}}}")
        .toString();
  }

  private static String update(String expression, String more) {
    return "{'TableName':'items','Key':{'pk':{'S':'a'},'sk':{'S':'b'}},'UpdateExpression':'"
        + expression
        + "'"
        + more
        + "}";
  }

  @Test
  void anItemIsReadAsItWasPut() {
    String attributes =
        ",'n':{'N':'-1.50'},'y':{'B':'aGk='},'t':{'BOOL':true},'z':{'NULL':true},'e':{'S':''},"
            + "'m':{'M':{'x':{'L':[{'S':'1'},{'M':{}}]}}},'ss':{'SS':['a','b']},"
            + "'ns':{'NS':['3','1e2']},'bs':{'BS':['aGk=']}";
    put(attributes, "");
    assertThat(get())
        .isEqualTo(
            "{'Item':{'pk':{'S':'a'},'sk':{'S':'b'}"
                + attributes.replace("-1.50", "-1.5").replace("1e2", "100")
                + "}}");
  }

  /** Texts and bytes by their bytes, numbers by what they are worth, however they were written. */
  @Test
  void aSetHasTheServicesOrder() {
    put(
        ",'ss':{'SS':['b','\uD83D\uDE00','\uFFFD','','a','B']},'ns':{'NS':['1e1','9','-1']},"
            + "'bs':{'BS':['/w==','AAA=','AA==']},'li':{'L':[{'SS':['d','c']}]}",
        "");
    wire.ok(
        "UpdateItem",
        update("ADD ss :more", ",'ExpressionAttributeValues':{':more':{'SS':['aa']}}"));
    assertThat(get())
        .isEqualTo(
            "{'Item':{'pk':{'S':'a'},'sk':{'S':'b'},"
                + "'ss':{'SS':['','B','a','aa','b','\uFFFD','\uD83D\uDE00']},"
                + "'ns':{'NS':['-1','9','10']},'bs':{'BS':['AA==','AAA=','/w==']},"
                + "'li':{'L':[{'SS':['c','d']}]}}}");
  }

  @Test
  void aProjectionOfNothingOmitsTheItemInATransaction() {
    put(",'v':{'S':'x'}", "");
    String get = "{'Get':{'TableName':'items','Key':{'pk':{'S':'a'},'sk':{'S':'b'}},";
    assertThat(
            wire.ok(
                    "TransactGetItems",
                    "{'TransactItems':["
                        + get
                        + "'ProjectionExpression':'z'}},"
                        + get.replace("'b'", "'c'")
                        + "'ProjectionExpression':'v'}}]}")
                .toString())
        .isEqualTo("{'Responses':[{},{}]}");
  }

  @Test
  void whatWasThereIsToldWhenItIsAskedFor() {
    assertThat(put(",'v':{'N':'1'}", ",'ReturnValues':'ALL_OLD'").toString()).isEqualTo("{}");
    assertThat(put(",'v':{'N':'2'}", ",'ReturnValues':'ALL_OLD'").toString())
        .isEqualTo("{'Attributes':{'pk':{'S':'a'},'sk':{'S':'b'},'v':{'N':'1'}}}");
    Answered failed =
        wire.send(
            "PutItem",
            putBody(
                "",
                ",'ConditionExpression':'attribute_not_exists(pk)',"
                    + "'ReturnValuesOnConditionCheckFailure':'ALL_OLD'"));
    assertThat(failed.code()).isEqualTo("ConditionalCheckFailedException");
    assertThat(failed.message()).isEqualTo("The conditional request failed");
    assertThat(failed.body().at("/Item/v/N").asText()).isEqualTo("2");
    assertThat(
            wire.ok(
                    "DeleteItem",
                    "{'TableName':'items','Key':{'pk':{'S':'a'},'sk':{'S':'b'}},'ReturnValues':"
                        + "'ALL_OLD'}")
                .toString())
        .contains("'v':{'N':'2'}");
    assertThat(get()).isEqualTo("{}");
  }

  @Test
  void anUpdateTellsWhatItTouched() {
    put(",'v':{'N':'1'},'m':{'M':{'x':{'S':'old'},'y':{'S':'same'}}}", "");
    String values = ",'ExpressionAttributeValues':{':one':{'N':'1'},':new':{'S':'new'}}";
    String expression = "ADD v :one SET m.x = :new";
    assertThat(
            wire.ok("UpdateItem", update(expression, values + ",'ReturnValues':'UPDATED_NEW'"))
                .toString())
        .isEqualTo("{'Attributes':{'v':{'N':'2'},'m':{'M':{'x':{'S':'new'}}}}}");
    assertThat(
            wire.ok("UpdateItem", update(expression, values + ",'ReturnValues':'UPDATED_OLD'"))
                .toString())
        .isEqualTo("{'Attributes':{'v':{'N':'2'},'m':{'M':{'x':{'S':'new'}}}}}");
    assertThat(wire.ok("UpdateItem", update("REMOVE m", ",'ReturnValues':'ALL_NEW'")).toString())
        .isEqualTo("{'Attributes':{'pk':{'S':'a'},'sk':{'S':'b'},'v':{'N':'3'}}}");
    assertThat(wire.refused("UpdateItem", update("SET sk = :v", values(":v", "'S':'x'"))))
        .isEqualTo(
            "ValidationException: One or more parameter values were invalid: Cannot update"
                + " attribute sk. This attribute is part of the key");
    assertThat(wire.refused("UpdateItem", update("SET g = :v", values(":v", "'N':'1'"))))
        .isEqualTo(
            "ValidationException: One or more parameter values were invalid: Type mismatch for"
                + " Index Key g Expected: S Actual: N IndexName: global");
  }

  private static String values(String name, String value) {
    return ",'ExpressionAttributeValues':{'" + name + "':{" + value + "}}";
  }

  @Test
  void capacityIsCountedOfTheTableAndOfEachIndex() {
    String indexes = ",'ReturnConsumedCapacity':'INDEXES'";
    String padding = "'p':{'S':'" + "x".repeat(1500) + "'}";
    assertThat(put(",'g':{'S':'1'},'l':{'N':'1'}," + padding, indexes).toString())
        .isEqualTo(
            "{'ConsumedCapacity':{'TableName':'items','CapacityUnits':5.0,'Table':{'CapacityUnits':2.0},"
                + "'LocalSecondaryIndexes':{'local':{'CapacityUnits':2.0}},"
                + "'GlobalSecondaryIndexes':{'global':{'CapacityUnits':1.0}}}}");
    // Nothing of what is in the index changes.
    assertThat(put(",'g':{'S':'1'},'x':{'N':'1'}," + padding, indexes).toString())
        .doesNotContain("global");
    // The item goes from one place of the index to another.
    assertThat(put(",'g':{'S':'2'}", indexes).toString())
        .contains("'GlobalSecondaryIndexes':{'global':{'CapacityUnits':2.0}}");
    assertThat(
            wire.ok(
                    "GetItem",
                    "{'TableName':'items','Key':{'pk':{'S':'a'},'sk':{'S':'b'}},'ConsistentRead':true,"
                        + "'ReturnConsumedCapacity':'TOTAL'}")
                .toString())
        .contains("'ConsumedCapacity':{'TableName':'items','CapacityUnits':1.0}");
    assertThat(put("", ",'ReturnItemCollectionMetrics':'SIZE'").toString())
        .isEqualTo(
            "{'ItemCollectionMetrics':{'ItemCollectionKey':{'pk':{'S':'a'}},"
                + "'SizeEstimateRangeGB':[0.0,1.0]}}");
  }

  @Test
  void aBatchLeavesUnprocessedWhatThereIsNoThroughputFor() {
    // 300 units are kept for a burst; the first item takes more than a half of them.
    String large = "'p':{'S':'" + "x".repeat(200_000) + "'}";
    String batch =
        "{'RequestItems':{'slow':["
            + request("1", large)
            + ","
            + request("2", large)
            + ","
            + request("3", large)
            + "]},'ReturnConsumedCapacity':'TOTAL'}";
    Answered answered = wire.ok("BatchWriteItem", batch);
    assertThat(answered.body().at("/UnprocessedItems/slow")).hasSize(1);
    assertThat(answered.body().at("/UnprocessedItems/slow/0/PutRequest/Item/sk/S").asText())
        .isEqualTo("3");
    assertThat(answered.body().at("/ConsumedCapacity/0/CapacityUnits").asDouble()).isEqualTo(392);
    assertThat(wire.refused("BatchWriteItem", batch))
        .startsWith(
            "ProvisionedThroughputExceededException: The level of configured provisioned"
                + " throughput for the table was exceeded.");
    assertThat(wire.refused("PutItem", "{'TableName':'slow'," + request("4", large).substring(15)))
        .startsWith("ProvisionedThroughputExceededException");
    wire.clock().advance(Duration.ofSeconds(93));
    wire.ok("BatchWriteItem", "{'RequestItems':{'slow':[" + request("4", large) + "]}}");
  }

  private static String request(String sk, String more) {
    return "{'PutRequest':{'Item':{'pk':{'S':'a'},'sk':{'S':'" + sk + "'}," + more + "}}}";
  }

  @Test
  void aTransactionIsDoneInFullOrNotAtAll() {
    put(",'v':{'N':'1'}", "");
    Answered answered =
        wire.send(
            "TransactWriteItems",
            "{'TransactItems':[{'Put':{'TableName':'items','Item':{'pk':{'S':'new'},'sk':{'S':'1'}}}},"
                + "{'ConditionCheck':{'TableName':'items','Key':{'pk':{'S':'a'},'sk':{'S':'b'}},"
                + "'ConditionExpression':'attribute_not_exists(pk)',"
                + "'ReturnValuesOnConditionCheckFailure':'ALL_OLD'}},"
                + "{'Delete':{'TableName':'slow','Key':{'pk':{'S':'a'}}}}]}");
    assertThat(answered.message())
        .isEqualTo(
            "Transaction cancelled, please refer cancellation reasons for specific reasons"
                + " [None, None, ValidationError]");
    answered =
        wire.send(
            "TransactWriteItems",
            "{'TransactItems':[{'Put':{'TableName':'items','Item':{'pk':{'S':'new'},'sk':{'S':'1'}}}},"
                + "{'ConditionCheck':{'TableName':'items','Key':{'pk':{'S':'a'},'sk':{'S':'b'}},"
                + "'ConditionExpression':'attribute_not_exists(pk)',"
                + "'ReturnValuesOnConditionCheckFailure':'ALL_OLD'}}]}");
    assertThat(answered.code()).isEqualTo("TransactionCanceledException");
    assertThat(answered.body().at("/CancellationReasons").toString().replace('"', '\''))
        .isEqualTo(
            "[{'Code':'None'},{'Code':'ConditionalCheckFailed',"
                + "'Message':'The conditional request failed',"
                + "'Item':{'pk':{'S':'a'},'sk':{'S':'b'},'v':{'N':'1'}}}]");
    assertThat(
            wire.ok("Scan", "{'TableName':'items','Select':'COUNT'}").body().path("Count").asInt())
        .isEqualTo(1);
  }

  @Test
  void readsOfATransactionAreCancelledWhereUnitsAreExhausted() {
    String large = "'p':{'S':'" + "x".repeat(200_000) + "'}";
    wire.ok("BatchWriteItem", "{'RequestItems':{'slow':[" + request("1", large) + "]}}");
    String read =
        "{'TransactStatements':[{'Statement':'SELECT * FROM slow WHERE pk = ? AND sk = ?',"
            + "'Parameters':[{'S':'a'},{'S':'1'}]}]}";
    for (int i = 0; i < 4; i++) {
      wire.ok("ExecuteTransaction", read);
    }
    assertThat(wire.refused("ExecuteTransaction", read))
        .isEqualTo(
            "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons"
                + " for specific reasons [ProvisionedThroughputExceeded]");
  }

  @Test
  void theKeyOfAnIndexIsNotTooLong() {
    put(",'g':{'S':'" + "x".repeat(2048) + "'}", "");
    assertThat(wire.refused("PutItem", putBody(",'g':{'S':'" + "x".repeat(2049) + "'}", "")))
        .endsWith(
            "One or more parameter values were invalid: Size limit exceeded for Index Key g Actual"
                + " Size: 2049 bytes Max Size: 2048 bytes IndexName: global");
  }

  @Test
  void aTokenMakesATransactionOneForTenMinutes() {
    String add = addition("1", "'ClientRequestToken':'once','ReturnConsumedCapacity':'TOTAL',");
    assertThat(wire.ok("TransactWriteItems", add).toString())
        .isEqualTo(
            "{'ConsumedCapacity':[{'TableName':'items','CapacityUnits':2.0,"
                + "'WriteCapacityUnits':2.0}]}");
    assertThat(wire.ok("TransactWriteItems", add).toString())
        .as("it is only read")
        .isEqualTo(
            "{'ConsumedCapacity':[{'TableName':'items','CapacityUnits':2.0,"
                + "'ReadCapacityUnits':2.0}]}");
    assertThat(get()).contains("'v':{'N':'1'}");
    assertThat(wire.refused("TransactWriteItems", addition("2", "'ClientRequestToken':'once',")))
        .startsWith("IdempotentParameterMismatchException");
    wire.clock().advance(Duration.ofMinutes(10));
    wire.ok("TransactWriteItems", add);
    assertThat(get()).contains("'v':{'N':'2'}");
  }

  private static String addition(String number, String more) {
    return "{"
        + more
        + "'TransactItems':[{'Update':{'TableName':'items','Key':{'pk':{'S':'a'},'sk':{'S':'b'}},"
        + "'UpdateExpression':'ADD v :n','ExpressionAttributeValues':{':n':{'N':'"
        + number
        + "'}}}}]}";
  }

  @Test
  void itemsThatAreTooLargeOrWithoutKeyAreRefused() {
    String text = "x".repeat(409_600 - 6);
    put(",'p':{'S':'" + text.substring(2) + "'}", "");
    assertThat(wire.refused("PutItem", putBody(",'p':{'S':'" + text + "'}", "")))
        .isEqualTo("ValidationException: Item size has exceeded the maximum allowed size");
    assertThat(
            wire.refused(
                "UpdateItem", update("SET q = :v", values(":v", "'S':'" + "x".repeat(100) + "'"))))
        .isEqualTo(
            "ValidationException: Item size to update has exceeded the maximum allowed size");
    assertThat(wire.refused("PutItem", "{'TableName':'items','Item':{'pk':{'S':'a'}}}"))
        .isEqualTo(
            "ValidationException: One or more parameter values were invalid: Missing the key sk in"
                + " the item");
    assertThat(wire.refused("GetItem", "{'TableName':'items','Key':{'pk':{'S':'a'}}}"))
        .isEqualTo("ValidationException: The provided key element does not match the schema");
  }

  @Test
  void theValueInsideIsTheLastOf32Levels() {
    String refusal =
        "ValidationException: Nesting Levels have exceeded supported limits: Attributes in the item"
            + " have nested levels beyond supported limit";
    put(",'d':" + nested(31), "");
    assertThat(wire.refused("PutItem", putBody(",'d':" + nested(32), ""))).isEqualTo(refusal);
    wire.ok(
        "UpdateItem",
        "{'TableName':'items','Key':{'pk':{'S':'a'},'sk':{'S':'b'}},'UpdateExpression':'SET q = :v',"
            + "'ExpressionAttributeValues':{':v':"
            + nested(31)
            + "}}");
    assertThat(
            wire.refused(
                "UpdateItem",
                "{'TableName':'items','Key':{'pk':{'S':'a'},'sk':{'S':'b'}},"
                    + "'UpdateExpression':'SET q[0] = :v','ExpressionAttributeValues':{':v':"
                    + nested(31)
                    + "}}"))
        .isEqualTo(refusal);
  }

  private static String nested(int levels) {
    return "{'L':[".repeat(levels) + "{'S':'x'}" + "]}".repeat(levels);
  }

  private static final String ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/items";

  @Test
  void figuresNameATableAsTheRequestDoes() {
    String figures = ",'ReturnConsumedCapacity':'TOTAL'";
    String more = figures + ",'ReturnItemCollectionMetrics':'SIZE'";
    String key = "'pk':{'S':'a'},'sk':{'S':'b'}";
    String of = "{'TableName':'" + ARN + "',";
    String total = "'TableName':'" + ARN + "'";
    assertThat(wire.ok("PutItem", of + "'Item':{" + key + "}" + more + "}").toString())
        .contains(total);
    assertThat(wire.ok("UpdateItem", of + "'Key':{" + key + "}" + more + "}").toString())
        .contains(total);
    assertThat(wire.ok("GetItem", of + "'Key':{" + key + "}" + figures + "}").toString())
        .contains(total);
    assertThat(wire.ok("Scan", of + "'ReturnConsumedCapacity':'TOTAL'}").toString())
        .contains(total);
    String get = "{'TransactItems':[{'Get':" + of + "'Key':{" + key + "}}}]" + figures + "}";
    assertThat(wire.ok("TransactGetItems", get).toString()).contains(total);
    String put = "{'TransactItems':[{'Put':" + of + "'Item':{" + key + "}}}]" + more + "}";
    assertThat(wire.ok("TransactWriteItems", put).toString())
        .contains(total)
        .contains("'ItemCollectionMetrics':{'" + ARN + "':");
    String gets = "{'RequestItems':{'" + ARN + "':{'Keys':[{" + key + "}]}}" + figures + "}";
    assertThat(wire.ok("BatchGetItem", gets).toString()).contains(total);
    String puts =
        "{'RequestItems':{'" + ARN + "':[{'PutRequest':{'Item':{" + key + "}}}]}" + more + "}";
    assertThat(wire.ok("BatchWriteItem", puts).toString())
        .contains(total)
        .contains("'ItemCollectionMetrics':{'" + ARN + "':");
  }

  @Test
  void aBatchMayNameATableTwiceButNotAnItem() {
    String one = "{'PutRequest':{'Item':{'pk':{'S':'a'},'sk':{'S':'b'}}}}";
    String other = one.replace("'b'", "'c'");
    assertThat(
            wire.refused(
                "BatchWriteItem",
                "{'RequestItems':{'items':[" + one + "],'" + ARN + "':[" + one + "]}}"))
        .isEqualTo("ValidationException: Provided list of item keys contains duplicates");
    String metrics =
        wire.ok(
                "BatchWriteItem",
                "{'ReturnItemCollectionMetrics':'SIZE','RequestItems':{'items':["
                    + one
                    + "],'"
                    + ARN
                    + "':["
                    + other
                    + "]}}")
            .toString();
    assertThat(metrics).contains("'items':[{").contains("'" + ARN + "':[{");
    String key = "{'Keys':[{'pk':{'S':'a'},'sk':{'S':'b'}}]}";
    assertThat(
            wire.refused(
                "BatchGetItem", "{'RequestItems':{'items':" + key + ",'" + ARN + "':" + key + "}}"))
        .isEqualTo("ValidationException: Provided list of item keys contains duplicates");
  }

  @Test
  void anIndexWithoutUnitsRefusesOnlyWhatItFollows() {
    wire.table(
        "indexed",
        PROVISIONED.replace(":1", ":1000")
            + ",'GlobalSecondaryIndexes':[{'IndexName':'global','KeySchema':[{'AttributeName':'g',"
            + "'KeyType':'HASH'}],'Projection':{'ProjectionType':'KEYS_ONLY'}"
            + PROVISIONED
            + "}]");
    String begin = "{'TableName':'indexed','Item':{'pk':{'S':'a'},'g':{'S':'x'},'sk':{'S':'";
    String refused = "";
    for (int i = 0; i < 1000 && refused.isEmpty(); i++) {
      Answered answer = wire.send("PutItem", begin + i + "'}}}");
      refused = answer.status() == 200 ? "" : answer.code() + ": " + answer.message();
    }
    assertThat(refused)
        .startsWith("ProvisionedThroughputExceededException: The level of configured provisioned")
        .contains("one or more global secondary indexes");
    wire.ok("PutItem", "{'TableName':'indexed','Item':{'pk':{'S':'a'},'sk':{'S':'out'}}}");
    wire.ok(
        "UpdateItem",
        "{'TableName':'indexed','Key':{'pk':{'S':'a'},'sk':{'S':'0'}},"
            + "'UpdateExpression':'SET v = :v','ExpressionAttributeValues':{':v':{'N':'1'}}}");
  }
}
