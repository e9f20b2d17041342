/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.autoscaling;

import io.clouddb.testkit.simulator.aws.AwsError;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be scaled: the reads or the writes of a table or of an index.
 *
 * @param table name of the table
 * @param index name of the global secondary index, or nothing for the table itself
 * @param writes whether it is the writes
 */
public record Scalable(String table, Optional<String> index, boolean writes) {
  static final String NAMESPACE = "dynamodb";

  /** The dimensions of this namespace. */
  static final List<String> DIMENSIONS =
      List.of(
          "dynamodb:table:ReadCapacityUnits",
          "dynamodb:table:WriteCapacityUnits",
          "dynamodb:index:ReadCapacityUnits",
          "dynamodb:index:WriteCapacityUnits");

  private static final Pattern TABLE = Pattern.compile("table/([a-zA-Z0-9_.-]+)");
  private static final Pattern INDEX =
      Pattern.compile("table/([a-zA-Z0-9_.-]+)/index/([a-zA-Z0-9_.-]+)");

  /**
   * Reads one as the service's requests name it.
   *
   * @param namespace the service
   * @param resourceId for example {@code table/orders}
   * @param dimension for example {@code dynamodb:table:ReadCapacityUnits}
   * @return what they name
   * @throws AwsError when they do not fit each other
   */
  static Scalable of(String namespace, String resourceId, String dimension) {
    boolean ofIndex = dimension.startsWith("dynamodb:index:");
    Matcher named = (ofIndex ? INDEX : TABLE).matcher(resourceId);
    if (!namespace.equals(NAMESPACE) || !DIMENSIONS.contains(dimension) || !named.matches()) {
      throw AwsError.badRequest(
          "ValidationException",
          "Unsupported service namespace, resource type or scalable dimension");
    }
    return new Scalable(
        named.group(1),
        ofIndex ? Optional.of(named.group(2)) : Optional.empty(),
        dimension.endsWith("WriteCapacityUnits"));
  }

  /**
   * The table or index, as the service names it.
   *
   * @return for example {@code table/orders/index/byCustomer}
   */
  public String resourceId() {
    return "table/" + table + index.map(name -> "/index/" + name).orElse("");
  }

  /**
   * What of it is scaled.
   *
   * @return for example {@code dynamodb:table:ReadCapacityUnits}
   */
  public String dimension() {
    return "dynamodb:"
        + (index.isPresent() ? "index" : "table")
        + (writes ? ":WriteCapacityUnits" : ":ReadCapacityUnits");
  }

  /** The metric that a policy for it tracks. */
  String metric() {
    return writes ? "DynamoDBWriteCapacityUtilization" : "DynamoDBReadCapacityUtilization";
  }

  /** What scaling activities call it. */
  String units() {
    return writes ? "write capacity units" : "read capacity units";
  }
}
