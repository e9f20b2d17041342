/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes a condition apart into those that all have to hold, or of which one has to. */
final class Conjunction {
  private Conjunction() {}

  /** All that have to hold; of what is in parentheses, too. */
  static List<Term> of(@Nullable Term where) {
    return apart(where, "and");
  }

  /** Those of which one has to hold. */
  static List<Term> alternatives(Term where) {
    return apart(where, "or");
  }

  private static List<Term> apart(@Nullable Term term, String operator) {
    List<Term> parts = new ArrayList<>();
    if (term instanceof Term.Infix infix && infix.operator().equals(operator)) {
      row(infix).forEach(part -> parts.addAll(apart(part, operator)));
    } else if (term != null) {
      parts.add(term);
    }
    return parts;
  }

  /** What an operator and the same ones on its left stand between, without going down there. */
  static Deque<Term> row(Term.Infix infix) {
    Deque<Term> parts = new ArrayDeque<>();
    Term left = infix;
    while (left instanceof Term.Infix same && same.operator().equals(infix.operator())) {
      parts.push(same.right());
      left = same.left();
    }
    parts.push(left);
    return parts;
  }

  /** The top-level attributes that a condition looks at, in the order in which it names them. */
  static Set<String> attributes(@Nullable Term term) {
    Set<String> names = new LinkedHashSet<>();
    collect(term, names);
    return names;
  }

  private static void collect(@Nullable Term term, Set<String> names) {
    if (term instanceof Term.Path path) {
      names.add(path.attribute());
    } else if (term instanceof Term.Infix infix) {
      row(infix).forEach(part -> collect(part, names));
    } else if (term instanceof Term.Prefix prefix) {
      collect(prefix.term(), names);
    } else if (term instanceof Term.Between between) {
      collect(between.term(), names);
      collect(between.low(), names);
      collect(between.high(), names);
    } else if (term instanceof Term.IsType is) {
      collect(is.term(), names);
    } else if (term instanceof Term.Call call) {
      call.arguments().forEach(argument -> collect(argument, names));
    } else if (term instanceof Term.Items items) {
      items.terms().forEach(item -> collect(item, names));
    }
  }

  /** The value that an attribute has to be equal to, if the condition says only that. */
  static @Nullable Term equalTo(Term term, String attribute) {
    if (term instanceof Term.Infix infix && infix.operator().equals("=")) {
      if (isAttribute(infix.left(), attribute) && Literals.isLiteral(infix.right())) {
        return infix.right();
      }
      if (isAttribute(infix.right(), attribute) && Literals.isLiteral(infix.left())) {
        return infix.left();
      }
    }
    return null;
  }

  static boolean isAttribute(Term term, String attribute) {
    return term instanceof Term.Path path
        && path.attribute().equals(attribute)
        && path.steps().isEmpty();
  }
}
