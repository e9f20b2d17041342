/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.DynamoDbSimulator;
import io.clouddb.testkit.simulator.aws.definition.WireWitness;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbSettings;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.SignedCalls.Answer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Statements on a table {@code t} with the key pk and sk, and on one with indexes. */
abstract class StatementFixture {
  private final DynamoDbSimulator simulator =
      DynamoDbSimulator.builder()
          .settings(new DynamoDbSettings(Duration.ZERO, Duration.ZERO))
          .start();
  final SignedCalls calls = new SignedCalls(simulator);

  @BeforeEach
  void createTables() throws Exception {
    create(
        "{'TableName':'tab','BillingMode':'PAY_PER_REQUEST','AttributeDefinitions':["
            + "{'AttributeName':'pk','AttributeType':'S'},{'AttributeName':'sk','AttributeType':'S'}],"
            + "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
            + "{'AttributeName':'sk','KeyType':'RANGE'}]}");
    create(
        "{'TableName':'idx','BillingMode':'PAY_PER_REQUEST','AttributeDefinitions':["
            + "{'AttributeName':'pk','AttributeType':'S'},{'AttributeName':'sk','AttributeType':'S'},"
            + "{'AttributeName':'g','AttributeType':'S'},{'AttributeName':'l','AttributeType':'S'}],"
            + "'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'},"
            + "{'AttributeName':'sk','KeyType':'RANGE'}],"
            + "'GlobalSecondaryIndexes':[{'IndexName':'gsi','KeySchema':["
            + "{'AttributeName':'g','KeyType':'HASH'}],'Projection':{'ProjectionType':'INCLUDE',"
            + "'NonKeyAttributes':['p']}}],"
            + "'LocalSecondaryIndexes':[{'IndexName':'lsi','KeySchema':["
            + "{'AttributeName':'pk','KeyType':'HASH'},{'AttributeName':'l','KeyType':'RANGE'}],"
            + "'Projection':{'ProjectionType':'KEYS_ONLY'}}]}");
  }

  @AfterEach
  void close() {
    assertThat(simulator.bugs()).isEmpty();
    assertThat(simulator.notSimulated()).isEmpty();
    assertThat(WireWitness.problemsOfAccepted(simulator.requests())).isEmpty();
    simulator.close();
  }

  private void create(String definition) throws Exception {
    Answer answer = calls.call("CreateTable", SignedCalls.json(definition.replace('\'', '"')));
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
    String name = answer.body().at("/TableDescription/TableName").asText();
    long limit = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    JsonNode asked = SignedCalls.json("{\"TableName\":\"" + name + "\"}");
    while (!calls
        .call("DescribeTable", asked)
        .body()
        .at("/Table/TableStatus")
        .asText()
        .equals("ACTIVE")) {
      assertThat(System.nanoTime()).as("the table is there in time").isLessThan(limit);
      Thread.onSpinWait();
    }
  }

  static ObjectNode member(String statement, String parameters) throws Exception {
    ObjectNode member = JsonNodeFactory.instance.objectNode().put("Statement", statement);
    if (!parameters.isEmpty()) {
      member.set("Parameters", SignedCalls.json(parameters.replace('\'', '"')));
    }
    return member;
  }

  Answer execute(String statement) throws Exception {
    return calls.call("ExecuteStatement", member(statement, ""));
  }

  Answer execute(String statement, String parameters) throws Exception {
    return calls.call("ExecuteStatement", member(statement, parameters));
  }

  /** Runs one that the service takes. */
  JsonNode run(String statement) throws Exception {
    Answer answer = execute(statement);
    assertThat(answer.status()).as("%s: %s", statement, answer.body()).isEqualTo(200);
    return answer.body();
  }

  /** What a SELECT gives of one attribute, which is a text. */
  String texts(String statement, String attribute) throws Exception {
    StringBuilder all = new StringBuilder();
    for (JsonNode item : run(statement).get("Items")) {
      all.append(all.length() == 0 ? "" : " ").append(item.at("/" + attribute + "/S").asText());
    }
    return all.toString();
  }

  JsonNode item(String pk, String sk) throws Exception {
    String key = "{'TableName':'tab','Key':{'pk':{'S':'%s'},'sk':{'S':'%s'}}}".formatted(pk, sk);
    return calls.call("GetItem", SignedCalls.json(key.replace('\'', '"'))).body().path("Item");
  }

  Answer transaction(String... statements) throws Exception {
    return several("ExecuteTransaction", "TransactStatements", statements);
  }

  Answer batch(String... statements) throws Exception {
    return several("BatchExecuteStatement", "Statements", statements);
  }

  private Answer several(String action, String name, String... statements) throws Exception {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode all = body.putArray(name);
    for (String statement : statements) {
      all.add(member(statement, ""));
    }
    return calls.call(action, body);
  }

  static void refused(Answer answer, String code, String message) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.message()).isEqualTo(message);
  }

  void refused(String statement, String message) throws Exception {
    refused(execute(statement), "ValidationException", message);
  }
}
