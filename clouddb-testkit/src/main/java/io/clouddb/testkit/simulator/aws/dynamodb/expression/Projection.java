/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which parts of items an answer is to have. */
public final class Projection {
  private static final String PARAMETER = "ProjectionExpression";

  private final List<Path> paths;
  private final PathTree tree;

  private Projection(List<Path> paths) {
    this.paths = List.copyOf(paths);
    this.tree = PathTree.of(this.paths);
  }

  /**
   * Reads a {@code ProjectionExpression}.
   *
   * @param text the expression
   * @param placeholders what it may use
   * @return the projection
   * @throws io.clouddb.testkit.simulator.aws.AwsError ValidationException in the service's words
   */
  public static Projection parse(String text, Placeholders placeholders) {
    List<Node.PathNode> nodes = ProjectionGrammar.parse(PARAMETER, text);
    nodes.forEach(new Shape(PARAMETER, false)::requireOperand);
    Binder binder = new Binder(PARAMETER, placeholders);
    List<Path> paths = nodes.stream().map(binder::path).toList();
    PathTree.requireDisjoint(PARAMETER, paths);
    return new Projection(paths);
  }

  /**
   * The projection onto paths, for what an update touched.
   *
   * @param paths paths that do not overlap
   * @return the projection
   */
  public static Projection onto(Collection<Path> paths) {
    return new Projection(new ArrayList<>(new LinkedHashSet<>(paths)));
  }

  /**
   * The paths.
   *
   * @return in the order of the text
   */
  public List<Path> paths() {
    return paths;
  }

  /**
   * What it leaves of an item: of a list the wanted elements alone, in their order.
   *
   * @param item the item
   * @return empty when the item has nothing of it
   */
  public Map<String, Value> of(Map<String, Value> item) {
    Value projected = projected(new Value.Document(item), tree);
    return projected instanceof Value.Document document ? document.members() : Map.of();
  }

  private static @Nullable Value projected(@Nullable Value value, PathTree tree) {
    if (value == null || tree.end() != null) {
      return value;
    }
    if (value instanceof Value.Document document) {
      return members(document.members(), tree);
    }
    return value instanceof Value.Array array ? elements(array.values(), tree) : null;
  }

  private static @Nullable Value members(Map<String, Value> members, PathTree tree) {
    Map<String, Value> kept = new LinkedHashMap<>();
    tree.branches()
        .forEach(
            (step, branch) -> {
              if (step instanceof Path.Member member) {
                Value value = projected(members.get(member.name()), branch);
                if (value != null) {
                  kept.put(member.name(), value);
                }
              }
            });
    return kept.isEmpty() ? null : new Value.Document(kept);
  }

  private static @Nullable Value elements(List<Value> elements, PathTree tree) {
    Map<Integer, Value> kept = new TreeMap<>();
    tree.branches()
        .forEach(
            (step, branch) -> {
              if (step instanceof Path.Element element && element.index() < elements.size()) {
                Value value = projected(elements.get(element.index()), branch);
                if (value != null) {
                  kept.put(element.index(), value);
                }
              }
            });
    return kept.isEmpty() ? null : new Value.Array(new ArrayList<>(kept.values()));
  }
}
