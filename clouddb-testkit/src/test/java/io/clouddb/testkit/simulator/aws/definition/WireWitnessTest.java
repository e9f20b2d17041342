/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The witness itself can fail, and says why. */
class WireWitnessTest {
  private static final String PUT =
      "{'TableName':'t','Item':{'pk':{'S':'a'},'b':{'B':'AQI='},'n':{'NULL':true}},"
          + "'ReturnValues':'ALL_OLD'}";
  private static final String PUT_ANSWER =
      "{'Attributes':{'pk':{'S':'a'},'l':{'L':[{'N':'1'}]}},'ConsumedCapacity':"
          + "{'TableName':'t','CapacityUnits':1.0,'Table':{'CapacityUnits':1.0}}}";
  private static final String DESCRIBE_ANSWER =
      "{'Table':{'TableName':'app','TableStatus':'ACTIVE','ItemCount':3,"
          + "'CreationDateTime':1.5E9,'KeySchema':[{'AttributeName':'pk','KeyType':'HASH'}],"
          + "'DeletionProtectionEnabled':false}}";
  private static final String ERROR =
      "{'__type':'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',"
          + "'message':'The conditional request failed','Item':{'pk':{'S':'a'}}}";

  private static RecordedRequest exchange(String target, String body, int status, String answer) {
    return new RecordedRequest(
        target.substring(target.indexOf('.') + 1),
        "POST",
        "/",
        "",
        Map.of("x-amz-target", List.of(target)),
        body.replace('\'', '"'),
        status,
        answer.replace('\'', '"'));
  }

  private static List<String> put(String body, int status, String answer) {
    return WireWitness.problems(
        List.of(exchange("DynamoDB_20120810.PutItem", body, status, answer)));
  }

  @Test
  void takesWhatIsRight() {
    assertThat(put(PUT, 200, PUT_ANSWER)).isEmpty();
    assertThat(put(PUT, 400, ERROR)).isEmpty();
    // The connection was cut.
    assertThat(put(PUT, 0, "")).isEmpty();
    // The log does not tell a secret.
    assertThat(put(PUT.replace("'b':{'B':'AQI='}", "'password':'***'"), 200, "{}")).isEmpty();
    // Nor anything of what has hundreds of them.
    assertThat(put("***", 200, "***")).isEmpty();
    // A null is a member that is not there.
    assertThat(put(PUT.replace("'ALL_OLD'", "null"), 200, "{}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "'TableName':'t', 'Table':'t', asks has no TableName",
        "'ReturnValues', 'ReturnValue', asks.ReturnValue is no member of PutItemInput",
        "'ALL_OLD', 'ALL', is none of",
        "'ALL_OLD', true, is none of",
        "'TableName':'t', 'TableName':'', has the length 0",
        "'TableName':'t', 'TableName':7, is no text",
        "{'S':'a'}, {'S':'a'@'N':'1'}, is not one value",
        "{'S':'a'}, {'T':'a'}, is no member of AttributeValue",
        "{'S':'a'}, 'a', is no structure",
        "'AQI=', '!', is no base 64",
        "'NULL':true, 'NULL':'true', is no boolean",
        "{'TableName':'t', 'TableName':'t', asks no JSON",
      })
  void namesWhatIsWrongWithARequest(String right, String wrong, String problem) {
    String body = PUT.replace(right, wrong.replace('@', ','));
    assertThat(put(body, 200, PUT_ANSWER)).anyMatch(found -> found.contains(problem));
  }

  @Test
  void aRequestThatWasRefusedMayBeWrongWhereATestSaysSo() {
    List<RecordedRequest> refused =
        List.of(
            exchange(
                "DynamoDB_20120810.PutItem",
                "{'Table':'t'}",
                400,
                "{'__type':'com.amazon.coral.validate#ValidationException','message':'m'}"));
    assertThat(WireWitness.problemsOfAccepted(refused)).isEmpty();
    assertThat(WireWitness.problems(refused)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "'Attributes', 'Attribute', answers.Attribute is no member of PutItemOutput",
        "{'N':'1'}, {'N':1}, is no text",
        "[{'N':'1'}], {}, is no list",
        "1.0, '1.0', is no number",
        "'Table':, 'Tables':, is no member of ConsumedCapacity",
        "'TableName':'t', 'TableName':null, is no text",
        "{'Attributes', <'Attributes', answers no JSON",
      })
  void namesWhatIsWrongWithAnAnswer(String right, String wrong, String problem) {
    assertThat(put(PUT, 200, PUT_ANSWER.replace(right, wrong)))
        .anyMatch(found -> found.contains(problem));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "'ACTIVE', 'READY', is none of",
        "'app', '?', is not as",
        "1.5E9, '2026-01-01', is no number",
        "'ItemCount':3, 'ItemCount':3.5, is no whole number",
        "[{'AttributeName':'pk'@'KeyType':'HASH'}], [], has the length 0",
        "'AttributeName':'pk'@, '', has no AttributeName",
        "false, 'no', is no boolean",
      })
  void namesWhatIsWrongWithADescription(String right, String wrong, String problem) {
    String answer =
        DESCRIBE_ANSWER.replace(
            right.replace('@', ','), wrong.equals("''") ? "" : wrong.replace('@', ','));
    assertThat(
            WireWitness.problems(
                List.of(
                    exchange(
                        "DynamoDB_20120810.DescribeTable", "{'TableName':'app'}", 200, answer))))
        .anyMatch(found -> found.contains(problem));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "ConditionalCheckFailedException, TableNotFoundException, the error"
            + " 'TableNotFoundException'",
        "'message', 'text', without a message",
        "'Item', 'Items', Items is no member",
        "{'S':'a'}, {'S':1}, is no text",
        "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException, ValidationException,"
            + " with {",
      })
  void namesWhatIsWrongWithAnError(String right, String wrong, String problem) {
    assertThat(put(PUT, 400, ERROR.replace(right, wrong)))
        .anyMatch(found -> found.contains(problem));
  }

  @Test
  void anErrorHasItsStatus() {
    assertThat(put(PUT, 500, ERROR)).singleElement().asString().contains("with status 500");
    String own = "{'__type':'com.amazonaws.dynamodb.v20120810#InternalServerError','message':'m'}";
    assertThat(put(PUT, 500, own)).isEmpty();
    assertThat(put(PUT, 400, own)).singleElement().asString().contains("with status 400");
  }

  @Test
  void anActionThatTheServiceHasNotAndOneWithoutAnswer() {
    assertThat(
            WireWitness.problems(List.of(exchange("DynamoDB_20120810.PutThings", "{}", 200, "{}"))))
        .containsExactly("The service has no action PutThings");
    String tag = "{'ResourceArn':'arn','Tags':[{'Key':'k','Value':'v'}]}";
    assertThat(
            WireWitness.problems(
                List.of(exchange("DynamoDB_20120810.TagResource", tag, 200, "{'Tags':[]}"))))
        .containsExactly("TagResource answers something: {\"Tags\":[]}");
  }

  /** Recorded answers have it, and the API reference of BatchWriteItem. */
  @Test
  void theServiceItselfAnswersSomeThingsAgainstItsDefinition() {
    String throughput =
        "'ProvisionedThroughput':{'NumberOfDecreasesToday':%d,'WriteCapacityUnits':%d}";
    String answer = "{'Table':{" + throughput + "}}";
    String asked = "{'TableName':'app'}";
    String target = "DynamoDB_20120810.DescribeTable";
    assertThat(WireWitness.problems(List.of(exchange(target, asked, 200, answer.formatted(0, 0)))))
        .isEmpty();
    assertThat(
            WireWitness.problems(List.of(exchange(target, asked, 200, answer.formatted(-1, -1)))))
        .hasSize(2);
    assertThat(
            WireWitness.problems(
                List.of(
                    exchange(
                        "DynamoDB_20120810.CreateTable",
                        "{'TableName':'app'," + throughput.formatted(1, 0) + "}",
                        200,
                        "{}"))))
        .anyMatch(problem -> problem.contains("WriteCapacityUnits 0 is not in"));
  }

  @Test
  void alsoReadsStreamsAndScaling() {
    assertThat(
            WireWitness.problems(
                List.of(
                    exchange(
                        "DynamoDBStreams_20120810.ListStreams",
                        "{'Limit':0}",
                        200,
                        "{'Streams':[{'StreamArns':'a'}]}"))))
        .hasSize(2);
    assertThat(
            WireWitness.problems(
                List.of(
                    exchange(
                        "AnyScaleFrontendService.DescribeScalableTargets",
                        "{'ServiceNamespace':'dynamo'}",
                        400,
                        "{'__type':'ObjectNotFoundException','Message':'m'}"))))
        .hasSize(2);
    // Somebody else's.
    assertThat(
            WireWitness.problems(
                List.of(exchange("secretsmanager.GetSecretValue", "{'Id':1}", 200, "{'Id':1}"))))
        .isEmpty();
  }
}
