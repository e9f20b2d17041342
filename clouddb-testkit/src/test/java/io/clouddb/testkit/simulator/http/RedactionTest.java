/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final String SECRET = "hunter2-%26-hunter2";

  private static RecordedRequest record(
      String query, Map<String, List<String>> headers, String body, String response) {
    SimulatedRequest request =
        new SimulatedRequest(
            "POST",
            URI.create("http://127.0.0.1:1/a" + (query.isEmpty() ? "" : "?" + query)),
            headers,
            body.getBytes(StandardCharsets.UTF_8),
            body.getBytes(StandardCharsets.UTF_8));
    return Redaction.record("x", request, 200, response);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Action=A&MasterUserPassword=hunter2-%26-hunter2&B=c",
        "Action=A&%4DasterUser%50assword=hunter2-%26-hunter2",
        "Action=A&PreSignedUrl=https%3A%2F%2Frds%2F%3FX-Amz-Signature%3Dhunter2",
        "{\"administratorLoginPassword\":\"hunter2-%26-hunter2\"}",
        "{\"a\":[{\"b\":{\"rootPassword\" : \"hunter2-%26-hunter2\"}}]}",
        "{\"administrator\\u0050assword\":\"hunter2-%26-hunter2\"}",
        "{\"password\":{\"value\":\"hunter2-%26-hunter2\"},\"b\":1}",
        "{\"passwords\":1,\"password\":[\"x\",\"hunter2-%26-hunter2\"]}",
        "{\"SecretString\":\"{\\\"password\\\":\\\"hunter2-%26-hunter2\\\"}\"}",
        "{\"a\":1,\"password\":\"hunter2-%26-hunter2",
        "{\"a\":}{\"password\":\"hunter2-%26-hunter2\"}",
        "<A><MasterUserPassword>hunter2-%26-hunter2</MasterUserPassword></A>",
        "  [{\"clientSecret\":\"hunter2-%26-hunter2\"}]"
      })
  void hidesTheValuesOfSecretFields(String text) {
    RecordedRequest sent = record("", Map.of(), text, "");
    RecordedRequest answered = record("", Map.of(), "", text);
    assertThat(sent.toString() + answered).doesNotContain("hunter2").contains("***");
  }

  @Test
  void hidesWhatItHasSeenWhereverElseItStands() {
    RecordedRequest request =
        record(
            "token=x&x-amz-security-token=" + SECRET,
            Map.of("Authorization", List.of("Bearer " + SECRET + "1")),
            "MasterUserPassword=" + SECRET,
            "The value hunter2-&-hunter2 or " + SECRET + "1 is no password");
    assertThat(request.toString()).doesNotContain("hunter2");
    assertThat(request.responseBody()).isEqualTo("The value *** or *** is no password");
  }

  @Test
  void leavesTheRestAsItWas() {
    String json =
        "{ \"ManageMasterUserPassword\": true, \"password\" : \"x\",\t\"n\":1.50, \"t\":[ 1 ,{}] }";
    assertThat(record("pageToken=abcdefgh", Map.of(), json, "").body())
        .isEqualTo(json.replace("\"x\"", "\"***\""));
    String form = "ManageMasterUserPassword=true&Marker=abc&SecretId=arn&Tags.Tag.1.Key=a%20b";
    RecordedRequest request = record("pageToken=abcdefgh", Map.of(), form, "");
    assertThat(request.body()).isEqualTo(form);
    assertThat(request.rawQuery()).isEqualTo("pageToken=abcdefgh");
  }

  @Test
  void showsNothingOfARequestThatIsFullOfSecrets() {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < 50_000; i++) {
      form.append("&pwd=secret-").append(i);
    }
    assertThat(record("", Map.of(), form.toString(), "secret-1").toString())
        .doesNotContain("secret-");
  }

  /** A password that a test may well have, and that is a word of the API too. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Action=CreateDBInstance&Engine=postgres&MasterUserPassword=postgres"
            + "|Action=CreateDBInstance&Engine=postgres&MasterUserPassword=***",
        "{\"a\":{\"engine\":\"postgres\"},\"password\":\"postgres\"}"
            + "|{\"a\":{\"engine\":\"postgres\"},\"password\":\"***\"}",
        "<A><Engine>postgres</Engine><Password>postgres</Password></A>"
            + "|<A><Engine>postgres</Engine><Password>***</Password></A>"
      })
  void leavesOtherFieldsThatHaveTheSameWord(String sent, String shown) {
    RecordedRequest request = record("", Map.of(), sent, "<Engine>postgres</Engine>");

    assertThat(request.body()).isEqualTo(shown);
    assertThat(request.responseBody()).isEqualTo("<Engine>postgres</Engine>");
  }

  /** Other fields that hold it too do not make a password less of one. */
  @Test
  void hidesAPasswordThatIsNoPlainWordInOtherFieldsToo() {
    RecordedRequest request =
        record(
            "",
            Map.of(),
            "Tag=Hunter-22&MasterUserPassword=Hunter-22&OtherPassword=hunterword",
            "<Value>hunterword</Value>");

    assertThat(request.toString().toLowerCase(Locale.ROOT)).doesNotContain("hunter");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Item':{'password':{'SS':['hunter22','hunter22']}}}",
        "{'Item':{'password':{'M':{'x':{'L':[{'S':'hunter22'}]}}}}}",
        "{'UpdateExpression':'SET password ="
            + " :p','ExpressionAttributeValues':{':p':{'S':'hunter22'}}}",
        "{'ExpressionAttributeValues':{':p':{'S':'hunter22'}},'UpdateExpression':'SET a.#p = :p',"
            + "'ExpressionAttributeNames':{'#p':'apiKey'}}",
        "{'Statement':'SELECT * FROM t WHERE a.password = ?','Parameters':[{'S':'hunter22'}]}",
        "{'Statement':'UPDATE t SET password = ~hunter22~ WHERE pk = ~a~'}",
        "{'TransactStatements':[{'Statement':'INSERT INTO t VALUE {~password~: ~hunter22~}'}]}",
      })
  void hidesSecretsInItemsExpressionsAndStatements(String text) {
    RecordedRequest sent =
        record(
            "",
            Map.of("X-Amz-Target", List.of("DynamoDB_20120810.X")),
            text.replace('\'', '"').replace('~', '\''),
            "{\"message\":\"Input collection [hunter22, hunter22] contains duplicates.\"}");
    assertThat(sent.toString()).doesNotContain("hunter22").contains("contains duplicates");
  }

  @Test
  void showsTheValuesOfExpressionsThatNameNoSecret() {
    RecordedRequest sent =
        record(
            "",
            Map.of("X-Amz-Target", List.of("DynamoDB_20120810.Query")),
            "{\"KeyConditionExpression\":\"pk ="
                + " :p\",\"ExpressionAttributeValues\":{\":p\":{\"S\":\"order-1\"}}}",
            "");
    assertThat(sent.body()).contains("order-1");
  }

  private static RecordedRequest ofItems(String body, String response) {
    return record(
        "",
        Map.of("X-Amz-Target", List.of("DynamoDB_20120810.X")),
        body.replace('\'', '"'),
        response.replace('\'', '"'));
  }

  @Test
  void leavesNumbersThatAreNoValuesOfItems() {
    RecordedRequest sent =
        ofItems(
            "{'Item':{'pinSecret':{'N':'409600'}},'Limit':409600}",
            "{'TableSizeBytes':409600,'message':'no 409600','\\'409600\\'':'\\\\'}");
    assertThat(sent.body()).isEqualTo("{\"Item\":{\"pinSecret\":\"***\"},\"Limit\":409600}");
    assertThat(sent.responseBody())
        .isEqualTo("{\"TableSizeBytes\":409600,\"message\":\"no ***\",\"\\\"***\\\"\":\"\\\\\"}");
  }

  @Test
  void hidesSecretsAlsoInAnAnswerThatIsNoJson() {
    RecordedRequest sent =
        ofItems("{'Item':{'pinSecret':{'N':'409600'}}}", "{'a':'x','b':409600 409600");
    assertThat(sent.toString()).doesNotContain("409600");
    assertThat(ofItems("{'Item':{'pinSecret':{'N':'409600'}}}", "409600").toString())
        .doesNotContain("409600");
  }

  @Test
  void showsTheRestOfABatchOfManySecrets() {
    StringBuilder puts = new StringBuilder("{'TransactItems':[");
    for (int i = 0; i < 100; i++) {
      puts.append(i == 0 ? "" : ",")
          .append("{'Put':{'TableName':'app','Item':{'pk':{'S':'order-1'},'password':{'S':'&hunter")
          .append(i)
          .append("+'}}}}");
    }
    RecordedRequest sent = ofItems(puts + "]}", "{'message':'&hunter77+ is none'}");
    assertThat(sent.toString()).doesNotContain("hunter").contains("order-1");
    assertThat(sent.responseBody()).isEqualTo("{\"message\":\"*** is none\"}");
  }

  /** It has the key of the last item in it. */
  @Test
  void hidesWhereAPageOfItemsEnds() {
    RecordedRequest sent =
        ofItems(
            "{'Statement':'SELECT v FROM t','NextToken':'aHVudGVyMjI'}",
            "{'Items':[],'NextToken':'aHVudGVyMjM'}");
    assertThat(sent.toString()).doesNotContain("aHVudGVy").contains("SELECT v FROM t");
  }
}
