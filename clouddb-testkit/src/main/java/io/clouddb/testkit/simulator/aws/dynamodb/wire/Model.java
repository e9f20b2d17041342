/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The requests of a service as its published definition has them, read from an extract in this
 * form, a line for each:
 *
 * <pre>
 * operation PutItem PutItemInput                          its request; "-" for one without members
 * structure Tag Key!:TagKeyString Value!:TagValueString   members and their shapes; "!" is required
 * string TagKeyString 1..128 [a-z]+                       length ("-" for any) and pattern
 * enum KeyType HASH RANGE
 * list TagList Tag 1..50
 * map ExpectedAttributeMap AttributeName ExpectedAttributeValue
 * integer PositiveIntegerObject 1..                       also long, double, timestamp, boolean
 * item Key                                                values of an item, by their names
 * value AttributeValue
 * </pre>
 */
public final class Model {
  private final Map<String, String> requests = new LinkedHashMap<>();
  private final Map<String, String[]> lines = new HashMap<>();
  private final Map<String, Shape> shapes = new HashMap<>();
  private final Map<String, Shape.Structure> operations = new HashMap<>();

  private Model() {}

  /**
   * Reads an extract.
   *
   * @param beside the class in whose package the resource is
   * @param resource its name
   * @return the model
   */
  public static Model of(Class<?> beside, String resource) {
    Model model = new Model();
    try (InputStream stream = beside.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException("No resource " + resource + " beside " + beside);
      }
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith("#")) {
          model.add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    model.requests.forEach(
        (operation, request) -> model.operations.put(operation, model.request(request)));
    return model;
  }

  private void add(String line) {
    String[] words = line.split(" ");
    if (words[0].equals("operation")) {
      requests.put(words[1], words[2]);
    } else {
      // A pattern may have blanks in it.
      lines.put(words[1], words[0].equals("string") ? line.split(" ", 4) : words);
    }
  }

  private Shape.Structure request(String name) {
    if (name.equals("-")) {
      return new Shape.Structure(name, Map.of());
    }
    if (shape(name) instanceof Shape.Structure structure) {
      return structure;
    }
    throw new IllegalStateException(name + " is no structure");
  }

  /**
   * The actions of the service.
   *
   * @return their names
   */
  public Set<String> operations() {
    return Set.copyOf(operations.keySet());
  }

  /** What the request of an action looks like. */
  Shape.Structure requestOf(String operation) {
    Shape.Structure structure = operations.get(operation);
    if (structure == null) {
      throw new IllegalArgumentException("The service has no action " + operation);
    }
    return structure;
  }

  private Shape shape(String name) {
    Shape known = shapes.get(name);
    if (known == null) {
      String[] line = lines.get(name);
      if (line == null) {
        throw new IllegalStateException("Nothing says what " + name + " is");
      }
      known = read(name, line);
      shapes.put(name, known);
    }
    return known;
  }

  private Shape read(String name, String[] line) {
    return switch (line[0]) {
      case "structure" -> structure(name, line);
      case "string" ->
          new Shape.Text(name, range(line, 2), line.length > 3 ? Pattern.compile(line[3]) : null);
      case "enum" -> new Shape.Enumeration(List.of(line).subList(2, line.length));
      case "integer", "long" ->
          new Shape.Whole(line[0].equals("long") ? "Long" : "Integer", range(line, 2));
      case "double", "timestamp" -> new Shape.Decimal(line[0].equals("double") ? "Double" : "Date");
      case "boolean" -> new Shape.Flag();
      case "list" -> new Shape.Series(name, shape(line[2]), range(line, 3));
      case "map" -> new Shape.Named(name, shape(line[2]), shape(line[3]), range(line, 4));
      case "item" -> new Shape.Attributes();
      case "value" -> new Shape.Attribute();
      default -> throw new IllegalStateException("Nobody knows what a " + line[0] + " is");
    };
  }

  private Shape.Structure structure(String name, String[] line) {
    Map<String, Shape.Member> members = new LinkedHashMap<>();
    for (String word : List.of(line).subList(2, line.length)) {
      int colon = word.indexOf(':');
      boolean required = word.charAt(colon - 1) == '!';
      String member = word.substring(0, required ? colon - 1 : colon);
      members.put(member, new Shape.Member(member, shape(word.substring(colon + 1)), required));
    }
    return new Shape.Structure(name, members);
  }

  private static Shape.Range range(String[] line, int at) {
    if (line.length <= at || line[at].equals("-")) {
      return Shape.Range.ANY;
    }
    int dots = line[at].indexOf("..");
    String least = line[at].substring(0, dots);
    String most = line[at].substring(dots + 2);
    return new Shape.Range(
        least.isEmpty() ? Long.MIN_VALUE : Long.parseLong(least),
        most.isEmpty() ? Long.MAX_VALUE : Long.parseLong(most));
  }
}
