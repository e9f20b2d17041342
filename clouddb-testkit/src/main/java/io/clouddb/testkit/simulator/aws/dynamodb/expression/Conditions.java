/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

/** Reads {@code ConditionExpression} and {@code FilterExpression}. */
public final class Conditions {
  private Conditions() {}

  /**
   * Reads a condition.
   *
   * @param parameter the request's parameter, for errors: {@code ConditionExpression} or {@code
   *     FilterExpression}
   * @param text the expression
   * @param placeholders what it may use
   * @return the condition
   * @throws io.clouddb.testkit.simulator.aws.AwsError ValidationException in the service's words
   */
  public static Condition parse(String parameter, String text, Placeholders placeholders) {
    Node root = ConditionGrammar.parse(parameter, text);
    new Shape(parameter, false).requireCondition(root);
    return new ConditionBinder(parameter, placeholders).condition(root);
  }
}
