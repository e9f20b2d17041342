/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What of a request's members breaks the constraints of the service's model, all of it at once and
 * in the words of the framework that AWS services validate with. A member is named by its path, for
 * example {@code keySchema.1.member.keyType}; what a member that is null may not be, only {@link
 * #required} says.
 */
public final class Constraints {
  private final List<String> violations = new ArrayList<>();

  /**
   * A member that must be there.
   *
   * @param value its value
   * @param path its path
   * @return whether it is there
   */
  public boolean required(JsonNode value, String path) {
    if (isAbsent(value)) {
      violations.add(
          "Value null at '" + path + "' failed to satisfy constraint: Member must not be null");
      return false;
    }
    return true;
  }

  /**
   * A text, or a list, of a least and a greatest length.
   *
   * @param value its value
   * @param path its path
   * @param least the least length
   * @param greatest the greatest one
   */
  public void length(JsonNode value, String path, int least, int greatest) {
    if (isAbsent(value)) {
      return;
    }
    int length = value.isContainerNode() ? value.size() : value.asText().length();
    if (length < least) {
      add(value, path, "Member must have length greater than or equal to " + least);
    } else if (length > greatest) {
      add(value, path, "Member must have length less than or equal to " + greatest);
    }
  }

  /**
   * A text of a pattern.
   *
   * @param value its value
   * @param path its path
   * @param pattern what all of it must match
   */
  public void pattern(JsonNode value, String path, Pattern pattern) {
    if (!isAbsent(value) && !pattern.matcher(value.asText()).matches()) {
      add(value, path, "Member must satisfy regular expression pattern: " + pattern.pattern());
    }
  }

  /**
   * A text that is one of some.
   *
   * @param value its value
   * @param path its path
   * @param values those that it may be, in the order in which the service names them
   */
  public void oneOf(JsonNode value, String path, List<String> values) {
    if (!isAbsent(value) && !values.contains(value.asText())) {
      add(value, path, "Member must satisfy enum value set: " + values);
    }
  }

  /**
   * A number of at least some value.
   *
   * @param value its value
   * @param path its path
   * @param least the least one
   */
  public void atLeast(JsonNode value, String path, long least) {
    if (!isAbsent(value) && value.decimalValue().compareTo(BigDecimal.valueOf(least)) < 0) {
      add(value, path, "Member must have value greater than or equal to " + least);
    }
  }

  /**
   * A number of at most some value.
   *
   * @param value its value
   * @param path its path
   * @param greatest the greatest one
   */
  public void atMost(JsonNode value, String path, long greatest) {
    if (!isAbsent(value) && value.decimalValue().compareTo(BigDecimal.valueOf(greatest)) > 0) {
      add(value, path, "Member must have value less than or equal to " + greatest);
    }
  }

  /**
   * The elements of a list, each with its path.
   *
   * @param list the list, or nothing
   * @param path its path
   * @param check is given each element
   */
  public void each(JsonNode list, String path, Consumer<Element> check) {
    for (int i = 0; i < list.size(); i++) {
      check.accept(new Element(list.get(i), path + "." + (i + 1) + ".member"));
    }
  }

  /**
   * An element of a list.
   *
   * @param value its value
   * @param path its path
   */
  public record Element(JsonNode value, String path) {
    /**
     * The path of a member of it.
     *
     * @param member the member, as the model names it
     * @return its path
     */
    public String at(String member) {
      return path + "." + lowerFirst(member);
    }
  }

  /**
   * A violation in words of its own.
   *
   * @param value the value
   * @param path its path
   * @param constraint what it breaks
   */
  public void add(JsonNode value, String path, String constraint) {
    violations.add(
        "Value '"
            + shown(value)
            + "' at '"
            + path
            + "' failed to satisfy constraint: "
            + constraint);
  }

  /**
   * Refuses what breaks any constraint.
   *
   * @throws AwsError naming all that is broken
   */
  public void check() {
    if (!violations.isEmpty()) {
      String count =
          violations.size() == 1 ? "1 validation error" : violations.size() + " validation errors";
      throw AwsError.badRequest(
          "ValidationException", count + " detected: " + String.join("; ", violations));
    }
  }

  /**
   * A member's name as paths have it.
   *
   * @param member the member, as the model names it
   * @return with its first letter in lower case, whatever follows
   */
  public static String lowerFirst(String member) {
    return member.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + member.substring(1);
  }

  /** As the framework prints a value: structures by the names of their members. */
  private static String shown(JsonNode value) {
    if (value.isArray()) {
      List<String> elements = new ArrayList<>();
      value.forEach(element -> elements.add(shown(element)));
      return elements.toString();
    }
    if (value.isObject()) {
      List<String> members = new ArrayList<>();
      value
          .properties()
          .forEach(
              member -> members.add(lowerFirst(member.getKey()) + "=" + shown(member.getValue())));
      // The only structures that a list of limited length holds are the elements of a key schema.
      String name = value.has("KeyType") ? "KeySchemaElement" : "";
      return name + "(" + String.join(", ", members) + ")";
    }
    return value.asText();
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }
}
