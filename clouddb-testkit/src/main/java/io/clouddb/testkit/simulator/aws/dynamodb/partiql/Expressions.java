/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Statement.Change;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says the conditions and changes of a statement as the expressions of the other operations, with a
 * placeholder for each name and value: what an operator means is decided in one place for both.
 */
final class Expressions {
  /** How tightly a condition holds together what it is made of. */
  private enum Strength {
    OR,
    AND,
    NOT,
    OPERATOR
  }

  private record Text(String text, Strength strength) {
    String inside(Strength outer) {
      return strength.compareTo(outer) < 0 ? "(" + text + ")" : text;
    }
  }

  /** The functions that are conditions, and how many operands each has. */
  private static final Map<String, Integer> CONDITIONS =
      Map.of(
          "attribute_exists", 1,
          "attribute_not_exists", 1,
          "attribute_type", 2,
          "begins_with", 2,
          "contains", 2);

  private static final Map<String, String> TYPES =
      Map.of(
          "null", "NULL",
          "bool", "BOOL",
          "boolean", "BOOL",
          "string", "S",
          "list", "L",
          "struct", "M",
          "tuple", "M",
          "blob", "B");

  private static final Set<String> SET_FUNCTIONS = Set.of("set_add", "set_delete");

  private final Literals literals;
  private final Map<String, String> placeholders = new LinkedHashMap<>();
  private final Map<String, Value> values = new LinkedHashMap<>();

  Expressions(Literals literals) {
    this.literals = literals;
  }

  /** Names by placeholder. */
  Map<String, String> names() {
    Map<String, String> names = new LinkedHashMap<>();
    placeholders.forEach((name, placeholder) -> names.put(placeholder, name));
    return names;
  }

  /** Values by placeholder. */
  Map<String, Value> values() {
    return new LinkedHashMap<>(values);
  }

  /** The placeholder of an attribute. */
  String name(String attribute) {
    return placeholders.computeIfAbsent(attribute, name -> "#n" + placeholders.size());
  }

  /** The placeholder of a value. */
  String value(Value value) {
    String placeholder = ":v" + values.size();
    values.put(placeholder, value);
    return placeholder;
  }

  /** The text of a condition. */
  String condition(Term term) {
    return of(term).text();
  }

  /** The text of a condition of which all are to hold. */
  String conditions(List<Term> terms) {
    return terms.stream().map(t -> of(t).inside(Strength.AND)).collect(Collectors.joining(" AND "));
  }

  /** The text of a condition, fit to be one side of an OR. */
  String alternative(List<Term> terms) {
    return terms.size() == 1 ? of(terms.get(0)).inside(Strength.OR) : conditions(terms);
  }

  private Text of(Term term) {
    if (term instanceof Term.Infix infix) {
      return infix(infix);
    }
    if (term instanceof Term.Prefix not && not.operator().equals("not")) {
      // Twice NOT is itself, as for anyone; its parentheses would be too many for the others.
      return new Text("NOT " + of(not.term()).inside(Strength.OPERATOR), Strength.NOT);
    }
    if (term instanceof Term.Between between) {
      String text =
          operand(between.term())
              + " BETWEEN "
              + operand(between.low())
              + " AND "
              + operand(between.high());
      return new Text(text, Strength.OPERATOR);
    }
    if (term instanceof Term.IsType is) {
      return new Text(type(is), Strength.OPERATOR);
    }
    if (term instanceof Term.Call call && CONDITIONS.containsKey(call.function())) {
      return new Text(call(call, CONDITIONS.get(call.function())), Strength.OPERATOR);
    }
    if (term instanceof Term.Call call && !call.function().equals("size")) {
      throw unrecognized(call);
    }
    throw Malformed.refused("Unsupported condition in the where clause at " + term.at());
  }

  private static RuntimeException unrecognized(Term.Call call) {
    return Malformed.refused("Unrecognized function: " + call.function() + " at " + call.at());
  }

  private Text infix(Term.Infix infix) {
    return switch (infix.operator()) {
      case "and" -> both(infix, Strength.AND);
      case "or" -> both(infix, Strength.OR);
      case "in" -> new Text(in(infix), Strength.OPERATOR);
      case "=", "<>", "<", "<=", ">", ">=" -> comparison(infix);
      case "like" -> throw Malformed.refused("Unsupported operation: Like");
      default -> throw unsupported(infix);
    };
  }

  private static RuntimeException unsupported(Term.Infix infix) {
    return Malformed.refused("Unsupported operator: " + infix.operator() + " at " + infix.at());
  }

  private Text both(Term.Infix infix, Strength strength) {
    String operator = " " + infix.operator().toUpperCase(Locale.ROOT) + " ";
    // A long row of them goes down on the left, further than a stack may.
    Deque<Term> parts = Conjunction.row(infix);
    StringBuilder text = new StringBuilder(of(parts.remove()).inside(strength));
    for (Term part : parts) {
      text.append(operator).append(of(part).inside(strength));
    }
    return new Text(text.toString(), strength);
  }

  private Text comparison(Term.Infix infix) {
    if (infix.left() instanceof Term.Call call
        && CONDITIONS.containsKey(call.function())
        && infix.right() instanceof Term.Word word
        && Set.of("true", "false").contains(word.word())
        && Set.of("=", "<>").contains(infix.operator())) {
      boolean itself = word.word().equals("true") == infix.operator().equals("=");
      return of(itself ? call : new Term.Prefix("not", call, call.at()));
    }
    String text = operand(infix.left()) + " " + infix.operator() + " " + operand(infix.right());
    return new Text(text, Strength.OPERATOR);
  }

  private String in(Term.Infix in) {
    List<String> candidates = new ArrayList<>();
    for (Term candidate : candidates(in)) {
      candidates.add(operand(candidate));
    }
    if (candidates.isEmpty()) {
      values(in.right()).forEach(value -> candidates.add(value(value)));
    }
    return operand(in.left()) + " IN (" + String.join(", ", candidates) + ")";
  }

  /** What is on the right of an IN, as far as it is written there; one in parentheses is itself. */
  static List<Term> candidates(Term.Infix in) {
    if (in.right() instanceof Term.Items items) {
      return items.terms();
    }
    return in.right() instanceof Term.Parameter ? List.of() : List.of(in.right());
  }

  /** The values on the right of an IN. */
  private List<Value> values(Term right) {
    Value value = literals.value(right);
    return value instanceof Value.Array array && !array.values().isEmpty()
        ? array.values()
        : List.of(value);
  }

  /** The values that an IN names, all of them literals. */
  List<Value> inValues(Term.Infix in) {
    List<Term> candidates = candidates(in);
    return candidates.isEmpty()
        ? values(in.right())
        : candidates.stream().map(literals::value).toList();
  }

  private String type(Term.IsType is) {
    String path = operand(is.term());
    if (is.type().equals("missing")) {
      return "attribute_not_exists(" + path + ")";
    }
    String type = TYPES.get(is.type());
    if (type == null) {
      throw new NotSimulatedException("the PartiQL type test IS " + is.type());
    }
    return "attribute_type(" + path + ", " + value(new Value.Text(type)) + ")";
  }

  private String call(Term.Call call, int operands) {
    if (call.arguments().size() != operands) {
      throw Malformed.refused(
          "Incorrect number of operands for operator or function; operator or function: "
              + call.function()
              + ", number of operands: "
              + call.arguments().size());
    }
    return call.function()
        + "("
        + call.arguments().stream().map(this::operand).collect(Collectors.joining(", "))
        + ")";
  }

  private String operand(Term term) {
    if (term instanceof Term.Path path) {
      return path(path);
    }
    if (term instanceof Term.Call call) {
      if (call.function().equals("size")) {
        return call(call, 1);
      }
      throw unrecognized(call);
    }
    if (term instanceof Term.Infix infix) {
      throw unsupported(infix);
    }
    return value(literals.value(term));
  }

  /** The text of a path. */
  String path(Term.Path path) {
    StringBuilder text = new StringBuilder(name(path.attribute()));
    for (Term.Step step : path.steps()) {
      if (step instanceof Term.Step.Member member) {
        text.append('.').append(name(member.name()));
      } else if (step instanceof Term.Step.Index index) {
        text.append('[').append(index.index()).append(']');
      }
    }
    return text.toString();
  }

  /** The text of an update. */
  String update(List<Change> changes) {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    for (Change change : changes) {
      String path = path(change.path());
      Term value = change.value();
      if (value == null) {
        sections.computeIfAbsent("REMOVE", k -> new ArrayList<>()).add(path);
      } else if (value instanceof Term.Call call && SET_FUNCTIONS.contains(call.function())) {
        String keyword = call.function().equals("set_add") ? "ADD" : "DELETE";
        String members = value(setOf(change.path(), call));
        sections.computeIfAbsent(keyword, k -> new ArrayList<>()).add(path + " " + members);
      } else {
        String text = path + " = " + assigned(value);
        sections.computeIfAbsent("SET", k -> new ArrayList<>()).add(text);
      }
    }
    return sections.entrySet().stream()
        .map(section -> section.getKey() + " " + String.join(", ", section.getValue()))
        .collect(Collectors.joining(" "));
  }

  private Value setOf(Term.Path path, Term.Call call) {
    String function = call.function().toUpperCase(Locale.ROOT);
    if (call.arguments().size() != 2) {
      throw Malformed.refused(function + " must have exactly two arguments at " + call.at());
    }
    Term first = call.arguments().get(0);
    if (!(first instanceof Term.Path of)
        || !of.attribute().equals(path.attribute())
        || !of.steps().equals(path.steps())) {
      throw Malformed.refused(
          "The first argument to " + function + " must equal the assignment value at " + call.at());
    }
    Term second = call.arguments().get(1);
    if (Literals.isLiteral(second)) {
      Value value = literals.value(second);
      if (value instanceof Value.TextSet
          || value instanceof Value.NumSet
          || value instanceof Value.BytesSet) {
        return value;
      }
    }
    throw Malformed.refused(
        "The second argument to " + function + " must be a value with type SET at " + first.at());
  }

  private String assigned(Term value) {
    if (value instanceof Term.Infix sum && Set.of("+", "-").contains(sum.operator())) {
      return summand(sum.left()) + " " + sum.operator() + " " + summand(sum.right());
    }
    return summand(value);
  }

  private String summand(Term value) {
    if (value instanceof Term.Call call) {
      String function = call.function();
      if (!Set.of("list_append", "if_not_exists").contains(function)) {
        throw unrecognized(call);
      }
      if (call.arguments().size() != 2) {
        throw Malformed.refused(
            function.toUpperCase(Locale.ROOT) + " must have exactly two arguments at " + call.at());
      }
      return function
          + "("
          + summand(call.arguments().get(0))
          + ", "
          + summand(call.arguments().get(1))
          + ")";
    }
    return operand(value);
  }
}
