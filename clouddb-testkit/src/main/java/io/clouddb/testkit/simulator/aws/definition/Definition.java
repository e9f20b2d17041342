/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.definition;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A service's published definition, as lines:
 *
 * <pre>
 * operation NAME REQUEST ANSWER|- ERROR...
 * error SHAPE STATUS
 * structure SHAPE MEMBER[!]:SHAPE...       (! where it is required)
 * string SHAPE MIN..MAX|- PATTERN          (either end may be missing, and so may the pattern)
 * enum SHAPE VALUE...
 * list SHAPE ELEMENT MIN..MAX|-
 * map SHAPE KEY VALUE MIN..MAX|-
 * integer SHAPE MIN..MAX|-                 (and the other simple types, alike)
 * </pre>
 */
final class Definition {
  private static final String ANY = "-";

  private final Map<String, Operation> operations = new HashMap<>();
  private final Map<String, Shape> shapes = new HashMap<>();
  private final Map<String, Integer> errors = new HashMap<>();

  /** What goes in and comes out; the answer may have no shape. */
  record Operation(String request, Optional<String> answer, Set<String> errors) {}

  /** From how many to how many; either end may be open. */
  record Range(long least, long most) {
    static Range of(String text) {
      if (text.equals(ANY)) {
        return new Range(Long.MIN_VALUE, Long.MAX_VALUE);
      }
      int dots = text.indexOf("..");
      String least = text.substring(0, dots);
      String most = text.substring(dots + 2);
      return new Range(
          least.isEmpty() ? Long.MIN_VALUE : Long.parseLong(least),
          most.isEmpty() ? Long.MAX_VALUE : Long.parseLong(most));
    }

    boolean has(long number) {
      return number >= least && number <= most;
    }
  }

  /**
   * A type.
   *
   * @param type for example {@code structure}
   * @param members of a structure: their shapes
   * @param required those of them that have to be there
   * @param values of an enumeration
   * @param element of a list or a map: the shape of each
   * @param key of a map: the shape of each name
   * @param range of a length, a size or a number
   * @param pattern of a text
   */
  record Shape(
      String type,
      Map<String, String> members,
      Set<String> required,
      Set<String> values,
      String element,
      String key,
      Range range,
      @Nullable Pattern pattern) {}

  private Definition() {}

  static Definition load(String resource) {
    Definition definition = new Definition();
    try (InputStream in =
        Objects.requireNonNull(Definition.class.getResourceAsStream(resource), resource)) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(definition::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return definition;
  }

  private void add(String line) {
    List<String> words = List.of(line.split(" "));
    String name = words.get(1);
    switch (words.get(0)) {
      case "operation" ->
          operations.put(
              name,
              new Operation(
                  words.get(2),
                  Optional.of(words.get(3)).filter(answer -> !answer.equals(ANY)),
                  Set.copyOf(words.subList(4, words.size()))));
      case "error" -> errors.put(name, Integer.valueOf(words.get(2)));
      case "structure" -> shapes.put(name, structure(words.subList(2, words.size())));
      case "enum" ->
          shapes.put(
              name, shape("enum", Set.copyOf(words.subList(2, words.size())), "", "", ANY, null));
      case "list" ->
          shapes.put(name, shape("list", Set.of(), words.get(2), "", words.get(3), null));
      case "map" ->
          shapes.put(name, shape("map", Set.of(), words.get(3), words.get(2), words.get(4), null));
      // A pattern may have blanks in it.
      case "string" -> shapes.put(name, text(line.split(" ", 4)));
      default -> shapes.put(name, shape(words.get(0), Set.of(), "", "", words.get(2), null));
    }
  }

  private static Shape text(String[] words) {
    Pattern pattern = words.length > 3 ? Pattern.compile(words[3]) : null;
    return shape("string", Set.of(), "", "", words[2], pattern);
  }

  private static Shape shape(
      String type,
      Set<String> values,
      String element,
      String key,
      String range,
      @Nullable Pattern pattern) {
    return new Shape(type, Map.of(), Set.of(), values, element, key, Range.of(range), pattern);
  }

  private static Shape structure(List<String> words) {
    Map<String, String> members = new LinkedHashMap<>();
    Set<String> required = new HashSet<>();
    for (String word : words) {
      int colon = word.indexOf(':');
      boolean must = word.charAt(colon - 1) == '!';
      String member = word.substring(0, must ? colon - 1 : colon);
      members.put(member, word.substring(colon + 1));
      if (must) {
        required.add(member);
      }
    }
    return new Shape("structure", members, required, Set.of(), "", "", Range.of(ANY), null);
  }

  Optional<Operation> operation(String name) {
    return Optional.ofNullable(operations.get(name));
  }

  Shape shape(String name) {
    return Objects.requireNonNull(shapes.get(name), name);
  }

  /** The HTTP status of an error that the definition has. */
  int status(String error) {
    return Objects.requireNonNull(errors.get(error), error);
  }
}
