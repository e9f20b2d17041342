/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A tool for developers: writes a botocore definition as the lines of {@link Definition}. */
final class ExtractDefinition {
  private static final int CALLERS = 400;
  private static final int SERVERS = 500;

  private final JsonNode shapes;
  private final Deque<String> open = new ArrayDeque<>();
  private final Set<String> seen = new TreeSet<>();
  private final List<String> lines = new ArrayList<>();

  private ExtractDefinition(JsonNode shapes) {
    this.shapes = shapes;
  }

  /**
   * Runs the tool.
   *
   * @param args the definition, unpacked, and the file to write
   * @throws IOException when one cannot be read or the other not written
   */
  public static void main(String[] args) throws IOException {
    JsonNode model = new ObjectMapper().readTree(Path.of(args[0]).toFile());
    ExtractDefinition extract = new ExtractDefinition(model.path("shapes"));
    JsonNode metadata = model.path("metadata");
    extract.lines.add(
        "# %s API service definition %s, from the AWS SDKs' botocore data, Apache-2.0."
            .formatted(
                metadata.path("serviceFullName").asText(), metadata.path("apiVersion").asText()));
    extract.lines.add("# Made by ExtractDefinition.");
    model
        .path("operations")
        .properties()
        .forEach(operation -> extract.operation(operation.getKey(), operation.getValue()));
    while (!extract.open.isEmpty()) {
      extract.shape(extract.open.removeFirst());
    }
    Files.write(Path.of(args[1]), extract.lines);
  }

  private void operation(String name, JsonNode operation) {
    StringBuilder line = new StringBuilder("operation " + name);
    line.append(' ').append(reference(operation.path("input").path("shape").asText()));
    String output = operation.path("output").path("shape").asText("-");
    line.append(' ').append(output.equals("-") ? output : reference(output));
    for (JsonNode error : operation.path("errors")) {
      String shape = error.path("shape").asText();
      line.append(' ').append(shape);
      if (!seen.contains(shape)) {
        boolean ours = shapes.path(shape).path("fault").asBoolean();
        lines.add("error " + reference(shape) + " " + (ours ? SERVERS : CALLERS));
      }
    }
    lines.add(line.toString());
  }

  private String reference(String shape) {
    if (seen.add(shape)) {
      open.add(shape);
    }
    return shape;
  }

  private void shape(String name) {
    JsonNode shape = shapes.path(name);
    String type = shape.path("type").asText();
    String line =
        switch (type) {
          case "structure" -> "structure " + name + members(shape);
          case "list" -> "list " + name + " " + referred(shape, "member") + " " + range(shape);
          case "map" ->
              "map "
                  + name
                  + " "
                  + referred(shape, "key")
                  + " "
                  + referred(shape, "value")
                  + " "
                  + range(shape);
          case "string" ->
              shape.has("enum")
                  ? "enum " + name + values(shape)
                  : "string " + name + " " + range(shape) + pattern(shape);
          default -> type + " " + name + " " + range(shape);
        };
    lines.add(line);
  }

  private String members(JsonNode shape) {
    Set<String> required = new TreeSet<>();
    shape.path("required").forEach(member -> required.add(member.asText()));
    StringBuilder words = new StringBuilder();
    shape
        .path("members")
        .properties()
        .forEach(
            member ->
                words
                    .append(' ')
                    .append(member.getKey())
                    .append(required.contains(member.getKey()) ? "!:" : ":")
                    .append(reference(member.getValue().path("shape").asText())));
    return words.toString();
  }

  private String referred(JsonNode shape, String member) {
    return reference(shape.path(member).path("shape").asText());
  }

  private static String values(JsonNode shape) {
    StringBuilder words = new StringBuilder();
    shape.path("enum").forEach(value -> words.append(' ').append(value.asText()));
    return words.toString();
  }

  private static String pattern(JsonNode shape) {
    return shape.has("pattern") ? " " + shape.path("pattern").asText() : "";
  }

  private static String range(JsonNode shape) {
    return shape.has("min") || shape.has("max")
        ? shape.path("min").asText("") + ".." + shape.path("max").asText("")
        : "-";
  }
}
