/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Values of few kinds and small domains, so that those of two requests often meet. */
final class Values {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> TEXTS = List.of("", "a", "ab", "abc", "b", "Zoë");
  private static final List<String> NUMBERS =
      List.of("0", "1", "-1", "2", "10", "2.5", "-0.125", "1e3", "12345678901234567890.5", "100");
  static final List<String> PARTITIONS = List.of("p1", "p2", "p3");
  static final List<String> SORTS = List.of("-1", "0", "1", "2", "10", "2.50");

  private final Random random;

  Values(Random random) {
    this.random = random;
  }

  <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  ObjectNode text() {
    return JSON.objectNode().put("S", pick(TEXTS));
  }

  ObjectNode number() {
    return JSON.objectNode().put("N", pick(NUMBERS));
  }

  ObjectNode texts() {
    return set("SS", TEXTS);
  }

  ObjectNode numbers() {
    return set("NS", List.of("1", "2", "3", "-1", "2.5"));
  }

  private ObjectNode set(String type, List<String> from) {
    TreeSet<String> all = new TreeSet<>();
    int size = 1 + below(3);
    while (all.size() < size) {
      all.add(pick(from));
    }
    ObjectNode value = JSON.objectNode();
    ArrayNode array = value.putArray(type);
    all.forEach(array::add);
    return value;
  }

  ObjectNode list(int depth) {
    ObjectNode value = JSON.objectNode();
    ArrayNode array = value.putArray("L");
    int size = below(4);
    for (int i = 0; i < size; i++) {
      array.add(any(depth - 1));
    }
    return value;
  }

  ObjectNode map(int depth) {
    ObjectNode value = JSON.objectNode();
    ObjectNode members = value.putObject("M");
    for (String name : List.of("x", "y")) {
      if (!oneIn(3)) {
        members.set(name, any(depth - 1));
      }
    }
    return value;
  }

  ObjectNode any(int depth) {
    return switch (below(depth > 0 ? 10 : 8)) {
      case 0, 1 -> text();
      case 2, 3 -> number();
      case 4 -> JSON.objectNode().put("BOOL", random.nextBoolean());
      case 5 -> JSON.objectNode().put("NULL", true);
      case 6 ->
          JSON.objectNode()
              .put("B", Base64.getEncoder().encodeToString(new byte[] {1, (byte) below(3)}));
      case 7 -> oneIn(2) ? texts() : numbers();
      case 8 -> list(depth);
      default -> map(depth);
    };
  }

  /** Attributes beside the key; sometimes one that an index has, of another type. */
  void fill(ObjectNode item) {
    if (!oneIn(3)) {
      item.set("n", oneIn(20) ? text() : number());
    }
    if (!oneIn(3)) {
      item.set(
          "s", oneIn(20) ? number() : JSON.objectNode().put("S", pick(List.of("k", "ka", "l"))));
    }
    if (oneIn(2)) {
      item.set("g", JSON.objectNode().put("S", pick(List.of("g1", "g2"))));
    }
    if (oneIn(2)) {
      item.set("ss", texts());
    }
    if (oneIn(2)) {
      item.set("ns", numbers());
    }
    if (oneIn(2)) {
      item.set("l", list(2));
    }
    if (oneIn(2)) {
      item.set("m", map(2));
    }
    if (oneIn(2)) {
      item.set("v", any(2));
    }
  }

  /** The same request with one thing that is wrong, or at least strange. */
  JsonNode spoiled(ObjectNode request) {
    ObjectNode copy = request.deepCopy();
    List<ObjectNode> objects = new ArrayList<>();
    collect(copy, objects);
    ObjectNode where = pick(objects);
    List<String> names = new ArrayList<>();
    where.fieldNames().forEachRemaining(names::add);
    if (names.isEmpty()) {
      return copy;
    }
    String name = pick(names);
    switch (below(6)) {
      case 0 -> where.remove(name);
      case 1 -> where.put(name, "");
      case 2 -> where.putObject(name);
      case 3 -> where.putArray(name);
      case 4 -> where.set(name, any(1));
      default -> where.put(name, "zzz");
    }
    return copy;
  }

  private static void collect(JsonNode node, List<ObjectNode> objects) {
    if (node instanceof ObjectNode object) {
      objects.add(object);
    }
    node.forEach(child -> collect(child, objects));
  }
}
