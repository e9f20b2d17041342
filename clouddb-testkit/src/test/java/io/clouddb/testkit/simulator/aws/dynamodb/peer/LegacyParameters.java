/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.peer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Random requests in the words that were there before expressions. */
final class LegacyParameters {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> ATTRIBUTES =
      List.of("n", "s", "ss", "ns", "l", "m", "v", "g", "q", "m.x");
  private static final List<String> OPERATORS =
      List.of(
          "EQ",
          "NE",
          "IN",
          "LE",
          "LT",
          "GE",
          "GT",
          "BETWEEN",
          "NOT_NULL",
          "NULL",
          "CONTAINS",
          "NOT_CONTAINS",
          "BEGINS_WITH");

  private final Values values;

  LegacyParameters(Values values) {
    this.values = values;
  }

  /** {@code AttributeUpdates}. */
  void update(ObjectNode request) {
    ObjectNode updates = request.putObject("AttributeUpdates");
    for (String name : attributes()) {
      ObjectNode update = updates.putObject(name);
      switch (values.below(6)) {
        case 0 -> update.put("Action", "DELETE");
        case 1 ->
            update
                .put("Action", "DELETE")
                .set("Value", name.equals("ns") ? values.numbers() : values.texts());
        case 2 -> update.put("Action", "ADD").set("Value", added(name));
        case 3 -> update.set("Value", values.any(2));
        default -> update.put("Action", "PUT").set("Value", values.any(2));
      }
    }
  }

  private ObjectNode added(String name) {
    return switch (name) {
      case "ss" -> values.texts();
      case "ns" -> values.numbers();
      case "l" -> values.list(1);
      default -> values.oneIn(3) ? values.any(1) : values.number();
    };
  }

  /** {@code Expected}, of its older form too. */
  void expect(ObjectNode request) {
    ObjectNode expected = request.putObject("Expected");
    for (String name : attributes()) {
      if (values.oneIn(2)) {
        expected.set(name, comparison());
      } else if (values.oneIn(2)) {
        expected.putObject(name).set("Value", values.any(1));
      } else {
        expected.putObject(name).put("Exists", false);
      }
    }
    combine(request, expected.size());
  }

  /** {@code QueryFilter} and {@code ScanFilter}. */
  void filter(ObjectNode request, String member) {
    ObjectNode filter = request.putObject(member);
    for (String name : attributes()) {
      filter.set(name, comparison());
    }
    combine(request, filter.size());
  }

  private void combine(ObjectNode request, int conditions) {
    if (conditions > 1 && values.oneIn(2)) {
      request.put("ConditionalOperator", values.pick(List.of("AND", "OR")));
    }
  }

  /** {@code AttributesToGet}. */
  void get(ObjectNode request) {
    ArrayNode names = request.putArray("AttributesToGet");
    attributes().forEach(names::add);
  }

  /** {@code KeyConditions}, for the values of a key. */
  void keys(
      ObjectNode request, String partition, ObjectNode value, String sort, List<ObjectNode> range) {
    ObjectNode conditions = request.putObject("KeyConditions");
    condition(conditions.putObject(partition), "EQ", List.of(value));
    switch (values.below(4)) {
      case 0 ->
          condition(
              conditions.putObject(sort),
              values.pick(List.of("EQ", "LE", "LT", "GE", "GT")),
              range.subList(0, 1));
      case 1 -> condition(conditions.putObject(sort), "BETWEEN", range);
      case 2 -> {
        if (range.get(0).has("S")) {
          condition(conditions.putObject(sort), "BEGINS_WITH", range.subList(0, 1));
        }
      }
      default -> {
        // The partition alone.
      }
    }
  }

  private ObjectNode comparison() {
    String operator = values.pick(OPERATORS);
    ObjectNode condition = JSON.objectNode();
    switch (operator) {
      case "NOT_NULL", "NULL" -> condition.put("ComparisonOperator", operator);
      case "BETWEEN" ->
          condition(
              condition,
              operator,
              List.of(JSON.objectNode().put("N", "0"), JSON.objectNode().put("N", "10")));
      case "IN" -> {
        Supplier<ObjectNode> same = values.oneIn(2) ? values::text : values::number;
        condition(condition, operator, List.of(same.get(), same.get()));
      }
      case "CONTAINS", "NOT_CONTAINS" ->
          condition(
              condition, operator, List.of(values.oneIn(2) ? values.text() : values.number()));
      case "BEGINS_WITH" -> condition(condition, operator, List.of(values.text()));
      case "EQ", "NE" -> condition(condition, operator, List.of(values.any(1)));
      default ->
          condition(
              condition, operator, List.of(values.oneIn(2) ? values.text() : values.number()));
    }
    return condition;
  }

  private static void condition(ObjectNode condition, String operator, List<ObjectNode> operands) {
    ArrayNode list = condition.put("ComparisonOperator", operator).putArray("AttributeValueList");
    operands.forEach(list::add);
  }

  private Set<String> attributes() {
    Set<String> names = new LinkedHashSet<>();
    int count = 1 + values.below(3);
    for (int i = 0; i < count; i++) {
      names.add(values.pick(ATTRIBUTES));
    }
    return names;
  }
}
