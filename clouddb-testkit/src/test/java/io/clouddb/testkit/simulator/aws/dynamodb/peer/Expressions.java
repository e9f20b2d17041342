/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.peer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Random expressions of one request, with what their placeholders stand for. */
final class Expressions {
  private static final List<String> PATHS =
      List.of("n", "s", "ss", "ns", "l", "m", "v", "g", "m.x", "m.y", "l[0]", "l[1]", "m.x.y", "q");
  private static final List<String> COMPARATORS = List.of("=", "<>", "<", "<=", ">", ">=");

  private final Values values;
  private final ObjectNode names = JsonNodeFactory.instance.objectNode();
  private final ObjectNode bound = JsonNodeFactory.instance.objectNode();

  Expressions(Values values) {
    this.values = values;
  }

  /** Adds the placeholders that were used. */
  void addTo(ObjectNode request) {
    if (!names.isEmpty()) {
      request.set("ExpressionAttributeNames", names);
    }
    if (!bound.isEmpty()) {
      request.set("ExpressionAttributeValues", bound);
    }
  }

  String bind(ObjectNode value) {
    String name = ":v" + bound.size();
    bound.set(name, value);
    return name;
  }

  String path() {
    String path = values.pick(PATHS);
    if (values.oneIn(3)) {
      String first = path.split("[.\\[]")[0];
      names.put("#" + first, first);
      return "#" + path;
    }
    return path;
  }

  String condition(int depth) {
    if (depth > 0 && values.oneIn(2)) {
      return switch (values.below(3)) {
        case 0 -> condition(depth - 1) + " AND " + condition(depth - 1);
        case 1 -> "(" + condition(depth - 1) + " OR " + condition(depth - 1) + ")";
        default -> "NOT " + condition(0);
      };
    }
    return switch (values.below(11)) {
      case 0, 1, 2 -> path() + " " + values.pick(COMPARATORS) + " " + bind(values.any(1));
      case 3 -> path() + " " + values.pick(COMPARATORS) + " " + path();
      case 4 -> path() + " BETWEEN " + bind(values.number()) + " AND " + bind(values.number());
      case 5 -> path() + " IN (" + bind(values.any(1)) + ", " + bind(values.any(0)) + ")";
      case 6 -> "attribute_exists(" + path() + ")";
      case 7 -> "attribute_not_exists(" + path() + ")";
      case 8 ->
          "attribute_type("
              + path()
              + ", "
              + bind(
                  JsonNodeFactory.instance
                      .objectNode()
                      .put("S", values.pick(List.of("S", "N", "SS", "L", "M", "NULL", "BOOL"))))
              + ")";
      case 9 ->
          (values.oneIn(2) ? "begins_with(" : "contains(")
              + path()
              + ", "
              + bind(values.text())
              + ")";
      default -> "size(" + path() + ") " + values.pick(COMPARATORS) + " " + bind(values.number());
    };
  }

  String projection() {
    List<String> paths = new ArrayList<>();
    int count = 1 + values.below(3);
    for (int i = 0; i < count; i++) {
      paths.add(path());
    }
    return String.join(", ", paths);
  }

  String update() {
    List<String> clauses = new ArrayList<>();
    if (!values.oneIn(3)) {
      clauses.add("SET " + several(this::assignment));
    }
    if (values.oneIn(3)) {
      clauses.add("REMOVE " + several(this::path));
    }
    if (values.oneIn(4)) {
      clauses.add(
          "ADD "
              + switch (values.below(3)) {
                case 0 -> "n " + bind(values.number());
                case 1 -> "ss " + bind(values.texts());
                default ->
                    path() + " " + bind(values.oneIn(2) ? values.number() : values.numbers());
              });
    }
    if (values.oneIn(4)) {
      clauses.add(
          "DELETE "
              + (values.oneIn(2) ? "ss " + bind(values.texts()) : "ns " + bind(values.numbers())));
    }
    return clauses.isEmpty() ? "SET " + assignment() : String.join(" ", clauses);
  }

  private String several(Supplier<String> part) {
    return values.oneIn(2) ? part.get() : part.get() + ", " + part.get();
  }

  private String assignment() {
    return path()
        + " = "
        + switch (values.below(7)) {
          case 0, 1, 2 -> bind(values.any(2));
          case 3 -> path();
          case 4 -> "n " + (values.oneIn(2) ? "+ " : "- ") + bind(values.number());
          case 5 -> "if_not_exists(" + path() + ", " + bind(values.any(1)) + ")";
          default -> "list_append(" + path() + ", " + bind(values.list(1)) + ")";
        };
  }
}
