/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.PathNode;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Step;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.UpdateGrammar.Section;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes an update of what was read, with the service's checks in its order. */
final class UpdateBinder {
  private static final String PARAMETER = "UpdateExpression";
  private static final Set<ValueType> DELETABLE =
      EnumSet.of(ValueType.SS, ValueType.NS, ValueType.BS);
  private static final Set<ValueType> ADDABLE =
      EnumSet.of(ValueType.N, ValueType.SS, ValueType.NS, ValueType.BS);

  private final Placeholders placeholders;
  private final Binder binder;

  UpdateBinder(Placeholders placeholders) {
    this.placeholders = placeholders;
    this.binder = new Binder(PARAMETER, placeholders);
  }

  /** An action that waits for its placeholders. */
  private record Pending(Update.Verb verb, PathNode path, @Nullable Node value) {}

  Update update(String text) {
    List<Section> sections = UpdateGrammar.parse(PARAMETER, text);
    requireShape(sections);
    List<Pending> pending = new ArrayList<>();
    for (Section section : sections) {
      Update.Verb verb = Update.Verb.valueOf(section.keyword());
      section.actions().forEach(a -> pending.add(new Pending(verb, a.path(), a.value())));
    }
    List<Path> paths = pending.stream().map(p -> binder.path(p.path())).toList();
    PathTree.requireDisjoint(PARAMETER, paths);
    return new Update(actions(pending), new SetChange(UpdateOperand.INCORRECT_TYPE));
  }

  /** Sections are read in the order in which each kind comes first, and there is one of each. */
  private static void requireShape(List<Section> sections) {
    Map<String, List<Section>> byKeyword = new LinkedHashMap<>();
    for (Section section : sections) {
      byKeyword.computeIfAbsent(section.keyword(), k -> new ArrayList<>()).add(section);
    }
    Shape shape = new Shape(PARAMETER, true);
    byKeyword.forEach(
        (keyword, same) -> {
          same.forEach(section -> requireShape(shape, section));
          if (same.size() > 1) {
            throw Refusal.in(
                PARAMETER,
                "The \"" + keyword + "\" section can only be used once in an update expression;");
          }
        });
  }

  private static void requireShape(Shape shape, Section section) {
    for (UpdateGrammar.Action action : section.actions()) {
      shape.requireOperand(action.path());
      Node value = action.value();
      if (value != null) {
        shape.requireOperand(value);
      }
    }
  }

  /** The service goes from the last action to the first: through all names, then through values. */
  private List<Update.Action> actions(List<Pending> pending) {
    List<Pending> backwards = new ArrayList<>(pending);
    Collections.reverse(backwards);
    for (Pending action : backwards) {
      Node value = action.value();
      if (value != null) {
        requireNames(value);
      }
    }
    List<Update.Action> actions = new ArrayList<>();
    backwards.forEach(action -> actions.add(bound(action)));
    Collections.reverse(actions);
    return actions;
  }

  private void requireNames(Node node) {
    if (node instanceof PathNode path) {
      for (Step step : path.steps()) {
        if (step.kind() == Token.Kind.NAME) {
          placeholders.name(PARAMETER, step.text());
        }
      }
    }
    node.children().forEach(this::requireNames);
  }

  private Update.Action bound(Pending action) {
    Node value = action.value();
    Operand operand = value == null ? null : binder.operand(value);
    if (operand != null) {
      requireType(action.verb(), operand);
    }
    return new Update.Action(action.verb(), binder.path(action.path()), operand);
  }

  private static void requireType(Update.Verb verb, Operand operand) {
    ValueType type = operand.type();
    if (type == null || verb == Update.Verb.SET) {
      return;
    }
    Set<ValueType> allowed = verb == Update.Verb.ADD ? ADDABLE : DELETABLE;
    if (!allowed.contains(type)) {
      throw Refusal.in(
          PARAMETER,
          "Incorrect operand type for operator or function; operator: "
              + verb
              + ", operand type: "
              + type.longName()
              + ", typeSet: ALLOWED_FOR_"
              + verb
              + "_OPERAND");
    }
  }
}
