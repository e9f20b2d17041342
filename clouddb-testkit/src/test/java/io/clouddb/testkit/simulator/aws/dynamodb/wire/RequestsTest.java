/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbService;
import io.clouddb.testkit.simulator.tables.Value;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {
  private static final Model MODEL = Model.of(DynamoDbService.class, "dynamodb-2012-08-10.txt");

  private static Members read(String operation, String json) {
    byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    Members members = RequestReader.read(body, MODEL.requestOf(operation));
    Constraints.check(members, MODEL.requestOf(operation));
    return members;
  }

  private static String refused(String operation, String json) {
    AwsError error = catchThrowableOfType(AwsError.class, () -> read(operation, json));
    return error.code() + ": " + error.text();
  }

  @Test
  void knowsAllActionsOfTheService() {
    assertThat(MODEL.operations()).hasSize(57).contains("PutItem", "UpdateTableReplicaAutoScaling");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|Value null at 'tableName' failed to satisfy constraint: Member must not be null",
        "{'TableName':''}|Value '' at 'tableName' failed to satisfy constraint: Member must have"
            + " length greater than or equal to 1",
        "{'TableName':'a b'}|Value 'a b' at 'tableName' failed to satisfy constraint: Member must"
            + " satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
        "{'TableName':'abc'}|Value null at 'item' failed to satisfy constraint: Member must not be"
            + " null",
      })
  void saysWhatIsMissingOrOfAnotherForm(String json, String message) {
    assertThat(refused("PutItem", json))
        .isEqualTo("ValidationException: 1 validation error detected: " + message);
  }

  @Test
  void saysAllAtOnceInTheOrderOfTheService() {
    assertThat(
            refused(
                "PutItem",
                "{'TableName':'abc','Item':{},'ReturnValues':'x','ReturnConsumedCapacity':'y'}"))
        .isEqualTo(
            "ValidationException: 2 validation errors detected: Value 'y' at"
                + " 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum"
                + " value set: [INDEXES, TOTAL, NONE]; Value 'x' at 'returnValues' failed to"
                + " satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD,"
                + " ALL_OLD, NONE, UPDATED_NEW]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'TableName':1}|NUMBER_VALUE cannot be converted to String",
        "{'TableName':true}|TRUE_VALUE cannot be converted to String",
        "{'TableName':['a']}|Unrecognized collection type class java.lang.String",
        "{'Item':'a'}|Unexpected field type",
        "{'Item':{'a':'b'}}|Unexpected value type in payload",
        "{'Item':{'a':{'B':'abc'}}}|Base64 encoded length is expected a multiple of 4 bytes but"
            + " found: 3",
        "{'Item':{'a':{'BOOL':1}}}|NUMBER_VALUE cannot be converted to Boolean",
        "{'Item':{'a':{'SS':'b'}}}|Unexpected field type",
      })
  void saysWhatHasAnotherType(String json, String message) {
    assertThat(refused("PutItem", json)).isEqualTo("SerializationException: " + message);
  }

  private static Value value(String json) {
    return Objects.requireNonNull(
        read("PutItem", "{'TableName':'abc','Item':{'a':" + json + "}}").item("Item").get("a"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
        "{'S':'a','N':'1'}|Supplied AttributeValue has more than one datatypes set, must contain"
            + " exactly one of the supported datatypes",
        "{'N':''}|The parameter cannot be converted to a numeric value",
        "{'N':'1x'}|The parameter cannot be converted to a numeric value: 1x",
        "{'N':'1e126'}|Number overflow. Attempting to store a number with magnitude larger than"
            + " supported range",
        "{'N':'1e-131'}|Number underflow. Attempting to store a number with magnitude smaller than"
            + " supported range",
        "{'N':'123456789012345678901234567890123456789'}|Attempting to store more than 38"
            + " significant digits in a Number",
        "{'NS':['1','1.0']}|Input collection contains duplicates",
        "{'L':[{'SS':[]}]}|One or more parameter values were invalid: An string set  may not be"
            + " empty",
      })
  void saysWhatIsWrongWithAValue(String json, String message) {
    assertThatThrownBy(() -> value(json)).hasMessage("ValidationException: " + message);
  }

  @Test
  void takesTheGreatestAndTheSmallestNumbers() {
    String greatest = "9.9999999999999999999999999999999999999e125";
    Value number = value("{'N':'" + greatest + "'}");
    assertThat(((Value.Num) number).number()).isEqualByComparingTo(greatest);
    assertThat(((Value.Num) value("{'N':'-1E-130'}")).number()).isEqualByComparingTo("-1E-130");
    assertThat(((Value.Num) value("{'N':'0e125'}")).number()).isEqualByComparingTo("0");
    assertThat(((Value.Num) value("{'N':'+007.10'}")).number()).isEqualByComparingTo("7.1");
  }

  private static String fingerprint(String items) {
    return read("TransactWriteItems", "{'TransactItems':[" + items + "]}")
        .fingerprint("TransactItems");
  }

  private static String put(String item) {
    return "{'Put':{'TableName':'abc','Item':{" + item + "}}}";
  }

  @Test
  void aFingerprintIsTheSameForTheSameMeaning() {
    String one = put("'a':{'N':'1'},'b':{'M':{'x':{'SS':['p','q']},'y':{'B':'aGk='}}}");
    assertThat(fingerprint(one))
        .isEqualTo(
            fingerprint(put("'b':{'M':{'y':{'B':'aGk='},'x':{'SS':['q','p']}}},'a':{'N':'1.0'}")));
    assertThat(
            Stream.of(
                    one,
                    one + "," + one,
                    put(""),
                    put("'a':{'N':'1'}"),
                    put("'a':{'N':'-1'}"),
                    put("'a':{'S':'1'}"),
                    put("'a':{'BOOL':true}"),
                    put("'a':{'BOOL':false}"),
                    put("'a':{'NULL':true}"),
                    put("'a':{'L':[{'S':'p'},{'S':'q'}]}"),
                    put("'a':{'L':[{'S':'q'},{'S':'p'}]}"),
                    put("'a':{'SS':['p','q']}"),
                    put("'a':{'SS':['pq']}"),
                    put("'a':{'NS':['1','2']}"),
                    put("'a':{'BS':['aGk=']}"),
                    put("'a':{'B':'aGk='}"),
                    put("'a':{'S':'1'}") + "," + put("'b':{'S':'1'}"),
                    put("'a':{'S':'1'},'b':{'S':'1'}"),
                    put("'a':{'M':{'S':{'S':'1'}}}"))
                .map(RequestsTest::fingerprint))
        .doesNotHaveDuplicates();
  }

  @Test
  void passesOverWhatTheDefinitionDoesNotKnow() {
    Members members = read("GetItem", "{'TableName':'abc','Key':{},'New':{'x':[1,{'y':2}]}}");
    assertThat(members.has("New")).isFalse();
    assertThat(members.text("TableName")).isEqualTo("abc");
  }
}
