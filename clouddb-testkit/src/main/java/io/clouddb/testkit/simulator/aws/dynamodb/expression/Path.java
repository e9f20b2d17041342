/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A document path, its placeholders looked up: an attribute, and what lies in it.
 *
 * @param steps at least one; the first is a {@link Member}
 */
public record Path(List<Step> steps) {
  /** A step into a document or a list. */
  public sealed interface Step {}

  /**
   * A member of a document, or an attribute of the item.
   *
   * @param name its name
   */
  public record Member(String name) implements Step {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * An element of a list.
   *
   * @param index from zero
   */
  public record Element(int index) implements Step {
    @Override
    public String toString() {
      return "[" + index + "]";
    }
  }

  /** Keeps a copy. */
  public Path {
    steps = List.copyOf(steps);
    if (steps.isEmpty() || !(steps.get(0) instanceof Member)) {
      throw new IllegalArgumentException("a path begins with an attribute: " + steps);
    }
  }

  /**
   * The path of an attribute of an item.
   *
   * @param attribute its name
   * @return a path of one step
   */
  public static Path of(String attribute) {
    return new Path(List.of(new Member(attribute)));
  }

  /**
   * The attribute of the item.
   *
   * @return the first step's name
   */
  public String attribute() {
    return ((Member) steps.get(0)).name();
  }

  /**
   * Tells whether it leads into an attribute.
   *
   * @return true for more than one step
   */
  public boolean nested() {
    return steps.size() > 1;
  }

  /**
   * What is there in an item.
   *
   * @param item the item
   * @return null when nothing is
   */
  public @Nullable Value in(Map<String, Value> item) {
    Value value = item.get(attribute());
    for (Step step : steps.subList(1, steps.size())) {
      value = value == null ? null : step(value, step);
    }
    return value;
  }

  private static @Nullable Value step(Value value, Step step) {
    if (step instanceof Member member) {
      return value instanceof Value.Document document
          ? document.members().get(member.name())
          : null;
    }
    int index = ((Element) step).index();
    boolean there = value instanceof Value.Array array && index < array.values().size();
    return there ? ((Value.Array) value).values().get(index) : null;
  }

  /** As the service shows it: {@code [a, [1], b]}. */
  @Override
  public String toString() {
    return steps.stream().map(Object::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
