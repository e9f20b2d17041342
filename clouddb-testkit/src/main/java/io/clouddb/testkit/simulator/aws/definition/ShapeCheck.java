/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Holds JSON against a shape of a definition. */
final class ShapeCheck {
  /** A structure of which exactly one member is there. */
  private static final String UNION = "AttributeValue";

  /** A secret, whatever it was, of which the log keeps no more than this. */
  private static final String HIDDEN = "***";

  /**
   * What the service answers although its definition has it otherwise: as recorded answers and the
   * API reference have it, nothing was decreased today, nothing is provisioned on demand, nothing
   * was left unprocessed; by captures, a transaction of statements that write answers nothing of
   * each; and the name of the backup of a deleted table.
   */
  private static final Map<String, Predicate<JsonNode>> ANSWERED =
      Map.of(
          "NumberOfDecreasesToday",
          ShapeCheck::isZero,
          "ReadCapacityUnits",
          ShapeCheck::isZero,
          "WriteCapacityUnits",
          ShapeCheck::isZero,
          "UnprocessedItems",
          json -> json.isObject() && json.isEmpty(),
          "UnprocessedKeys",
          json -> json.isObject() && json.isEmpty(),
          "Responses",
          json -> json.isArray() && json.isEmpty(),
          "BackupName",
          json -> json.asText().endsWith("$DeletedTableBackup"));

  private final Definition definition;
  private final boolean request;
  private final List<String> problems = new ArrayList<>();

  private ShapeCheck(Definition definition, boolean request) {
    this.definition = definition;
    this.request = request;
  }

  static List<String> problems(
      Definition definition, boolean request, String shape, String where, JsonNode json) {
    ShapeCheck check = new ShapeCheck(definition, request);
    check.check(shape, where, json);
    return check.problems;
  }

  private void check(String name, String where, JsonNode json) {
    if (json.isTextual() && json.asText().equals(HIDDEN)) {
      return;
    }
    Definition.Shape shape = definition.shape(name);
    switch (shape.type()) {
      case "structure" -> structure(name, shape, where, json);
      case "list" -> {
        if (require(json.isArray(), where, json, "is no list")) {
          size(shape, where, json.size());
          json.forEach(each -> check(shape.element(), where + "[]", each));
        }
      }
      case "map" -> {
        if (require(json.isObject(), where, json, "is no map")) {
          size(shape, where, json.size());
          json.properties()
              .forEach(
                  entry -> {
                    text(definition.shape(shape.key()), where + " key", entry.getKey());
                    check(shape.element(), where + "{}", entry.getValue());
                  });
        }
      }
      case "enum" ->
          require(
              json.isTextual() && shape.values().contains(json.asText()),
              where,
              json,
              "is none of " + shape.values());
      case "string" -> {
        if (require(json.isTextual(), where, json, "is no text")) {
          text(shape, where, json.asText());
        }
      }
      case "blob" -> {
        Optional<byte[]> bytes = bytes(json);
        require(bytes.isPresent(), where, json, "is no base 64");
        bytes.ifPresent(all -> size(shape, where, all.length));
      }
      case "boolean" -> require(json.isBoolean(), where, json, "is no boolean");
      case "integer", "long" -> {
        if (require(json.isIntegralNumber(), where, json, "is no whole number")) {
          require(shape.range().has(json.asLong()), where, json, "is not in " + shape.range());
        }
      }
      case "double", "float", "timestamp" -> require(json.isNumber(), where, json, "is no number");
      default -> throw new IllegalStateException("Nobody knows what a " + shape.type() + " is");
    }
  }

  private void structure(String name, Definition.Shape shape, String where, JsonNode json) {
    if (!require(json.isObject(), where, json, "is no structure")) {
      return;
    }
    shape.required().stream()
        .filter(member -> !json.hasNonNull(member))
        .forEach(member -> problems.add(where + " has no " + member));
    json.properties()
        .forEach(
            entry -> {
              String path = where + "." + entry.getKey();
              String member = shape.members().get(entry.getKey());
              if (member == null) {
                problems.add(path + " is no member of " + name);
              } else if (!isPassedOver(entry.getKey(), entry.getValue())) {
                check(member, path, entry.getValue());
              }
            });
    require(!name.equals(UNION) || json.size() == 1, where, json, "is not one value");
  }

  private boolean isPassedOver(String member, JsonNode json) {
    // In a request a null is a member that is not there.
    return request ? json.isNull() : ANSWERED.getOrDefault(member, unusual -> false).test(json);
  }

  private static boolean isZero(JsonNode json) {
    return json.isIntegralNumber() && json.asLong() == 0;
  }

  private void text(Definition.Shape shape, String where, String text) {
    size(shape, where, text.length());
    Pattern pattern = shape.pattern();
    if (!shape.values().isEmpty() && !shape.values().contains(text)) {
      problems.add(where + " '" + text + "' is none of " + shape.values());
    }
    if (pattern != null && !pattern.matcher(text).matches()) {
      problems.add(where + " '" + text + "' is not as " + pattern);
    }
  }

  private void size(Definition.Shape shape, String where, int size) {
    if (!shape.range().has(size)) {
      problems.add(where + " has the length " + size + ", not in " + shape.range());
    }
  }

  private static Optional<byte[]> bytes(JsonNode json) {
    try {
      return json.isTextual()
          ? Optional.of(Base64.getDecoder().decode(json.asText()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean require(boolean holds, String where, JsonNode json, String problem) {
    if (!holds) {
      problems.add(where + " " + json + " " + problem);
    }
    return holds;
  }
}
