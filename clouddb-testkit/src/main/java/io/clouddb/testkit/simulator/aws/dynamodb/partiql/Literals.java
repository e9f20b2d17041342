/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes values of what a statement says, and of the parameters that come with it. */
final class Literals {
  private static final int MAX_DIGITS = 38;
  private static final int MAX_EXPONENT = 125;
  private static final int MIN_EXPONENT = -130;

  private final List<Value> parameters;

  Literals(List<Value> parameters) {
    this.parameters = List.copyOf(parameters);
  }

  /** Tells whether it is a value: no attribute, and nothing to be worked out of one. */
  static boolean isLiteral(Term term) {
    return term instanceof Term.Text
        || term instanceof Term.Num
        || term instanceof Term.Word
        || term instanceof Term.Parameter
        || term instanceof Term.Items
        || term instanceof Term.Bag
        || term instanceof Term.Members;
  }

  /**
   * The value of a term.
   *
   * @param term the term
   * @return its value
   * @throws AwsError when it has none
   */
  Value value(Term term) {
    return value(term, "root");
  }

  /**
   * The item that an INSERT has; each of its attributes is a value by itself.
   *
   * @param term what is written there
   * @return its attributes
   */
  Map<String, Value> item(Term term) {
    if (term instanceof Term.Members members) {
      Map<String, Value> item = new LinkedHashMap<>();
      members.members().forEach((name, member) -> item.put(name, value(member)));
      return named(item);
    }
    if (term instanceof Term.Parameter && value(term) instanceof Value.Document document) {
      return named(document.members());
    }
    throw Malformed.refused("The value of an INSERT has to be a tuple at " + term.at());
  }

  private static Map<String, Value> named(Map<String, Value> item) {
    if (item.containsKey("")) {
      throw Validation.noName();
    }
    return item;
  }

  private Value value(Term term, String under) {
    if (term instanceof Term.Text text) {
      return new Value.Text(text.text());
    }
    if (term instanceof Term.Num number) {
      return new Value.Num(checked(number.number(), under));
    }
    if (term instanceof Term.Parameter parameter) {
      return parameters.get(parameter.index());
    }
    if (term instanceof Term.Items items) {
      List<Value> values = new ArrayList<>();
      for (Term item : items.terms()) {
        values.add(value(item, under + "[" + values.size() + "]"));
      }
      return new Value.Array(values);
    }
    if (term instanceof Term.Members members) {
      Map<String, Value> values = new LinkedHashMap<>();
      members
          .members()
          .forEach((name, member) -> values.put(name, value(member, under + "." + name)));
      return new Value.Document(values);
    }
    if (term instanceof Term.Bag bag) {
      return set(bag, under);
    }
    Value constant = term instanceof Term.Word word ? constant(word) : null;
    if (constant != null) {
      return constant;
    }
    throw Malformed.refused(
        "Unsupported data type: " + kind(term) + " under key " + under + " at " + term.at());
  }

  private static @Nullable Value constant(Term.Word word) {
    return switch (word.word()) {
      case "true" -> new Value.Bool(true);
      case "false" -> new Value.Bool(false);
      case "null" -> new Value.Null();
      default -> null;
    };
  }

  private static String kind(Term term) {
    if (term instanceof Term.Call call) {
      return call.function();
    }
    if (term instanceof Term.Word word) {
      return word.word().toUpperCase(Locale.ROOT);
    }
    if (term instanceof Term.Path path) {
      return path.attribute();
    }
    return "UNKNOWN";
  }

  private Value set(Term.Bag bag, String under) {
    List<Term> terms = bag.terms();
    if (terms.isEmpty()) {
      throw Malformed.refused("Empty bags are not supported");
    }
    if (terms.stream().allMatch(Term.Text.class::isInstance)) {
      List<String> texts = terms.stream().map(t -> ((Term.Text) t).text()).toList();
      Set<String> set = new LinkedHashSet<>(texts);
      if (set.size() < texts.size()) {
        throw duplicates(texts, ".");
      }
      return new Value.TextSet(set);
    }
    if (terms.stream().allMatch(Term.Num.class::isInstance)) {
      List<BigDecimal> numbers = terms.stream().map(t -> ((Term.Num) t).number()).toList();
      numbers.forEach(number -> checked(number, under));
      Value.NumSet set = new Value.NumSet(new LinkedHashSet<>(numbers));
      if (set.numbers().size() < numbers.size()) {
        throw duplicates(numbers, "! under " + under);
      }
      return set;
    }
    throw Malformed.refused(
        "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags");
  }

  private static AwsError duplicates(List<?> given, String end) {
    return Malformed.refused(
        "One or more parameter values were invalid: Input collection "
            + given
            + " contains duplicates"
            + end);
  }

  private static BigDecimal checked(BigDecimal number, String under) {
    if (number.signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal plain = number.stripTrailingZeros();
    long exponent = (long) plain.precision() - plain.scale() - 1;
    if (plain.precision() > MAX_DIGITS) {
      throw Malformed.refused(
          "Attempting to store more than 38 significant digits in a Number under " + under);
    }
    if (exponent > MAX_EXPONENT) {
      throw Malformed.refused(
          "Number overflow. Attempting to store a number with magnitude larger than supported range"
              + " under "
              + under);
    }
    if (exponent < MIN_EXPONENT) {
      throw Malformed.refused(
          "Number underflow. Attempting to store a number with magnitude smaller than supported"
              + " range under "
              + under);
    }
    return plain;
  }
}
