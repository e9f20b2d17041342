/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The service's definition, read from the lines that {@link ExtractDefinition} writes. */
final class ServiceDefinition {
  /**
   * An action.
   *
   * @param input the request's shape
   * @param output the answer's shape, empty for none
   * @param errors the codes of its own errors
   */
  record Operation(String input, Optional<String> output, List<String> errors) {}

  /**
   * A shape.
   *
   * @param type structure, list, string, integer, ...
   * @param members of a structure, name to shape
   * @param required of a structure
   * @param element name and shape of a list's elements
   * @param values of a string that has given ones
   * @param range least and greatest, as the definition has them, empty strings for none
   */
  record Shape(
      String type,
      Map<String, String> members,
      TreeSet<String> required,
      List<String> element,
      List<String> values,
      String range) {}

  private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");
  private static final Pattern TIMESTAMP =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z");

  private final Map<String, Operation> operations = new LinkedHashMap<>();
  private final Map<String, Integer> errors = new LinkedHashMap<>();
  private final Map<String, Shape> shapes = new LinkedHashMap<>();

  static ServiceDefinition load(String file) {
    ServiceDefinition definition = new ServiceDefinition();
    Map<String, String> codes = new LinkedHashMap<>();
    try (InputStream in = ServiceDefinition.class.getResourceAsStream(file)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> definition.read(List.of(line.split(" ")), codes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return definition;
  }

  private void read(List<String> words, Map<String, String> codes) {
    String name = words.get(1);
    List<String> rest = words.subList(2, words.size());
    switch (words.get(0)) {
      case "operation" ->
          operations.put(
              name,
              new Operation(
                  rest.get(0),
                  rest.get(1).equals("-") ? Optional.empty() : Optional.of(rest.get(1)),
                  rest.subList(2, rest.size()).stream()
                      .map(shape -> Objects.requireNonNull(codes.get(shape)))
                      .toList()));
      case "error" -> {
        codes.put(name, rest.get(0));
        errors.put(rest.get(0), Integer.valueOf(rest.get(1)));
      }
      case "structure" -> {
        Map<String, String> members = new LinkedHashMap<>();
        TreeSet<String> required = new TreeSet<>();
        for (String member : rest) {
          int equals = member.indexOf('=');
          boolean needed = member.charAt(equals - 1) == '!';
          String memberName = member.substring(0, needed ? equals - 1 : equals);
          members.put(memberName, member.substring(equals + 1));
          if (needed) {
            required.add(memberName);
          }
        }
        shapes.put(name, new Shape("structure", members, required, List.of(), List.of(), ""));
      }
      case "list" ->
          shapes.put(name, new Shape("list", Map.of(), new TreeSet<>(), rest, List.of(), ""));
      case "string" ->
          shapes.put(name, new Shape("string", Map.of(), new TreeSet<>(), List.of(), rest, ""));
      default ->
          shapes.put(
              name,
              new Shape(
                  words.get(0),
                  Map.of(),
                  new TreeSet<>(),
                  List.of(),
                  List.of(),
                  rest.isEmpty() ? "" : rest.get(0)));
    }
  }

  Optional<Operation> operation(String name) {
    return Optional.ofNullable(operations.get(name));
  }

  /** The HTTP status of an error, empty when no action of ours has it. */
  Optional<Integer> status(String code) {
    return Optional.ofNullable(errors.get(code));
  }

  Shape shape(String name) {
    return Objects.requireNonNull(shapes.get(name), name);
  }

  /** What is wrong with a simple value. */
  Optional<String> problem(Shape shape, String value) {
    boolean fits =
        switch (shape.type()) {
          case "string" -> shape.values().isEmpty() || shape.values().contains(value);
          case "boolean" -> value.equals("true") || value.equals("false");
          case "integer", "long" -> INTEGER.matcher(value).matches() && inRange(shape, value);
          case "double", "float" -> value.matches("-?[0-9]+(\\.[0-9]+)?");
          case "timestamp" -> TIMESTAMP.matcher(value).matches();
          default -> false;
        };
    return fits
        ? Optional.empty()
        : Optional.of(
            "'" + value + "' is no " + shape.type() + " " + shape.values() + shape.range());
  }

  private static boolean inRange(Shape shape, String value) {
    if (shape.range().isEmpty()) {
      return true;
    }
    List<String> ends = new ArrayList<>(List.of(shape.range().split("\\.\\.", -1)));
    long number = Long.parseLong(value);
    return (ends.get(0).isEmpty() || number >= Long.parseLong(ends.get(0)))
        && (ends.get(1).isEmpty() || number <= Long.parseLong(ends.get(1)));
  }
}
