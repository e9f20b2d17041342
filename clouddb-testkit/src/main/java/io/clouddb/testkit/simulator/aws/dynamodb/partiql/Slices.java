/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.tables.KeyAttribute;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.PageRequest.Partition;
import io.clouddb.testkit.simulator.tables.SortRange;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a condition names, and which part of each.
 *
 * @param partitions none when the condition may be met anywhere
 * @param keyed whether the condition on the key stands beside all others
 */
record Slices(List<Partition> partitions, boolean keyed) {
  private static final int MAX_PARTITIONS = 50;

  /** A part of a partition that one alternative names. */
  private record Part(Value partition, SortRange range, boolean denied) {}

  static Slices of(
      @Nullable Term where, KeySchema keys, Expressions expressions, Literals literals) {
    if (where == null) {
      return new Slices(List.of(), false);
    }
    List<Part> parts = new ArrayList<>();
    List<Term> alternatives = Conjunction.alternatives(where);
    for (Term alternative : alternatives) {
      List<Part> named = parts(Conjunction.of(alternative), keys, expressions, literals);
      if (named.isEmpty()) {
        return new Slices(List.of(), false);
      }
      parts.addAll(named);
    }
    return new Slices(merged(parts), alternatives.size() == 1);
  }

  private static List<Part> parts(
      List<Term> all, KeySchema keys, Expressions expressions, Literals literals) {
    LinkedHashSet<Value> values = new LinkedHashSet<>();
    for (Term term : all) {
      values.addAll(named(term, keys.partition(), expressions, literals));
      if (!values.isEmpty()) {
        break;
      }
    }
    if (values.size() > MAX_PARTITIONS) {
      throw Malformed.refused(
          "The IN operator is provided with too many operands; number of operands: "
              + values.size());
    }
    SortRange range = SortRange.ALL;
    boolean denied = false;
    KeyAttribute sort = keys.sort();
    if (sort != null && !values.isEmpty()) {
      for (Term term : all) {
        SortRange of = range(term, sort, literals);
        if (of != null && range.equals(SortRange.ALL)) {
          range = of;
        }
        denied |= denies(term, sort.name());
      }
    }
    List<Part> parts = new ArrayList<>();
    for (Value value : values) {
      parts.add(new Part(value, range, denied));
    }
    return parts;
  }

  private static List<Value> named(
      Term term, KeyAttribute key, Expressions expressions, Literals literals) {
    Term equal = Conjunction.equalTo(term, key.name());
    if (equal != null) {
      return List.of(typed(literals.value(equal), key));
    }
    if (term instanceof Term.Infix in
        && in.operator().equals("in")
        && Conjunction.isAttribute(in.left(), key.name())
        && Expressions.candidates(in).stream().allMatch(Literals::isLiteral)) {
      return expressions.inValues(in).stream().map(value -> typed(value, key)).toList();
    }
    return List.of();
  }

  /** Refuses a value of another type than the key's. */
  static Value typed(Value value, KeyAttribute key) {
    if (!key.type().holds(value)) {
      throw Malformed.refused(
          "Key attribute's data type should match its data type in table's schema");
    }
    return value;
  }

  private static @Nullable SortRange range(Term term, KeyAttribute sort, Literals literals) {
    if (term instanceof Term.Between between
        && Conjunction.isAttribute(between.term(), sort.name())
        && Literals.isLiteral(between.low())
        && Literals.isLiteral(between.high())) {
      return SortRange.between(
          typed(literals.value(between.low()), sort), typed(literals.value(between.high()), sort));
    }
    if (term instanceof Term.Call call
        && call.function().equals("begins_with")
        && call.arguments().size() == 2
        && Conjunction.isAttribute(call.arguments().get(0), sort.name())
        && Literals.isLiteral(call.arguments().get(1))) {
      Value prefix = literals.value(call.arguments().get(1));
      return sort.type().holds(prefix) && !(prefix instanceof Value.Num)
          ? SortRange.beginningWith(prefix)
          : null;
    }
    if (!(term instanceof Term.Infix infix)) {
      return null;
    }
    if (Conjunction.isAttribute(infix.left(), sort.name()) && Literals.isLiteral(infix.right())) {
      return range(infix.operator(), infix.right(), sort, literals);
    }
    if (Conjunction.isAttribute(infix.right(), sort.name()) && Literals.isLiteral(infix.left())) {
      return range(mirrored(infix.operator()), infix.left(), sort, literals);
    }
    return null;
  }

  private static String mirrored(String operator) {
    return switch (operator) {
      case "<" -> ">";
      case "<=" -> ">=";
      case ">" -> "<";
      case ">=" -> "<=";
      case "in" -> "";
      default -> operator;
    };
  }

  private static @Nullable SortRange range(
      String operator, Term operand, KeyAttribute sort, Literals literals) {
    return switch (operator) {
      case "=" -> SortRange.equalTo(typed(literals.value(operand), sort));
      case "<" -> SortRange.lessThan(typed(literals.value(operand), sort));
      case "<=" -> SortRange.atMost(typed(literals.value(operand), sort));
      case ">" -> SortRange.greaterThan(typed(literals.value(operand), sort));
      case ">=" -> SortRange.atLeast(typed(literals.value(operand), sort));
      default -> null;
    };
  }

  /** Tells whether a condition says what the second attribute of the key is not. */
  private static boolean denies(Term term, String sort) {
    if (term instanceof Term.Prefix not) {
      return Conjunction.attributes(not.term()).contains(sort);
    }
    return term instanceof Term.Infix infix
        && infix.operator().equals("<>")
        && Conjunction.attributes(infix).contains(sort);
  }

  /** Every partition once, or with parts of which no two have an item in common. */
  private static List<Partition> merged(List<Part> parts) {
    Map<Value, List<Part>> byPartition = new LinkedHashMap<>();
    for (Part part : parts) {
      List<Part> same = byPartition.computeIfAbsent(part.partition(), k -> new ArrayList<>());
      same.forEach(other -> requireApart(part, other));
      same.add(part);
    }
    List<Partition> merged = new ArrayList<>();
    byPartition.forEach(
        (value, same) -> {
          if (same.stream().allMatch(part -> isOne(part.range()))) {
            same.stream()
                .map(part -> new Partition(value, part.range()))
                .distinct()
                .forEach(merged::add);
          } else {
            SortRange range = same.size() == 1 ? same.get(0).range() : SortRange.ALL;
            merged.add(new Partition(value, range));
          }
        });
    return merged;
  }

  static boolean isOne(SortRange range) {
    SortRange.End low = range.low();
    return low != null && range.equals(SortRange.equalTo(low.value()));
  }

  private static void requireApart(Part one, Part other) {
    boolean ranged = !one.range().equals(SortRange.ALL) || !other.range().equals(SortRange.ALL);
    boolean denied = one.denied() || other.denied();
    if (ranged && !denied && overlap(one.range(), other.range())) {
      throw Malformed.refused(
          "Overlapping conditions with range keys are not supported in where clause");
    }
  }

  private static boolean overlap(SortRange one, SortRange other) {
    return one.equals(other) || reachesInto(one, other) || reachesInto(other, one);
  }

  private static boolean reachesInto(SortRange one, SortRange other) {
    SortRange.End low = one.low();
    SortRange.End high = one.high();
    return (low == null && high == null)
        || (low != null && other.contains(low.value()))
        || (high != null && other.contains(high.value()));
  }
}
