/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Changes documents as documents: a value of another kind, a field too many, one too few. */
final class ChangedJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int MOST_CHANGES = 3;

  private ChangedJson() {}

  /**
   * One of the samples, as it is or changed, as a document or as text.
   *
   * @param source the choices
   * @param samples documents that are read
   * @return a text
   */
  static String of(Source source, List<String> samples) {
    if (source.chance(30)) {
      return source.changed(samples);
    }
    try {
      JsonNode root = JSON.readTree(source.pick(samples));
      for (int changes = source.below(MOST_CHANGES); changes >= 0; changes--) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        change(source, source.pick(containers));
      }
      String text = JSON.writeValueAsString(root);
      return source.noted(source.chance(5) ? text.substring(0, source.below(text.length())) : text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("A sample is no JSON", e);
    }
  }

  private static void collect(JsonNode node, List<JsonNode> into) {
    if (node.isContainerNode()) {
      into.add(node);
      node.forEach(child -> collect(child, into));
    }
  }

  private static void change(Source source, JsonNode container) {
    if (container instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.isEmpty() || source.chance(10) ? source.text() : source.pick(names);
      if (source.chance(20)) {
        object.remove(name);
      } else {
        object.set(name, value(source, object.path(name)));
      }
    } else if (container instanceof ArrayNode array) {
      array.add(value(source, NODES.nullNode()));
    }
  }

  private static JsonNode value(Source source, JsonNode before) {
    return switch (source.below(12)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(source.chance(50));
      case 2 -> NODES.numberNode(source.number());
      case 3 -> NODES.numberNode(BigInteger.TWO.pow(source.below(200)).negate());
      case 4 -> NODES.numberNode(new BigDecimal("0." + "3".repeat(1 + source.below(40))));
      case 5 -> NODES.numberNode(new BigDecimal("1e" + (source.below(2000) - 1000)));
      case 6 -> NODES.textNode(before.asText());
      case 7 -> NODES.arrayNode().add(before);
      case 8 -> NODES.objectNode().set(source.text(), before);
      case 9 -> NODES.textNode(before.asText() + source.text());
      case 10 -> NODES.objectNode();
      default -> NODES.textNode(source.text());
    };
  }
}
