/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The shapes that the real service's answers have, in {@code shapes.txt}. */
final class RecordedShapes {
  private record Path(String type, boolean always) {}

  private final Map<String, Map<String, Path>> kinds = new LinkedHashMap<>();

  RecordedShapes() throws IOException {
    try (InputStream stream = RecordedShapes.class.getResourceAsStream("shapes.txt")) {
      String text =
          new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
      Map<String, Path> kind = new TreeMap<>();
      for (String line : text.split("\n", -1)) {
        if (line.startsWith("[")) {
          kind = new TreeMap<>();
          kinds.put(line.substring(1, line.length() - 1), kind);
        } else if (!line.isEmpty() && !line.startsWith("#")) {
          String[] parts = line.split(" ", -1);
          kind.put(parts[0], new Path(parts[1], parts.length == 2));
        }
      }
    }
  }

  /**
   * Compares an answer with the recorded ones.
   *
   * @param kind the kind of document
   * @param document the answer
   * @return what is wrong with it
   */
  List<String> differences(String kind, JsonNode document) {
    Map<String, Path> recorded = Objects.requireNonNull(kinds.get(kind), kind);
    Map<String, Set<String>> found = new TreeMap<>();
    collect("", document, found);
    List<String> differences = new ArrayList<>();
    found.forEach(
        (path, types) -> {
          Path known = recorded.get(path);
          if (known == null) {
            differences.add(path + " is not in the service's answers");
          } else if (!types.equals(Set.of(known.type()))) {
            differences.add(path + " is " + types + ", and " + known.type() + " in the service's");
          }
        });
    recorded.forEach(
        (path, known) -> {
          int dot = path.lastIndexOf('.');
          boolean parentIsThere = dot < 0 || found.containsKey(path.substring(0, dot));
          if (known.always() && parentIsThere && !found.containsKey(path)) {
            differences.add(path + " is missing");
          }
        });
    return differences;
  }

  private static void collect(String path, JsonNode node, Map<String, Set<String>> found) {
    if (!path.isEmpty()) {
      String type =
          switch (node.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            default -> node.getNodeType().toString();
          };
      found.computeIfAbsent(path, key -> new TreeSet<>()).add(type);
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = path.endsWith("userLabels") ? "*" : field.getKey();
      collect(path.isEmpty() ? name : path + "." + name, field.getValue(), found);
    }
    if (node.isArray()) {
      node.forEach(item -> collect(path + "[]", item, found));
    }
  }
}
