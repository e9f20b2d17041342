/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.AwsError;

/** What the service calls its refusals, beside those of single values. */
public final class Refusals {
  private Refusals() {}

  /**
   * A table that is not there, for most actions.
   *
   * @param table its name
   * @return the error
   */
  public static AwsError noTable(String table) {
    return notFound("Table: " + table + " not found");
  }

  /**
   * Something that is not there.
   *
   * @param what a sentence about it
   * @return the error
   */
  public static AwsError notFound(String what) {
    return AwsError.badRequest(
        "ResourceNotFoundException", "Requested resource not found: " + what);
  }

  /**
   * A table that is not there, for actions on backups.
   *
   * @param table its name
   * @return the error
   */
  public static AwsError noTableToRecover(String table) {
    return AwsError.badRequest("TableNotFoundException", "Table not found: " + table);
  }

  /**
   * A table that is changing.
   *
   * @param text how
   * @return the error
   */
  public static AwsError inUse(String text) {
    return AwsError.badRequest(
        "ResourceInUseException", "Attempt to change a resource which is still in use: " + text);
  }

  /**
   * A table one of whose replicas is changing.
   *
   * @return the error
   */
  public static AwsError groupInUse() {
    return AwsError.badRequest(
        "ResourceInUseException", "The resource which you are attempting to change is in use.");
  }

  /**
   * More than an account may have or do.
   *
   * @param text what
   * @return the error
   */
  public static AwsError limit(String text) {
    return AwsError.badRequest("LimitExceededException", "Subscriber limit exceeded: " + text);
  }
}
