/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.aws.dynamodb.TestDynamoDb;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How, and before what else, several writes at once are refused. */
class RefusalsTest {
  private static final String EMPTY_KEY =
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot"
          + " contain an empty string value. Key: pk";

  private final TestDynamoDb db = new TestDynamoDb();

  @BeforeEach
  void makeTables() {
    db.table("plain");
    db.ok(
        "CreateTable",
        "{'TableName':'indexed','KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],"
            + "'AttributeDefinitions':[{'AttributeName':'pk','AttributeType':'S'},"
            + "{'AttributeName':'g','AttributeType':'S'}],'BillingMode':'PAY_PER_REQUEST',"
            + "'GlobalSecondaryIndexes':[{'IndexName':'gsi','KeySchema':[{'AttributeName':'g',"
            + "'KeyType':'HASH'}],'Projection':{'ProjectionType':'ALL'}}]}");
    db.seconds(3600);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private static String transaction(String... actions) {
    return "{'TransactItems':[" + String.join(",", actions) + "]}";
  }

  private void invalid(String action, String body, String text) {
    db.refused(action, body, "ValidationException", text);
  }

  @Test
  void anUpdateOfAnIndexKeyToNothingHasItsOwnWords() {
    db.put(TestDynamoDb.HOME, "indexed", "a", "v");
    String update =
        "'TableName':'indexed','Key':{'pk':{'S':'a'}},'UpdateExpression':'SET g = :e',"
            + "'ExpressionAttributeValues':{':e':{'S':''}}";
    String text =
        "One or more parameter values are not valid. The update expression attempted to update a"
            + " secondary index key to a value that is not supported. The AttributeValue for a key"
            + " attribute cannot contain an empty string value.";
    invalid("UpdateItem", "{" + update + "}", text);
    invalid("TransactWriteItems", transaction("{'Update':{" + update + "}}"), text);
  }

  @Test
  void aNumberIsRefusedByItsExponent() {
    String item = "'Item':{'pk':{'S':'a'},'n':{'N':'1e99999999999'}}";
    invalid(
        "PutItem",
        "{'TableName':'plain'," + item + "}",
        "Number overflow. Attempting to store a number with magnitude larger than supported range");
    invalid(
        "BatchWriteItem",
        "{'RequestItems':{'plain':[{'PutRequest':{" + item + "}}]}}",
        "The parameter cannot be converted to a numeric value: 1e99999999999");
  }

  @Test
  void anAttributeHasAName() {
    String deep = "'d':" + "{'M':{'n':".repeat(40) + "{'S':'leaf'}" + "}}".repeat(40);
    for (String attributes :
        new String[] {"'':{'S':'v'}", "'':{'S':'v'}," + deep, deep + ",'':{}"}) {
      String put = "'Item':{'pk':{'S':'a'}," + attributes + "}}";
      String name = "Empty attribute name";
      invalid("TransactWriteItems", transaction("{'Put':{'TableName':'plain'," + put + "}"), name);
      invalid("PutItem", "{'TableName':'plain'," + put, name);
      invalid("BatchWriteItem", "{'RequestItems':{'plain':[{'PutRequest':{" + put + "}]}}", name);
    }
    String update = "{'TableName':'plain','Key':{'pk':{'S':'a'}},";
    for (String more :
        new String[] {
          "'AttributeUpdates':{'':{'Action':'PUT','Value':{'S':'v'}}}}",
          "'UpdateExpression':'SET #n = :v','ExpressionAttributeNames':{'#n':''},"
              + "'ExpressionAttributeValues':{':v':{'S':'v'}}}"
        }) {
      assertThat(db.reply(TestDynamoDb.HOME, "UpdateItem", update + more).code())
          .as(more)
          .isEqualTo("ValidationException");
    }
    assertThat(
            db.reply(
                    TestDynamoDb.HOME,
                    "ExecuteStatement",
                    "{'Statement':'INSERT INTO plain VALUE {`pk`:`a`,``:`v`}'}"
                        .replace("`", "\\u0027"))
                .code())
        .isEqualTo("ValidationException");
  }

  @Test
  void anEmptyKeyRefusesATransactionAndCancelsNone() {
    String key = "'TableName':'plain','Key':{'pk':{'S':''}}";
    for (String action :
        new String[] {
          "{'Put':{'TableName':'plain','Item':{'pk':{'S':''}}}}",
          "{'Delete':{" + key + "}}",
          "{'Update':{" + key + ",'UpdateExpression':'REMOVE a'}}",
          "{'ConditionCheck':{" + key + ",'ConditionExpression':'attribute_exists(pk)'}}"
        }) {
      invalid("TransactWriteItems", transaction(action), EMPTY_KEY);
    }
    invalid(
        "TransactWriteItems",
        transaction("{'Put':{'TableName':'indexed','Item':{'pk':{'S':'a'},'g':{'S':''}}}}"),
        "One or more parameter values are not valid. A value specified for a secondary index key is"
            + " not supported. The AttributeValue for a key attribute cannot contain an empty"
            + " string value. IndexName: gsi, IndexKey: g");
    String change =
        "{'Update':{'TableName':'indexed','Key':{'pk':{'S':'a'}},'UpdateExpression':'SET g = :g',"
            + "'ExpressionAttributeValues':{':g':{'S':''}}}}";
    assertThat(db.reply(TestDynamoDb.HOME, "TransactWriteItems", transaction(change)).code())
        .isEqualTo("ValidationException");
    invalid("TransactGetItems", transaction("{'Get':{" + key + "}}"), EMPTY_KEY);
    invalid(
        "ExecuteTransaction",
        "{'TransactStatements':[{'Statement':'DELETE FROM plain WHERE pk = ?',"
            + "'Parameters':[{'S':''}]}]}",
        EMPTY_KEY);
    String wrong = transaction("{'Put':{'TableName':'plain','Item':{'pk':{'N':'5'}}}}");
    assertThat(db.reply(TestDynamoDb.HOME, "TransactWriteItems", wrong).code())
        .isEqualTo("TransactionCanceledException");
  }

  @Test
  void whatIsWrongWithAnyActionComesBeforeATableThatIsNotThere() {
    invalid(
        "TransactWriteItems",
        transaction(
            "{'Put':{'TableName':'absent','Item':{'pk':{'S':'a'}}}}",
            "{'ConditionCheck':{'TableName':'plain','Key':{'pk':{'S':'a'}},"
                + "'ConditionExpression':'attribute_not_exists('}}"),
        "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"(\"");
    invalid(
        "TransactWriteItems",
        transaction(
            "{'Put':{'TableName':'absent','Item':{'pk':{'S':'a'}}}}",
            "{'ConditionCheck':{'TableName':'plain','Key':{'pk':{'S':'a'}},"
                + "'ConditionExpression':'attribute_not_exists(pk)',"
                + "'ExpressionAttributeValues':{':v':{'S':'x'}}}}"),
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}");
    assertThat(
            db.reply(
                    TestDynamoDb.HOME,
                    "TransactGetItems",
                    transaction(
                        "{'Get':{'TableName':'absent','Key':{'pk':{'S':'a'}}}}",
                        "{'Get':{'TableName':'plain','Key':{'pk':{'S':'a'}},"
                            + "'ProjectionExpression':'a,'}}"))
                .code())
        .isEqualTo("ValidationException");
  }

  @Test
  void aBatchSaysOfAnItemThatItsKeyIsNotTheSchemas() {
    for (String item : new String[] {"{'pk':{'N':'5'}}", "{'pk':{'L':[]}}", "{'x':{'S':'a'}}"}) {
      invalid("BatchWriteItem", put(item), "The provided key element does not match the schema");
    }
    invalid("BatchWriteItem", put("{'pk':{'S':''}}"), EMPTY_KEY);
  }

  private static String put(String item) {
    return "{'RequestItems':{'plain':[{'PutRequest':{'Item':" + item + "}}]}}";
  }
}
