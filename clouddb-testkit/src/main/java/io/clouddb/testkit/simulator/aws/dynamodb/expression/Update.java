/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes to an item. All values are worked out from the item as it was, and indexes of lists mean
 * the elements that were there: an element that is set behind a list's end comes last, however far
 * behind.
 */
public final class Update {
  /** What is done at a path. */
  enum Verb {
    SET,
    REMOVE,
    ADD,
    DELETE
  }

  /** A verb, where, and with what; a {@link Verb#REMOVE} has no operand. */
  record Action(Verb verb, Path path, @Nullable Operand operand) {}

  private final List<Action> actions;
  private final List<Path> paths;
  private final SetChange change;

  Update(List<Action> actions, SetChange change) {
    this.actions = List.copyOf(actions);
    this.paths = this.actions.stream().map(Action::path).toList();
    this.change = change;
  }

  /**
   * Reads an {@code UpdateExpression}.
   *
   * @param text the expression
   * @param placeholders what it may use
   * @return the update
   * @throws io.clouddb.testkit.simulator.aws.AwsError ValidationException in the service's words
   */
  public static Update parse(String text, Placeholders placeholders) {
    return new UpdateBinder(placeholders).update(text);
  }

  /**
   * The paths that it changes.
   *
   * @return in the order of the text
   */
  public List<Path> paths() {
    return paths;
  }

  /**
   * The paths that it reads, besides those that it changes.
   *
   * @return in the order of the text, with repetitions
   */
  public List<Path> reads() {
    List<Path> reads = new ArrayList<>();
    for (Action action : actions) {
      Operand operand = action.operand();
      if (operand != null) {
        reads.addAll(operand.paths());
      }
    }
    return reads;
  }

  /**
   * Tells whether it makes an item where there is none. One that only takes away does not, although
   * one that does nothing at all does.
   *
   * @return false when there is nothing but {@code REMOVE} and {@code DELETE}
   */
  public boolean createsItem() {
    return actions.isEmpty()
        || actions.stream().anyMatch(a -> a.verb() == Verb.SET || a.verb() == Verb.ADD);
  }

  /**
   * The type that an attribute will have, as far as it is known without the item.
   *
   * @param attribute the name of an attribute
   * @return null when the item decides, or the attribute is not set
   */
  public @Nullable ValueType typeOf(String attribute) {
    for (Action action : actions) {
      Operand operand = action.operand();
      if (operand != null
          && action.verb() != Verb.DELETE
          && action.path().equals(Path.of(attribute))) {
        return operand.type();
      }
    }
    return null;
  }

  /**
   * Changes an item.
   *
   * @param item the item, or its key alone when there is none yet
   * @return the changed item
   * @throws io.clouddb.testkit.simulator.aws.AwsError ValidationException when the item has not
   *     what the update needs
   */
  public Map<String, Value> apply(Map<String, Value> item) {
    if (actions.isEmpty()) {
      // Older parameters can be there and name nothing.
      return item;
    }
    List<@Nullable Value> values = new ArrayList<>();
    for (Action action : actions) {
      values.add(value(action, item));
    }
    Value changed = changed(new Value.Document(item), PathTree.of(paths), values);
    return ((Value.Document) changed).members();
  }

  private static @Nullable Value value(Action action, Map<String, Value> item) {
    Operand operand = action.operand();
    if (operand == null) {
      return null;
    }
    Value value = operand.of(item);
    if (value == null) {
      throw Refusal.of(
          "The provided expression refers to an attribute that does not exist in the item");
    }
    return value;
  }

  /** What becomes of a value that actions lie in. */
  private Value changed(@Nullable Value value, PathTree tree, List<@Nullable Value> values) {
    boolean members = tree.branches().keySet().iterator().next() instanceof Path.Member;
    if (members && value instanceof Value.Document document) {
      Map<String, Value> all = new LinkedHashMap<>(document.members());
      tree.branches()
          .forEach((step, branch) -> change(all, ((Path.Member) step).name(), branch, values));
      return new Value.Document(all);
    }
    if (!members && value instanceof Value.Array array) {
      Map<Integer, Value> all = new TreeMap<>();
      array.values().forEach(element -> all.put(all.size(), element));
      tree.branches()
          .forEach((step, branch) -> change(all, ((Path.Element) step).index(), branch, values));
      return new Value.Array(new ArrayList<>(all.values()));
    }
    throw Refusal.of("The document path provided in the update expression is invalid for update");
  }

  private <K> void change(Map<K, Value> all, K key, PathTree branch, List<@Nullable Value> values) {
    Integer end = branch.end();
    Value before = all.get(key);
    Value after =
        end == null
            ? changed(before, branch, values)
            : done(actions.get(end).verb(), before, values.get(end));
    if (after == null) {
      all.remove(key);
    } else {
      all.put(key, after);
    }
  }

  private @Nullable Value done(Verb verb, @Nullable Value before, @Nullable Value operand) {
    if (operand == null) {
      return null;
    }
    return switch (verb) {
      case ADD -> change.add(before, operand);
      case DELETE -> change.delete(before, operand);
      default -> operand;
    };
  }
}
