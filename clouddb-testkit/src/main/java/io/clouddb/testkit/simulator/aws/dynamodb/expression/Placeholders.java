/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.tables.Value;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request's expressions may use: {@code ExpressionAttributeNames} and {@code
 * ExpressionAttributeValues}. It remembers what they did use.
 */
public final class Placeholders {
  private static final Pattern NAME = Pattern.compile("#[A-Za-z0-9_]+");
  private static final Pattern VALUE = Pattern.compile(":[A-Za-z0-9_]+");
  private static final int MAX_KEY_BYTES = 255;

  private final Map<String, String> names;
  private final Map<String, Value> values;
  private final Set<String> unusedNames;
  private final Set<String> unusedValues;

  /**
   * Takes a request's placeholders.
   *
   * @param names what each {@code #name} stands for; null when the request has none
   * @param values what each {@code :value} stands for; null when the request has none
   * @throws io.clouddb.testkit.simulator.aws.AwsError ValidationException for placeholders that the
   *     service refuses before it reads an expression
   */
  public Placeholders(@Nullable Map<String, String> names, @Nullable Map<String, Value> values) {
    if (names != null) {
      requireKeys("ExpressionAttributeNames", names.keySet(), NAME, true);
      names.forEach(Placeholders::requireName);
    }
    if (values != null) {
      requireKeys("ExpressionAttributeValues", values.keySet(), VALUE, false);
    }
    this.names = names == null ? Map.of() : names;
    this.values = values == null ? Map.of() : values;
    this.unusedNames = new HashSet<>(this.names.keySet());
    this.unusedValues = new HashSet<>(this.values.keySet());
  }

  /**
   * None at all.
   *
   * @return placeholders of a request without any
   */
  public static Placeholders none() {
    return new Placeholders(null, null);
  }

  private static void requireKeys(
      String parameter, Set<String> keys, Pattern pattern, boolean tellSize) {
    if (keys.isEmpty()) {
      throw Refusal.of(parameter + " must not be empty");
    }
    for (String key : keys) {
      int size = key.getBytes(StandardCharsets.UTF_8).length;
      if (size > MAX_KEY_BYTES) {
        throw Refusal.of(
            parameter
                + " contains invalid key: The expression attribute map contains a key that is too"
                + " long;"
                + (tellSize ? " size of key: " + size : ""));
      }
      if (!pattern.matcher(key).matches()) {
        throw Refusal.of(parameter + " contains invalid key: Syntax error; key: \"" + key + "\"");
      }
    }
  }

  private static void requireName(String key, String name) {
    if (name.isEmpty()) {
      throw Refusal.of(
          "ExpressionAttributeNames contains invalid value: Empty attribute name for key " + key);
    }
  }

  String name(String parameter, String placeholder) {
    String name = names.get(placeholder);
    if (name == null) {
      throw Refusal.in(
          parameter,
          "An expression attribute name used in the document path is not defined; attribute name: "
              + placeholder);
    }
    unusedNames.remove(placeholder);
    return name;
  }

  Value value(String parameter, String placeholder) {
    Value value = values.get(placeholder);
    if (value == null) {
      throw Refusal.in(
          parameter,
          "An expression attribute value used in expression is not defined; attribute value: "
              + placeholder);
    }
    unusedValues.remove(placeholder);
    return value;
  }

  /**
   * Refuses placeholders that no expression used. To be asked once all of a request's expressions
   * are parsed.
   *
   * @throws io.clouddb.testkit.simulator.aws.AwsError ValidationException that names them
   */
  public void requireAllUsed() {
    requireNone("ExpressionAttributeNames", unusedNames);
    requireNone("ExpressionAttributeValues", unusedValues);
  }

  private static void requireNone(String parameter, Set<String> unused) {
    if (!unused.isEmpty()) {
      throw Refusal.of(
          "Value provided in "
              + parameter
              + " unused in expressions: keys: {"
              + String.join(", ", unused)
              + "}");
    }
  }
}
