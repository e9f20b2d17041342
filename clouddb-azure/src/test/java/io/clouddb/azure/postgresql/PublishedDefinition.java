/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Holds what the driver sent beside what Azure has published of the API version that it speaks. The
 * SDK is made for an older one, and the simulator is this project's own: neither is a witness.
 */
final class PublishedDefinition {
  private static final String VERSION = "2025-08-01";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Map<String, List<String>> CALLS = read();

  private PublishedDefinition() {}

  private static Map<String, List<String>> read() {
    Map<String, List<String>> calls = new LinkedHashMap<>();
    String file = "flexible-servers-" + VERSION + ".txt";
    try (InputStream in =
        Objects.requireNonNull(PublishedDefinition.class.getResourceAsStream(file), file)) {
      List<String> current = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (line.startsWith("[")) {
          current = new ArrayList<>();
          calls.put(line.substring(1, line.length() - 1), current);
        } else if (!line.isBlank() && !line.startsWith("#")) {
          current.add(line);
        }
      }
      return calls;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The values that a member may have. */
  static List<String> values(String call, String member) {
    String line = Objects.requireNonNull(members(calls(call)).get(member), member);
    List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
    words.remove(0);
    words.remove("required");
    return words;
  }

  /** What a location's capabilities have: each member with its type, and its values if listed. */
  static Map<String, List<String>> capabilities() {
    Map<String, List<String>> all = new TreeMap<>();
    for (String line : calls("GET capabilities")) {
      List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
      if (words.remove(0).equals("leaf")) {
        all.put(words.remove(0), words);
      }
    }
    return all;
  }

  private static List<String> calls(String call) {
    return Objects.requireNonNull(CALLS.get(call), () -> call + " is no published call");
  }

  /** Checks every request about a flexible server. */
  static void check(List<RecordedRequest> requests) {
    requests.stream()
        .filter(request -> request.path().contains("/flexibleServers"))
        .forEach(PublishedDefinition::check);
  }

  private static void check(RecordedRequest request) {
    String[] parts = request.path().replaceFirst(".*/flexibleServers/?", "").split("/", -1);
    String call =
        request.method()
            + " "
            + (parts[0].isEmpty() ? "" : "/{server}")
            + (parts.length > 1 ? "/" + parts[1] : "")
            + (parts.length > 2 ? "/{name}" : "");
    List<String> definition = calls(call);
    assertThat(request.rawQuery()).as(call).startsWith("api-version=" + VERSION);
    for (String line : definition) {
      if (line.startsWith("status ") && request.status() > 0 && request.status() < 400) {
        assertThat(List.of(line.substring(7).split(" ", -1)))
            .as(call)
            .contains(String.valueOf(request.status()));
      }
      if (line.startsWith("name ")) {
        assertThat(parts[parts.length - 1]).as(call).containsPattern(line.substring(5));
      }
    }
    body(call, request.body(), members(definition));
  }

  private static Map<String, String> members(List<String> definition) {
    Map<String, String> members = new TreeMap<>();
    for (String line : definition) {
      if (line.startsWith("body ")) {
        int space = line.indexOf(' ', 5);
        members.put(line.substring(5, space), line.substring(space + 1));
      }
    }
    return members;
  }

  private static void body(String call, String text, Map<String, String> members) {
    Map<String, JsonNode> sent = new TreeMap<>();
    if (!text.isEmpty()) {
      try {
        leaves("", MAPPER.readTree(text), sent);
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    }
    sent.forEach(
        (member, value) -> {
          String name = member.startsWith("tags.") ? "tags.*" : member;
          assertThat(members).as(call).containsKey(name);
          List<String> words = List.of(Objects.requireNonNull(members.get(name)).split(" ", -1));
          assertThat(type(value)).as("%s: %s", call, member).isEqualTo(words.get(0));
          List<String> allowed = new ArrayList<>(words.subList(1, words.size()));
          allowed.remove("required");
          if (!allowed.isEmpty()) {
            assertThat(allowed).as("%s: %s", call, member).contains(value.asText());
          }
        });
    members.forEach(
        (member, words) -> {
          if (words.contains(" required") && isThere(member, sent)) {
            assertThat(sent).as(call).containsKey(member);
          }
        });
  }

  /** Of an object that may be left out, all that it requires may be. */
  private static boolean isThere(String member, Map<String, JsonNode> sent) {
    String object = member.substring(0, member.lastIndexOf('.') + 1);
    return object.isEmpty() || sent.keySet().stream().anyMatch(each -> each.startsWith(object));
  }

  private static void leaves(String path, JsonNode node, Map<String, JsonNode> leaves) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  leaves(
                      path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                      field.getValue(),
                      leaves));
    } else {
      leaves.put(path, node);
    }
  }

  private static String type(JsonNode value) {
    return value.isInt()
        ? "integer"
        : value.isArray()
            ? "array"
            : value.isBoolean()
                ? "boolean"
                : value.isTextual() ? "string" : "" + value.getNodeType();
  }
}
