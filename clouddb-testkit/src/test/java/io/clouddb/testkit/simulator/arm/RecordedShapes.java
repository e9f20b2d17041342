/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a file says of recorded answers, to be held beside the simulator's. */
final class RecordedShapes {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<String, List<String>> facts = new LinkedHashMap<>();

  RecordedShapes(String file) {
    try (InputStream in =
        Objects.requireNonNull(RecordedShapes.class.getResourceAsStream(file), file)) {
      List<String> current = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (line.startsWith("[")) {
          current = new ArrayList<>();
          facts.put(line.substring(1, line.length() - 1), current);
        } else if (!line.isBlank() && !line.startsWith("#")) {
          current.add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Compares a whole answer. */
  void check(String name, HttpResponse<String> response) throws IOException {
    JsonNode body = MAPPER.readTree(response.body());
    assertThat(with("status ", name))
        .as("%s: %s", name, response.body())
        .containsExactly(String.valueOf(response.statusCode()));
    checkLeaves(name, body);
    for (String header : with("header ", name)) {
      assertThat(response.headers().firstValue(header)).as("%s: %s", name, header).isPresent();
    }
    for (String code : with("code ", name)) {
      assertThat(body.at("/error/code").asText()).isEqualTo(code);
    }
    for (String message : with("message ", name)) {
      String pattern =
          Arrays.stream(message.split("\\*", -1))
              .map(Pattern::quote)
              .collect(Collectors.joining("[-.a-z0-9]+"));
      assertThat(body.at("/error/message").asText()).matches(pattern);
    }
  }

  /** Compares which leaves a body, or a part of one, has. */
  void checkLeaves(String name, JsonNode body) {
    assertThat(leaves("", body))
        .as("leaves of %s", name)
        .containsExactlyElementsOf(with("leaf ", name));
  }

  /** The leaves as they are written. */
  List<String> leaves(String name) {
    return with("leaf ", name);
  }

  private List<String> with(String prefix, String name) {
    return Objects.requireNonNull(facts.get(name), name).stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .toList();
  }

  private static Set<String> leaves(String path, JsonNode node) {
    Set<String> leaves = new TreeSet<>();
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  leaves.addAll(
                      leaves(
                          path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                          field.getValue())));
    } else {
      leaves.add(path + " " + node.getNodeType().toString().toLowerCase(Locale.ROOT));
    }
    return leaves;
  }
}
