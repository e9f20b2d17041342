/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTables;
import io.clouddb.testkit.simulator.aws.dynamodb.KeyTypes;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Condition;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.KeyCondition;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.KeyRange;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Legacy;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Path;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Placeholders;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Projection;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.ValueType;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.PageRequest;
import io.clouddb.testkit.simulator.tables.SortRange;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads many items: {@code Query}, {@code Scan}. */
final class SearchActions {
  private static final String LIMIT = "Limit";
  private static final String CONSISTENT = "ConsistentRead";
  private static final String KEY_CONDITIONS = "KeyConditions";
  private static final String QUERY_FILTER = "QueryFilter";
  private static final String SCAN_FILTER = "ScanFilter";
  private static final String SEGMENT = "Segment";
  private static final String TOTAL_SEGMENTS = "TotalSegments";

  private final DynamoTables tables;

  SearchActions(DynamoTables tables) {
    this.tables = tables;
  }

  private static @Nullable Integer limit(Members members) {
    Long limit = members.wholeOrNull(LIMIT);
    return limit == null ? null : (int) Math.min(Integer.MAX_VALUE, limit);
  }

  private static @Nullable Condition older(Members members, String parameter) {
    String operator = members.textOrNull(ExpressionParameters.CONDITIONAL_OPERATOR);
    if (!members.has(parameter) && operator == null) {
      return null;
    }
    return Legacy.filter(ExpressionParameters.comparisons(members, parameter), operator);
  }

  Answer query(ModelCall call) {
    Members members = call.members();
    Long limit = members.wholeOrNull(LIMIT);
    if (limit != null && limit < 1) {
      // The only member that the service names and shows in this way.
      throw Validation.error(
          "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must"
              + " have value greater than or equal to 1");
    }
    boolean olderKeys =
        members.has(KEY_CONDITIONS) && !members.has(ExpressionParameters.KEY_CONDITION);
    List<String> older =
        List.of(
            ExpressionParameters.ATTRIBUTES_TO_GET,
            QUERY_FILTER,
            ExpressionParameters.CONDITIONAL_OPERATOR,
            KEY_CONDITIONS);
    ExpressionParameters.check(
        members,
        List.of(
            ExpressionParameters.PROJECTION,
            ExpressionParameters.FILTER,
            ExpressionParameters.KEY_CONDITION),
        // Filters by expression go with keys in the older way.
        olderKeys ? older.subList(0, older.size() - 1) : older);
    Condition filter = older(members, QUERY_FILTER);
    Map<String, Value> start = StartKeys.values(members);
    if (!members.has(KEY_CONDITIONS) && !members.has(ExpressionParameters.KEY_CONDITION)) {
      throw Validation.error(
          "Either the KeyConditions or KeyConditionExpression parameter must be specified in the"
              + " request.");
    }
    Selection.check(members);
    Placeholders placeholders = ExpressionParameters.placeholders(members);
    String text = members.textOrNull(ExpressionParameters.KEY_CONDITION);
    KeyCondition keys =
        text == null
            ? Legacy.keyConditions(ExpressionParameters.comparisons(members, KEY_CONDITIONS))
            : KeyCondition.parse(text, placeholders);
    Condition expression =
        ExpressionParameters.condition(members, ExpressionParameters.FILTER, placeholders);
    Projection projection = ExpressionParameters.projection(members, placeholders);
    placeholders.requireAllUsed();
    DynamoTable table = tables.usable(call.region(), members.text(WriteActions.TABLE_NAME));
    IndexDefinition index = Selection.index(members, table);
    KeySchema schema = index == null ? table.definition().keys() : index.keys();
    PageRequest.Position after =
        start == null ? null : StartKeys.position(table.definition(), index, start);
    PageRequest.Partition span = partition(schema, keys);
    if (start != null) {
      StartKeys.check(schema, span, start);
    }
    if (projection != null) {
      KeyPaths.check(table.definition(), projection.paths());
    }
    if (expression != null) {
      refuseKeys(schema, expression.paths(), "Filter Expression");
    } else if (filter != null) {
      refuseKeys(schema, filter.paths(), QUERY_FILTER);
    }
    boolean fetch = Selection.fetches(members, table, index, projection);
    if (expression != null) {
      KeyPaths.check(table.definition(), expression.paths());
    }
    boolean forward = !Boolean.FALSE.equals(members.flagOrNull("ScanIndexForward"));
    return new Search(
            table,
            index,
            span,
            forward,
            after,
            limit(members),
            members.flag(CONSISTENT),
            expression == null ? filter : expression,
            projection,
            fetch)
        .answer(
            members.text(WriteActions.TABLE_NAME),
            Consumed.Detail.of(members),
            Selection.countOnly(members));
  }

  private static void refuseKeys(KeySchema schema, List<Path> paths, String parameter) {
    for (KeyAttribute key : schema.attributes()) {
      if (paths.stream().anyMatch(path -> path.attribute().equals(key.name()))) {
        throw Validation.error(
            parameter
                + " can only contain non-primary key attributes: Primary key attribute: "
                + key.name());
      }
    }
  }

  /** The part of a table or an index that a key condition means. */
  static PageRequest.Partition partition(KeySchema schema, KeyCondition condition) {
    Map<String, ValueType> types = new HashMap<>();
    for (KeyAttribute key : schema.attributes()) {
      types.put(key.name(), ValueType.valueOf(KeyTypes.letter(key.type())));
    }
    KeyAttribute sort = schema.sort();
    KeyRange range =
        condition.against(schema.partition().name(), sort == null ? null : sort.name(), types);
    return new PageRequest.Partition(range.partition(), sortRange(range.sort()));
  }

  private static SortRange sortRange(KeyRange.@Nullable Sort sort) {
    if (sort == null) {
      return SortRange.ALL;
    }
    Value value = sort.values().get(0);
    return switch (sort.operator()) {
      case EQ -> SortRange.equalTo(value);
      case LT -> SortRange.lessThan(value);
      case LE -> SortRange.atMost(value);
      case GT -> SortRange.greaterThan(value);
      case GE -> SortRange.atLeast(value);
      case BETWEEN -> SortRange.between(value, sort.values().get(1));
      case BEGINS_WITH -> SortRange.beginningWith(value);
    };
  }

  Answer scan(ModelCall call) {
    Members members = call.members();
    ExpressionParameters.check(
        members,
        List.of(ExpressionParameters.PROJECTION, ExpressionParameters.FILTER),
        List.of(
            ExpressionParameters.ATTRIBUTES_TO_GET,
            SCAN_FILTER,
            ExpressionParameters.CONDITIONAL_OPERATOR));
    Condition filter = older(members, SCAN_FILTER);
    Map<String, Value> start = StartKeys.values(members);
    PageRequest.Segment segment = segment(members);
    Selection.check(members);
    Placeholders placeholders = ExpressionParameters.placeholders(members);
    Condition expression =
        ExpressionParameters.condition(members, ExpressionParameters.FILTER, placeholders);
    Projection projection = ExpressionParameters.projection(members, placeholders);
    placeholders.requireAllUsed();
    DynamoTable table = tables.usable(call.region(), members.text(WriteActions.TABLE_NAME));
    IndexDefinition index = Selection.index(members, table);
    PageRequest.Position after =
        start == null ? null : StartKeys.position(table.definition(), index, start);
    boolean fetch = Selection.fetches(members, table, index, projection);
    if (start != null) {
      KeySchema schema = index == null ? table.definition().keys() : index.keys();
      StartKeys.check(schema, segment, start);
    }
    if (projection != null) {
      KeyPaths.check(table.definition(), projection.paths());
    }
    if (expression != null) {
      KeyPaths.check(table.definition(), expression.paths());
    }
    return new Search(
            table,
            index,
            segment,
            true,
            after,
            limit(members),
            members.flag(CONSISTENT),
            expression == null ? filter : expression,
            projection,
            fetch)
        .answer(
            members.text(WriteActions.TABLE_NAME),
            Consumed.Detail.of(members),
            Selection.countOnly(members));
  }

  private static PageRequest.Segment segment(Members members) {
    Long number = members.wholeOrNull(SEGMENT);
    Long of = members.wholeOrNull(TOTAL_SEGMENTS);
    if (number == null && of == null) {
      return PageRequest.Segment.ALL;
    }
    if (of == null) {
      throw Validation.error(
          "The TotalSegments parameter is required but was not present in the request when Segment"
              + " parameter is present");
    }
    if (number == null) {
      throw Validation.error(
          "The Segment parameter is required but was not present in the request when parameter"
              + " TotalSegments is present");
    }
    if (number >= of) {
      throw Validation.error(
          "The Segment parameter is zero-based and must be less than parameter TotalSegments:"
              + " Segment: "
              + number
              + " is not less than TotalSegments: "
              + of);
    }
    return new PageRequest.Segment(number.intValue(), of.intValue());
  }
}
