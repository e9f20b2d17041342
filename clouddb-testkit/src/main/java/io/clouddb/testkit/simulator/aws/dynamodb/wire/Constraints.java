/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import io.clouddb.testkit.simulator.aws.AwsError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks a request against the definition: what is required, lengths, ranges, patterns,
 * enumerations. All that is wrong is said at once, up to ten things, but for the name of a table,
 * which is looked at first.
 */
final class Constraints {
  private static final int MOST = 10;
  private static final String TABLE = "TableName";

  /** Where the definition allows an ARN, a name has the length and the letters of one. */
  private static final String TABLE_ARN = "TableArn";

  private static final long NAME_LENGTH = 255;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]+");

  private final List<String> errors = new ArrayList<>();

  private Constraints() {}

  static void check(Members request, Shape.Structure structure) {
    Shape.Member table = structure.members().get(TABLE);
    if (table != null) {
      Constraints first = new Constraints();
      first.member(request, table, "");
      first.report();
    }
    Constraints all = new Constraints();
    all.structure(request, structure, "");
    all.report();
  }

  private void report() {
    if (!errors.isEmpty()) {
      throw error(errors);
    }
  }

  static AwsError error(List<String> errors) {
    return Validation.error(
        errors.size()
            + (errors.size() > 1 ? " validation errors" : " validation error")
            + " detected: "
            + String.join("; ", errors));
  }

  private void add(@Nullable Object value, String path, String constraint) {
    if (errors.size() < MOST) {
      errors.add(
          "Value "
              + (value == null ? "null" : "'" + Shown.of(value) + "'")
              + " at '"
              + path
              + "' failed to satisfy constraint: "
              + constraint);
    }
  }

  private void structure(Members members, Shape.Structure structure, String path) {
    for (Shape.Member member : structure.members().values()) {
      member(members, member, path);
    }
  }

  private void member(Members members, Shape.Member member, String path) {
    Object value = members.values().get(member.name());
    String at = path.isEmpty() ? member.shown() : path + "." + member.shown();
    if (value != null) {
      value(value, member.shape(), at);
    } else if (member.required()) {
      add(null, at, "Member must not be null");
    }
  }

  private void value(Object value, Shape shape, String path) {
    if (shape instanceof Shape.Text text) {
      text((String) value, text, path);
    } else if (shape instanceof Shape.Enumeration words) {
      if (!words.words().contains(value)) {
        add(
            value,
            path,
            "Member must satisfy enum value set: [" + String.join(", ", words.words()) + "]");
      }
    } else if (shape instanceof Shape.Whole whole) {
      long number = (Long) value;
      if (number < whole.range().least()) {
        add(
            value,
            path,
            "Member must have value greater than or equal to " + whole.range().least());
      }
      if (number > whole.range().most()) {
        add(value, path, "Member must have value less than or equal to " + whole.range().most());
      }
    } else if (shape instanceof Shape.Structure structure) {
      structure((Members) value, structure, path);
    } else if (shape instanceof Shape.Series series) {
      List<?> list = (List<?>) value;
      length(list.size(), list, series.length(), path);
      int number = 0;
      for (Object element : list) {
        number++;
        value(element, series.element(), path + "." + number + ".member");
      }
    } else if (shape instanceof Shape.Named named) {
      map((Map<?, ?>) value, named, path);
    }
  }

  private void text(String text, Shape.Text shape, String path) {
    if (shape.name().equals(TABLE_ARN)) {
      tableName(text, path);
      return;
    }
    Pattern pattern = shape.pattern();
    if (pattern != null && !pattern.matcher(text).matches()) {
      add(text, path, "Member must satisfy regular expression pattern: " + pattern.pattern());
    }
    length(text.length(), text, shape.length(), path);
  }

  private void tableName(String text, String path) {
    if (text.isEmpty()) {
      add(text, path, "Member must have length greater than or equal to 1");
    } else if (text.startsWith("arn:")) {
      return;
    } else if (text.length() > NAME_LENGTH) {
      add(text, path, "Member must have length less than or equal to " + NAME_LENGTH);
    } else if (!NAME.matcher(text).matches()) {
      add(text, path, "Member must satisfy regular expression pattern: " + NAME.pattern());
    }
  }

  private void length(int length, Object value, Shape.Range range, String path) {
    if (length < range.least()) {
      add(value, path, "Member must have length greater than or equal to " + range.least());
    }
    if (length > range.most()) {
      add(value, path, "Member must have length less than or equal to " + range.most());
    }
  }

  private void map(Map<?, ?> map, Shape.Named named, String path) {
    length(map.size(), map, named.length(), path);
    if (named.element() instanceof Shape.Series series) {
      for (Object element : map.values()) {
        int size = ((List<?>) element).size();
        if (size < series.length().least() || size > series.length().most()) {
          add(
              map,
              path,
              "Map value must satisfy constraint: [Member must have length less than or equal to "
                  + series.length().most()
                  + ", Member must have length greater than or equal to "
                  + series.length().least()
                  + "]");
        }
      }
    }
    map.forEach(
        (key, element) -> {
          if (named.element() instanceof Shape.Series series) {
            int number = 0;
            for (Object one : (List<?>) element) {
              number++;
              value(one, series.element(), path + "." + key + ".member." + number + ".member");
            }
          } else {
            value(element, named.element(), path + "." + key + ".member");
          }
        });
  }
}
