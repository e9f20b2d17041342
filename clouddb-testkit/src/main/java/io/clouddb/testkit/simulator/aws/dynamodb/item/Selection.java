/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Path;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Projection;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code Select} and {@code IndexName}: which attributes of what are told. */
final class Selection {
  private static final String SELECT = "Select";
  private static final String INDEX_NAME = "IndexName";
  private static final String COUNT = "COUNT";
  private static final String ALL = "ALL_ATTRIBUTES";
  private static final String PROJECTED = "ALL_PROJECTED_ATTRIBUTES";
  private static final String SPECIFIC = "SPECIFIC_ATTRIBUTES";

  private Selection() {}

  static boolean countOnly(Members members) {
    return COUNT.equals(members.textOrNull(SELECT));
  }

  /** Refuses what cannot be together. */
  static void check(Members members) {
    String select = members.textOrNull(SELECT);
    if (select == null) {
      return;
    }
    String named =
        members.has(ExpressionParameters.PROJECTION)
            ? ExpressionParameters.PROJECTION
            : members.has(ExpressionParameters.ATTRIBUTES_TO_GET)
                ? ExpressionParameters.ATTRIBUTES_TO_GET
                : null;
    if (select.equals(SPECIFIC) && named == null) {
      throw Validation.parameter(
          "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
              + SPECIFIC);
    }
    if (!select.equals(SPECIFIC) && named != null) {
      throw Validation.parameter(
          "Cannot specify the "
              + named
              + " when choosing to get "
              + (select.equals(COUNT) ? "only the Count" : select));
    }
    if (select.equals(PROJECTED) && !members.has(INDEX_NAME)) {
      throw Validation.parameter(PROJECTED + " can be used only when Querying using an IndexName");
    }
  }

  /** The index that is asked for; null for the table. */
  static @Nullable IndexDefinition index(Members members, DynamoTable table) {
    String name = members.textOrNull(INDEX_NAME);
    if (name == null) {
      return null;
    }
    IndexDefinition index =
        table
            .readable(name)
            .orElseThrow(
                () -> Validation.error("The table does not have the specified index: " + name));
    if (index.global() && members.flag("ConsistentRead")) {
      throw Validation.error("Consistent reads are not supported on global secondary indexes");
    }
    return index;
  }

  /** Whether what is not in the index has to be read from the table. */
  static boolean fetches(
      Members members,
      DynamoTable table,
      @Nullable IndexDefinition index,
      @Nullable Projection projection) {
    if (index == null || index.projection() == IndexDefinition.Projection.ALL) {
      return false;
    }
    if (ALL.equals(members.textOrNull(SELECT))) {
      if (index.global()) {
        throw Validation.parameter(
            "Select type "
                + ALL
                + " is not supported for global secondary index "
                + index.name()
                + " because its projection type is not ALL");
      }
      return true;
    }
    List<String> missing =
        projection == null
            ? List.of()
            : projection.paths().stream()
                .map(Path::attribute)
                .filter(name -> !index.projects(name, table.definition().keys()))
                .distinct()
                .toList();
    if (!missing.isEmpty() && index.global()) {
      throw notProjected(index, missing);
    }
    return !missing.isEmpty();
  }

  private static AwsError notProjected(IndexDefinition index, List<String> missing) {
    return Validation.parameter(
        "Global secondary index "
            + index.name()
            + " does not project "
            + missing.stream().collect(Collectors.joining(", ", "[", "]")));
  }
}
