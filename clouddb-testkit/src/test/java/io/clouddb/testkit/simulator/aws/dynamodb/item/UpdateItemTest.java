/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.aws.DynamoDbWire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What updates do where there is no item, and the older parameters over the wire. */
class UpdateItemTest {
  private static final String KEY = "'TableName':'items','Key':{'pk':{'S':'a'},'sk':{'S':'b'}}";

  private final DynamoDbWire wire = new DynamoDbWire();

  @BeforeEach
  void makeTable() {
    wire.table("items", ",'BillingMode':'PAY_PER_REQUEST'");
  }

  @AfterEach
  void close() {
    wire.close();
  }

  private String update(String more) {
    return wire.ok("UpdateItem", "{" + KEY + more + "}").toString();
  }

  private String get() {
    return wire.ok("GetItem", "{" + KEY + "}").toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",'UpdateExpression':'REMOVE x'",
        ",'UpdateExpression':'DELETE x :v','ExpressionAttributeValues':{':v':{'SS':['a']}}",
        ",'AttributeUpdates':{'x':{'Action':'DELETE'}}",
        ",'AttributeUpdates':{'x':{'Action':'DELETE','Value':{'SS':['a']}}}",
      })
  void takingAwayMakesNoItem(String update) {
    assertThat(update(update + ",'ReturnValues':'ALL_NEW'")).isEqualTo("{}");
    assertThat(get()).isEqualTo("{}");
    String pairs = "{'TransactItems':[{'Update':{" + KEY + ",'UpdateExpression':'REMOVE x'}}]}";
    wire.ok("TransactWriteItems", pairs);
    assertThat(get()).isEqualTo("{}");
  }

  @Test
  void doingNothingMakesOne() {
    update("");
    assertThat(get()).isEqualTo("{'Item':{'pk':{'S':'a'},'sk':{'S':'b'}}}");
  }

  @Test
  void olderParametersChangeAndTellWhatTheyChanged() {
    update(
        ",'AttributeUpdates':{'x':{'Value':{'N':'1'}},'s':{'Action':'ADD','Value':{'SS':['a']}}}");
    assertThat(
            update(
                ",'AttributeUpdates':{'x':{'Action':'ADD','Value':{'N':'4'}}},"
                    + "'Expected':{'x':{'ComparisonOperator':'GE','AttributeValueList':[{'N':'1'}]},"
                    + "'y':{'Exists':false}},'ConditionalOperator':'AND',"
                    + "'ReturnValues':'UPDATED_NEW'"))
        .isEqualTo("{'Attributes':{'x':{'N':'5'}}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ",'ConditionalOperator':'AND' | ConditionalOperator cannot be used without Filter or"
            + " Expected",
        ",'ConditionalOperator':'OR','Expected':{'a':{'Exists':false}} | ConditionalOperator can"
            + " only be used when Filter or Expected has two or more elements",
        ",'ConditionalOperator':'AND','UpdateExpression':'REMOVE a' | Can not use both expression"
            + " and non-expression parameters in the same request: Non-expression parameters:"
            + " {ConditionalOperator} Expression parameters: {UpdateExpression}",
        ",'AttributeUpdates':{'a':{'Action':'DELETE'}},'Expected':{'a':{'Exists':false}},"
            + "'UpdateExpression':'REMOVE a','ConditionExpression':'a = b' | Can not use both"
            + " expression and non-expression parameters in the same request: Non-expression"
            + " parameters: {AttributeUpdates, Expected} Expression parameters: {UpdateExpression,"
            + " ConditionExpression}",
        ",'UpdateExpression':'SET a.b = :v','ExpressionAttributeValues':{':v':{'N':'1'}} | The"
            + " document path provided in the update expression is invalid for update",
        ",'AttributeUpdates':{'a':{'Action':'PUT'}} | One or more parameter values were invalid:"
            + " Only DELETE action is allowed when no attribute value is specified",
      })
  void refusalsAreTheServices(String more, String message) {
    assertThat(wire.refused("UpdateItem", "{" + KEY + more + "}"))
        .isEqualTo("ValidationException: " + message);
  }
}
