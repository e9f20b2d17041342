/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.SignedCalls.Answer;
import java.util.Collections;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeveralStatementsTest extends StatementFixture {
  private static final String A = "SELECT * FROM tab WHERE pk = 'a' AND sk = '1'";

  @BeforeEach
  void insert() throws Exception {
    run("INSERT INTO tab VALUE {'pk':'a','sk':'1','n':1}");
    run("INSERT INTO tab VALUE {'pk':'b','sk':'1','n':2}");
  }

  @Test
  void aBatchSaysOfEachStatementWhatBecameOfIt() throws Exception {
    JsonNode responses =
        batch(
                A,
                "SELECT n FROM tab WHERE pk = 'none' AND sk = '1'",
                "SLECT * FROM tab",
                "SELECT * FROM tab WHERE pk = 'a'",
                "SELECT * FROM tab WHERE pk = 'a' AND sk = '1' AND n = 1",
                "SELECT * FROM nowhere WHERE pk = 'a'")
            .body()
            .get("Responses");

    assertThat(responses.get(0).at("/Item/n/N").asText()).isEqualTo("1");
    assertThat(responses.get(0).get("TableName").asText()).isEqualTo("tab");
    assertThat(responses.get(1).toString()).isEqualTo("{\"TableName\":\"tab\"}");
    assertThat(responses.get(2).toString())
        .isEqualTo(
            "{\"Error\":{\"Code\":\"ValidationError\",\"Message\":\"Statement wasn't well formed,"
                + " can't be processed: Expected data manipulation\"}}");
    for (int i = 3; i < 5; i++) {
      assertThat(responses.get(i).at("/Error/Message").asText())
          .isEqualTo(
              "Select statements within BatchExecuteStatement must specify the primary key in the"
                  + " where clause.");
    }
    assertThat(responses.get(5).toString())
        .isEqualTo(
            "{\"Error\":{\"Code\":\"ResourceNotFound\",\"Message\":\"Requested resource not"
                + " found\"}}");
  }

  @Test
  void aBatchWritesWhatItCan() throws Exception {
    run("INSERT INTO tab VALUE {'pk':'d','sk':'1','n':2}");
    run("INSERT INTO tab VALUE {'pk':'e','sk':'1','n':2}");
    JsonNode responses =
        batch(
                "INSERT INTO tab VALUE {'pk':'a','sk':'1'}",
                "INSERT INTO tab VALUE {'pk':'c','sk':'1'}",
                "UPDATE tab SET n = 3 WHERE pk = 'b' AND sk = '1' AND n = 7",
                "UPDATE tab SET n = 3 WHERE pk = 'd' AND sk = '1' RETURNING ALL NEW *",
                "UPDATE tab REMOVE n WHERE pk = 'e' AND sk = '1' RETURNING MODIFIED NEW *")
            .body()
            .get("Responses");

    assertThat(responses.get(0).at("/Error/Code").asText()).isEqualTo("DuplicateItem");
    assertThat(responses.get(0).get("TableName").asText()).isEqualTo("tab");
    assertThat(item("c", "1").isMissingNode()).isFalse();
    assertThat(responses.get(2).at("/Error/Code").asText()).isEqualTo("ConditionalCheckFailed");
    assertThat(responses.get(3).at("/Item/n/N").asText()).isEqualTo("3");
    assertThat(responses.get(4).toString()).isEqualTo("{\"TableName\":\"tab\"}");
  }

  @Test
  void aBatchTellsNoItemOfAConditionThatFails() throws Exception {
    String update = "UPDATE tab SET n = 3 WHERE pk = 'b' AND sk = '1' AND n = 7";
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putArray("Statements")
        .add(member(update, "").put("ReturnValuesOnConditionCheckFailure", "ALL_OLD"));
    JsonNode responses = calls.call("BatchExecuteStatement", body).body().get("Responses");

    assertThat(responses.get(0).at("/Error/Code").asText()).isEqualTo("ConditionalCheckFailed");
    assertThat(responses.get(0).get("Error").has("Item")).isFalse();
  }

  @Test
  void neitherReadsAndWritesTogether() throws Exception {
    refused(
        batch(A, "DELETE FROM tab WHERE pk = 'a' AND sk = '1'"),
        "ValidationException",
        "Read and write requests together in the same batch is not supported.");
    refused(
        transaction(A, "DELETE FROM tab WHERE pk = 'a' AND sk = '1'"),
        "ValidationException",
        "ExecuteTransaction API does not support both read and write operations in the same"
            + " request.");
    assertThat(item("a", "1").isMissingNode()).isFalse();
  }

  @Test
  void aBatchAndATransactionHaveALimit() throws Exception {
    assertThat(batch(Collections.nCopies(26, A).toArray(String[]::new)).code())
        .isEqualTo("ValidationException");
    assertThat(transaction(Collections.nCopies(101, A).toArray(String[]::new)).code())
        .isEqualTo("ValidationException");
    assertThat(batch().code()).isEqualTo("ValidationException");
  }

  @Test
  void aTransactionOfWritesAnswersNothingOfEach() throws Exception {
    Answer answer =
        transaction(
            "INSERT INTO tab VALUE {'pk':'new','sk':'1'}",
            "DELETE FROM tab WHERE pk = 'a' AND sk = '1'");

    assertThat(answer.body().get("Responses").toString()).isEqualTo("[]");
    assertThat(item("new", "1").isMissingNode()).isFalse();
  }

  @Test
  void aTransactionReads() throws Exception {
    Answer answer = transaction(A, "SELECT * FROM tab WHERE (sk='1') AND pk='z' AND pk='z'");

    assertThat(answer.body().at("/Responses/0/Item/n/N").asText()).isEqualTo("1");
    assertThat(answer.body().at("/Responses/1").toString()).isEqualTo("{}");
  }

  @Test
  void aTransactionWritesAllOrNothing() throws Exception {
    Answer failed =
        transaction(
            "INSERT INTO tab VALUE {'pk':'new','sk':'1'}",
            "INSERT INTO tab VALUE {'pk':'a','sk':'1'}",
            "UPDATE tab SET n = 9 WHERE pk = 'b' AND sk = '1' AND n = 7");

    refused(
        failed,
        "TransactionCanceledException",
        "Transaction cancelled, please refer cancellation reasons for specific reasons"
            + " [None, DuplicateItem, ConditionalCheckFailed]");
    assertThat(failed.body().at("/CancellationReasons/1/Message").asText())
        .isEqualTo("Duplicate primary key exists in table");
    assertThat(item("new", "1").isMissingNode()).isTrue();

    assertThat(
            transaction(
                    "EXISTS(SELECT * FROM tab WHERE (pk='b' AND sk='1') AND nope IS MISSING)",
                    "DELETE FROM tab WHERE pk = 'a' AND sk = '1' AND n = 1",
                    "INSERT INTO tab VALUE {'pk':'new','sk':'1'}")
                .status())
        .isEqualTo(200);
    assertThat(item("a", "1").isMissingNode()).isTrue();
    assertThat(item("b", "1").at("/n/N").asText()).isEqualTo("2");
    assertThat(item("new", "1").isMissingNode()).isFalse();
  }

  @Test
  void aTransactionChecksAConditionOfAnotherItem() throws Exception {
    refused(
        transaction(
            "EXISTS(SELECT * FROM tab WHERE pk = 'b' AND sk = '1' AND n IS MISSING)",
            "UPDATE tab SET n = 9 WHERE pk = 'a' AND sk = '1'"),
        "TransactionCanceledException",
        "Transaction cancelled, please refer cancellation reasons for specific reasons"
            + " [ConditionalCheckFailed, None]");
    refused(
        transaction(
            "EXISTS(SELECT * FROM tab WHERE pk = 'b' AND sk = '1')",
            "UPDATE tab SET n = 9 WHERE pk = 'a' AND sk = '1'"),
        "ValidationException",
        "Validation failed in TransactStatements[0]: EXISTS() must contain a single item read with"
            + " additional condition");
  }

  @Test
  void aTransactionRefuses() throws Exception {
    refused(
        transaction(A, "SELECT n FROM tab WHERE sk = '1' AND pk = 'a'"),
        "ValidationException",
        "Transaction request cannot include multiple operations on one item");
    refused(
        transaction(A, "SELECT * FROM tab WHERE pk = 1 AND sk = '1'"),
        "TransactionCanceledException",
        "Transaction cancelled, please refer cancellation reasons for specific reasons"
            + " [None, ValidationError]");
    refused(
        transaction(A, "SELECT * FROM tab WHERE pk = 'a'"),
        "ValidationException",
        "Validation failed in TransactStatements[1]: Select statements within ExecuteTransaction"
            + " must specify the primary key in the where clause.");
    refused(
        transaction("SELECT * FROM idx.gsi WHERE g = 'x'"),
        "ValidationException",
        "Validation failed in TransactStatements[0]: Reads on indices are not supported within"
            + " transactions.");
    refused(
        transaction("UPDATE tab SET n = 1 WHERE pk = 'a' AND sk = '1' RETURNING ALL NEW *"),
        "ValidationException",
        "Validation failed in TransactStatements[0]: RETURNING clause is not supported in"
            + " ExecuteTransaction.");
    refused(
        transaction("SELECT * FROM tab WHERE"),
        "ValidationException",
        "Validation failed in TransactStatements[0]: Statement wasn't well formed, can't be"
            + " processed: Unexpected term");
    assertThat(transaction("DELETE FROM nowhere WHERE pk = 'a'").code())
        .isEqualTo("ResourceNotFoundException");
  }

  @Test
  void aTransactionWithATokenIsDoneOnce() throws Exception {
    ObjectNode asked = JsonNodeFactory.instance.objectNode();
    asked
        .put("ClientRequestToken", "one")
        .put("ReturnConsumedCapacity", "TOTAL")
        .putArray("TransactStatements")
        .add(member("UPDATE tab SET n = n + 1 WHERE pk = 'a' AND sk = '1'", ""));

    JsonNode first = calls.call("ExecuteTransaction", asked).body().at("/ConsumedCapacity/0");
    JsonNode again = calls.call("ExecuteTransaction", asked).body().at("/ConsumedCapacity/0");

    assertThat(item("a", "1").at("/n/N").asText()).isEqualTo("2");
    assertThat(first.get("WriteCapacityUnits").asDouble()).isEqualTo(2);
    assertThat(again.get("ReadCapacityUnits").asDouble()).isEqualTo(2);
    asked.putArray("TransactStatements").add(member(A, ""));
    asked
        .putArray("TransactStatements")
        .add(member("UPDATE tab SET n = n + 2 WHERE pk = 'a' AND sk = '1'", ""));
    assertThat(calls.call("ExecuteTransaction", asked).code())
        .isEqualTo("IdempotentParameterMismatchException");
  }

  @Test
  void aBatchNamesAnItemOnce() throws Exception {
    String duplicates = "Provided list of item keys contains duplicates";
    Answer written =
        batch(
            "INSERT INTO tab VALUE {'pk':'dup','sk':'1'}",
            "UPDATE tab SET n = 1 WHERE pk = 'dup' AND sk = '1'");
    refused(written, "ValidationException", duplicates);
    assertThat(item("dup", "1").isMissingNode()).isTrue();
    refused(batch(A, A), "ValidationException", duplicates);
    assertThat(batch("SLECT", "SLECT").status()).isEqualTo(200);
  }
}
