/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import java.util.List;

/** A part of an expression as it was written: placeholders are not looked up yet. */
sealed interface Node {
  /** What it is made of, in the order of the text. */
  List<Node> children();

  /** The thing itself, without the parentheses around it. */
  default Node bare() {
    return this;
  }

  /** A step of a path: a name, a placeholder of a name, an index. */
  record Step(Token.Kind kind, String text) {}

  /** A document path. */
  record PathNode(List<Step> steps) implements Node {
    @Override
    public List<Node> children() {
      return List.of();
    }
  }

  /** A placeholder of a value. */
  record ValueNode(String name) implements Node {
    @Override
    public List<Node> children() {
      return List.of();
    }
  }

  /** A function. */
  record Call(String name, List<Node> arguments) implements Node {
    @Override
    public List<Node> children() {
      return arguments;
    }
  }

  /** Something in parentheses. */
  record Group(Node inner) implements Node {
    @Override
    public List<Node> children() {
      return List.of(inner);
    }

    @Override
    public Node bare() {
      return inner.bare();
    }
  }

  /** A sum or a difference. */
  record Arithmetic(String operator, Node left, Node right) implements Node {
    @Override
    public List<Node> children() {
      return List.of(left, right);
    }
  }

  /** Two operands and a comparator. */
  record Comparison(String operator, Node left, Node right) implements Node {
    @Override
    public List<Node> children() {
      return List.of(left, right);
    }
  }

  /** {@code BETWEEN}. */
  record Between(Node operand, Node low, Node high) implements Node {
    @Override
    public List<Node> children() {
      return List.of(operand, low, high);
    }
  }

  /** {@code IN}; the first child is the operand. */
  record In(List<Node> children) implements Node {
    Node operand() {
      return children.get(0);
    }

    List<Node> candidates() {
      return children.subList(1, children.size());
    }
  }

  /** {@code AND} or {@code OR} of two conditions. */
  record Junction(String operator, Node left, Node right) implements Node {
    @Override
    public List<Node> children() {
      return List.of(left, right);
    }
  }

  /** {@code NOT}. */
  record Negation(Node inner) implements Node {
    @Override
    public List<Node> children() {
      return List.of(inner);
    }
  }
}
