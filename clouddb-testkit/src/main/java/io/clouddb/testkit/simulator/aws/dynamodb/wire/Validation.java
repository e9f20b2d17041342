/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import io.clouddb.testkit.simulator.aws.AwsError;

/** What the service calls a request that it does not take. */
public final class Validation {
  private static final String CODE = "ValidationException";

  private Validation() {}

  /**
   * Refuses a request.
   *
   * @param text the service's sentence
   * @return the error
   */
  public static AwsError error(String text) {
    return AwsError.badRequest(CODE, text);
  }

  /**
   * Refuses a value.
   *
   * @param text what is wrong with it
   * @return the error
   */
  public static AwsError parameter(String text) {
    return error("One or more parameter values were invalid: " + text);
  }

  /**
   * Refuses an attribute whose name is empty.
   *
   * @return the error
   */
  public static AwsError noName() {
    return error("Empty attribute name");
  }

  /** Refuses what has another type than the definition says. */
  static AwsError serialization(String text) {
    return AwsError.badRequest("SerializationException", text);
  }
}
