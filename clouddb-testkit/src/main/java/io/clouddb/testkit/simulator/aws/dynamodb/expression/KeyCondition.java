/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a query says of keys: a test of each of some attributes. Which of them is the partition key,
 * only a key schema tells.
 */
public final class KeyCondition {
  private static final Set<Check.Kind> INDEXABLE =
      EnumSet.of(
          Check.Kind.EQ,
          Check.Kind.LT,
          Check.Kind.LE,
          Check.Kind.GT,
          Check.Kind.GE,
          Check.Kind.BETWEEN,
          Check.Kind.BEGINS_WITH);

  /** A test of a key attribute. */
  record KeyTest(Check.Kind kind, List<Value> values) {}

  private final Map<String, KeyTest> tests;

  KeyCondition(Map<String, KeyTest> tests) {
    this.tests = Collections.unmodifiableMap(new LinkedHashMap<>(tests));
    if (tests.isEmpty()) {
      throw Refusal.of("Conditions can be of length 1 or 2 only");
    }
  }

  /**
   * Reads a {@code KeyConditionExpression}.
   *
   * @param text the expression
   * @param placeholders what it may use
   * @return the condition
   * @throws AwsError ValidationException in the service's words
   */
  public static KeyCondition parse(String text, Placeholders placeholders) {
    return new KeyCondition(new KeyConditionBinder(placeholders).tests(text));
  }

  /**
   * The attributes that it names.
   *
   * @return at least one
   */
  public Set<String> attributes() {
    return tests.keySet();
  }

  /**
   * Takes it for the condition on keys of a table or an index.
   *
   * @param partition the name of the partition key
   * @param sort the name of the sort key; null when there is none
   * @param types the types of both
   * @return the keys that are wanted
   * @throws AwsError ValidationException when it does not fit
   */
  public KeyRange against(String partition, @Nullable String sort, Map<String, ValueType> types) {
    int keys = sort == null ? 1 : 2;
    if (tests.size() > keys) {
      throw Refusal.of(
          "The number of query conditions ("
              + tests.size()
              + ") exceeds the number of key attributes defined in the schema ("
              + keys
              + ")");
    }
    KeyTest first = tests.get(partition);
    if (first == null) {
      throw missing(partition);
    }
    requireFit(partition, first, types);
    if (first.kind() != Check.Kind.EQ) {
      throw unsupported();
    }
    KeyTest second = sort == null ? null : tests.get(sort);
    if (sort == null || second == null) {
      if (sort != null && tests.size() > 1) {
        throw missing(sort);
      }
      return new KeyRange(first.values().get(0), null);
    }
    requireFit(sort, second, types);
    KeyRange.Operator operator = KeyRange.Operator.valueOf(second.kind().name());
    return new KeyRange(first.values().get(0), new KeyRange.Sort(operator, second.values()));
  }

  private static void requireFit(String name, KeyTest test, Map<String, ValueType> types) {
    if (!INDEXABLE.contains(test.kind())) {
      throw Refusal.of("Attempted conditional constraint is not an indexable operation");
    }
    for (Value value : test.values()) {
      if (ValueType.of(value) != types.get(name)) {
        throw Refusal.values("Condition parameter type does not match schema type");
      }
      String empty = empty(value);
      if (empty != null) {
        throw Refusal.of(
            "One or more parameter values are not valid. The AttributeValue for a key attribute"
                + " cannot contain an empty "
                + empty
                + " value. Key: "
                + name);
      }
    }
  }

  private static @Nullable String empty(Value value) {
    if (value instanceof Value.Text text && text.text().isEmpty()) {
      return "string";
    }
    return value instanceof Value.Bytes bytes && bytes.length() == 0 ? "binary" : null;
  }

  private static AwsError missing(String name) {
    return Refusal.of("Query condition missed key schema element: " + name);
  }

  private static AwsError unsupported() {
    return Refusal.of("Query key condition not supported");
  }
}
