/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a body field by field, and refuses what this simulator would have to ignore. */
public final class KnownFields {
  private final ObjectNode body;

  private KnownFields(ObjectNode body) {
    this.body = body;
  }

  /**
   * Takes a body.
   *
   * @param body the body
   * @param known paths of leaves, for example {@code properties.storage.storageSizeGB}; one that
   *     ends with a star stands for a map
   * @return what reads it
   * @throws NotSimulatedException naming every other field that has a value
   */
  public static KnownFields of(ObjectNode body, Set<String> known) {
    List<String> unknown = new ArrayList<>();
    collect("", body, known, unknown);
    if (!unknown.isEmpty()) {
      throw new NotSimulatedException("the fields " + unknown);
    }
    return new KnownFields(body);
  }

  private static void collect(
      String prefix, ObjectNode node, Set<String> known, List<String> unknown) {
    node.properties()
        .forEach(
            field -> {
              String path = prefix + field.getKey();
              JsonNode value = field.getValue();
              if (known.contains(path) || known.contains(path + ".*") || value.isNull()) {
                return;
              }
              if (value instanceof ObjectNode object) {
                collect(path + ".", object, known, unknown);
              } else {
                unknown.add(path);
              }
            });
  }

  private JsonNode at(String path) {
    return body.at("/" + path.replace('.', '/'));
  }

  /**
   * A text.
   *
   * @param path where it is
   * @return empty when it is not there
   * @throws ArmRefusal when it is not as it should be
   */
  public Optional<String> text(String path) {
    JsonNode node = at(path);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isTextual()) {
      throw ArmRefusal.invalid(path, "a string is needed");
    }
    return Optional.of(node.textValue());
  }

  /**
   * A text that has to be there.
   *
   * @param path where it is
   * @return the text
   * @throws ArmRefusal when it is not as it should be
   */
  public String required(String path) {
    return text(path).filter(value -> !value.isEmpty()).orElseThrow(() -> ArmRefusal.missing(path));
  }

  /**
   * A number.
   *
   * @param path where it is
   * @return empty when it is not there
   * @throws ArmRefusal when it is not as it should be
   */
  public Optional<Integer> number(String path) {
    JsonNode node = at(path);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isInt()) {
      throw ArmRefusal.invalid(path, "a whole number is needed");
    }
    return Optional.of(node.intValue());
  }

  /**
   * A list of texts.
   *
   * @param path where it is
   * @return empty when it is not there
   * @throws ArmRefusal when it is not as it should be
   */
  public List<String> texts(String path) {
    List<String> texts = new ArrayList<>();
    for (JsonNode node : at(path)) {
      if (!node.isTextual()) {
        throw ArmRefusal.invalid(path, "strings are needed");
      }
      texts.add(node.textValue());
    }
    return texts;
  }

  /**
   * An object.
   *
   * @param path where it is
   * @return empty when it is not there
   * @throws ArmRefusal when it is not as it should be
   */
  public Optional<ObjectNode> object(String path) {
    return at(path) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
  }
}
