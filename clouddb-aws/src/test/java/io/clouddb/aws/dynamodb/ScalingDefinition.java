/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The published definition of Application Auto Scaling, against which JSON is held. */
final class ScalingDefinition {
  private final Map<String, List<String>> lines = new HashMap<>();
  private final Map<String, List<String>> operations = new HashMap<>();

  ScalingDefinition() {
    try (InputStream in =
        Objects.requireNonNull(
            ScalingDefinition.class.getResourceAsStream(
                "application-autoscaling-2016-02-06.txt"))) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> List.of(line.split(" ")))
          .forEach(
              words ->
                  (words.get(0).equals("operation") ? operations : lines).put(words.get(1), words));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> request(String action, JsonNode body) {
    return problems(Objects.requireNonNull(operations.get(action), action).get(2), body);
  }

  List<String> answer(String action, JsonNode body) {
    return problems(Objects.requireNonNull(operations.get(action), action).get(3), body);
  }

  private List<String> problems(String shape, JsonNode body) {
    List<String> problems = new ArrayList<>();
    check(shape, body, shape, problems);
    return problems;
  }

  private void check(String shape, JsonNode node, String where, List<String> problems) {
    List<String> words = Objects.requireNonNull(lines.get(shape), shape);
    List<String> rest = words.subList(2, words.size());
    switch (words.get(0)) {
      case "structure" -> structure(rest, node, where, problems);
      case "list" -> {
        require(node.isArray(), where + " is no list", problems);
        node.forEach(each -> check(rest.get(0), each, where + "[]", problems));
      }
      case "map" -> require(node.isObject(), where + " is no map", problems);
      case "enum" -> require(rest.contains(node.asText()), where + " is " + node, problems);
      case "string" -> require(node.isTextual(), where + " is no text", problems);
      case "boolean" -> require(node.isBoolean(), where + " is no boolean", problems);
      case "integer", "long" ->
          require(node.isIntegralNumber(), where + " is no whole number", problems);
      default -> require(node.isNumber(), where + " is no number", problems);
    }
  }

  private void structure(List<String> members, JsonNode node, String where, List<String> problems) {
    require(node.isObject(), where + " is no structure", problems);
    Map<String, String> shapes = new HashMap<>();
    for (String member : members) {
      int colon = member.indexOf(':');
      boolean required = member.charAt(colon - 1) == '!';
      String name = member.substring(0, required ? colon - 1 : colon);
      shapes.put(name, member.substring(colon + 1));
      require(!required || node.has(name), where + " has no " + name, problems);
    }
    node.properties()
        .forEach(
            field -> {
              String shape = shapes.get(field.getKey());
              if (shape == null) {
                problems.add(where + " has no member " + field.getKey());
              } else {
                check(shape, field.getValue(), where + "." + field.getKey(), problems);
              }
            });
  }

  private static void require(boolean holds, String problem, List<String> problems) {
    if (!holds) {
      problems.add(problem);
    }
  }
}
