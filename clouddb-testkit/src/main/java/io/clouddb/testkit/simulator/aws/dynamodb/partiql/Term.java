/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Token.Position;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** An expression of a statement, as it was written. */
sealed interface Term {
  /** Where it begins. */
  Position at();

  /** An attribute, or what is in one. */
  record Path(String attribute, List<Step> steps, Position at) implements Term {
    public Path {
      steps = List.copyOf(steps);
    }
  }

  /** A step into an attribute. */
  sealed interface Step {
    /** Into a map. */
    record Member(String name) implements Step {}

    /** Into a list. */
    record Index(int index) implements Step {}
  }

  /** A text. */
  record Text(String text, Position at) implements Term {}

  /** A number, with the digits with which it was written. */
  record Num(BigDecimal number, Position at) implements Term {}

  /** True, false, null or missing. */
  record Word(String word, Position at) implements Term {}

  /** The parameter of that index, from 0. */
  record Parameter(int index, Position at) implements Term {}

  /** A list in brackets or parentheses. */
  record Items(List<Term> terms, Position at) implements Term {
    public Items {
      terms = List.copyOf(terms);
    }
  }

  /** A bag, which is how a set is written. */
  record Bag(List<Term> terms, Position at) implements Term {
    public Bag {
      terms = List.copyOf(terms);
    }
  }

  /** A map. */
  record Members(Map<String, Term> members, Position at) implements Term {}

  /** A call of a function, whose name is in lower case. */
  record Call(String function, List<Term> arguments, Position at) implements Term {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** An operator between two: arithmetic, a comparison, and, or. Keywords are in lower case. */
  record Infix(String operator, Term left, Term right, Position at) implements Term {}

  /** An operator before one: not, +, -. */
  record Prefix(String operator, Term term, Position at) implements Term {}

  /** Between two bounds, which belong to it. */
  record Between(Term term, Term low, Term high, Position at) implements Term {}

  /** Of a type, whose name is in lower case. */
  record IsType(Term term, String type, Position at) implements Term {}
}
