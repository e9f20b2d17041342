/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.table.AttributePath;
import io.clouddb.table.Condition;
import io.clouddb.table.Key;
import io.clouddb.table.KeyAttribute;
import io.clouddb.table.Query;
import io.clouddb.table.SortRange;
import io.clouddb.table.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The expressions of one request, which share names and values. No name and no value is in a text:
 * a name is {@code #0}, whatever it is, also when it is a word that DynamoDB reserves, and a value
 * is {@code :0}.
 */
final class Expression {
  /** The longest text that DynamoDB takes. */
  private static final int LONGEST = 4096;

  /** So many operators an expression has at most, and so cannot be deeper. */
  private static final int DEEPEST = 300;

  private final String partitionName;
  private final Map<String, String> placeholders = new HashMap<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, AttributeValue> values = new LinkedHashMap<>();

  /**
   * Begins the expressions of a request.
   *
   * @param partitionName the attribute that every item of the table has
   */
  Expression(String partitionName) {
    this.partitionName = partitionName;
  }

  /** What the placeholders of names stand for; null for none, as the service wants it. */
  @Nullable Map<String, String> names() {
    return names.isEmpty() ? null : names;
  }

  /** What the placeholders of values stand for; null for none, as the service wants it. */
  @Nullable Map<String, AttributeValue> values() {
    return values.isEmpty() ? null : values;
  }

  String condition(Condition condition) {
    StringBuilder text = new StringBuilder();
    append(text, condition, 0);
    return whole(text);
  }

  /** Makes sure that DynamoDB takes a text of this length. */
  static String whole(StringBuilder text) {
    // All of its characters are ASCII.
    if (text.length() > LONGEST) {
      throw Refused.invalid(
          "An expression of "
              + text.length()
              + " characters is made of the condition or update; DynamoDB takes "
              + LONGEST);
    }
    return text.toString();
  }

  /** The partition, and what of it. */
  String key(Key key, Query query) {
    StringBuilder text = new StringBuilder();
    name(text, key.partition().name());
    text.append(" = ");
    value(text, query.partition());
    SortRange range = query.range().orElse(null);
    if (range != null) {
      KeyAttribute sort =
          key.sort()
              .orElseThrow(
                  () -> Refused.invalid("The query has a range, and its key no sort attribute"));
      text.append(" AND ");
      range(text, sort.name(), range);
    }
    return text.toString();
  }

  private void range(StringBuilder text, String sort, SortRange range) {
    if (range instanceof SortRange.Compares compares) {
      name(text, sort);
      text.append(operator(compares.comparison()));
      value(text, compares.value());
    } else if (range instanceof SortRange.Between between) {
      name(text, sort);
      text.append(" BETWEEN ");
      value(text, between.low());
      text.append(" AND ");
      value(text, between.high());
    } else if (range instanceof SortRange.BeginsWith begins) {
      text.append("begins_with(");
      name(text, sort);
      text.append(", ");
      value(text, begins.prefix());
      text.append(')');
    }
  }

  private void append(StringBuilder text, Condition given, int depth) {
    Condition condition = bare(given);
    if (depth > DEEPEST) {
      throw Refused.invalid("A condition has more than " + DEEPEST + " others in each other");
    }
    if (condition instanceof Condition.And and) {
      join(text, and.all(), " AND ", depth);
    } else if (condition instanceof Condition.Or or) {
      join(text, or.any(), " OR ", depth);
    } else if (condition instanceof Condition.Not not) {
      text.append("NOT ");
      enclosed(text, not.condition(), depth + 1);
    } else {
      test(text, condition);
    }
  }

  /** One of one is that one: DynamoDB refuses parentheses around parentheses. */
  private static Condition bare(Condition condition) {
    Condition bare = condition;
    while (true) {
      if (bare instanceof Condition.And and && and.all().size() == 1) {
        bare = and.all().get(0);
      } else if (bare instanceof Condition.Or or && or.any().size() == 1) {
        bare = or.any().get(0);
      } else {
        return bare;
      }
    }
  }

  private void join(StringBuilder text, List<Condition> all, String word, int depth) {
    for (int i = 0; i < all.size(); i++) {
      if (i > 0) {
        text.append(word);
      }
      enclosed(text, all.get(i), depth + 1);
    }
  }

  private void enclosed(StringBuilder text, Condition condition, int depth) {
    text.append('(');
    append(text, condition, depth);
    text.append(')');
  }

  private void test(StringBuilder text, Condition condition) {
    if (condition instanceof Condition.ItemExists) {
      call(text, "attribute_exists", AttributePath.of(partitionName));
    } else if (condition instanceof Condition.ItemNotExists) {
      call(text, "attribute_not_exists", AttributePath.of(partitionName));
    } else if (condition instanceof Condition.Exists exists) {
      call(text, "attribute_exists", exists.path());
    } else if (condition instanceof Condition.NotExists notExists) {
      call(text, "attribute_not_exists", notExists.path());
    } else if (condition instanceof Condition.IsOfType type) {
      call(text, "attribute_type", type.path(), Value.of(typeName(type.type())));
    } else if (condition instanceof Condition.BeginsWith begins) {
      call(text, "begins_with", begins.path(), begins.prefix());
    } else if (condition instanceof Condition.Contains contains) {
      call(text, "contains", contains.path(), contains.operand());
    } else if (condition instanceof Condition.Compares compares) {
      path(text, compares.path());
      text.append(operator(compares.comparison()));
      value(text, compares.operand());
    } else if (condition instanceof Condition.In in) {
      path(text, in.path());
      text.append(" IN (");
      for (int i = 0; i < in.values().size(); i++) {
        if (i > 0) {
          text.append(", ");
        }
        value(text, in.values().get(i));
      }
      text.append(')');
    }
  }

  private void call(StringBuilder text, String function, AttributePath path) {
    text.append(function).append('(');
    path(text, path);
    text.append(')');
  }

  private void call(StringBuilder text, String function, AttributePath path, Value operand) {
    text.append(function).append('(');
    path(text, path);
    text.append(", ");
    value(text, operand);
    text.append(')');
  }

  void path(StringBuilder text, AttributePath path) {
    name(text, path.attribute());
    List<AttributePath.Step> steps = path.steps();
    for (int i = 0; i < steps.size(); i++) {
      AttributePath.Step step = steps.get(i);
      if (step instanceof AttributePath.Member member) {
        text.append('.');
        name(text, member.name());
      } else if (step instanceof AttributePath.Element element) {
        text.append('[').append(element.index()).append(']');
      }
    }
  }

  private void name(StringBuilder text, String name) {
    String placeholder = placeholders.get(name);
    if (placeholder == null) {
      placeholder = "#" + names.size();
      placeholders.put(name, placeholder);
      names.put(placeholder, name);
    }
    text.append(placeholder);
  }

  void value(StringBuilder text, Value value) {
    String placeholder = ":" + values.size();
    values.put(placeholder, AttributeValues.of(value));
    text.append(placeholder);
  }

  private static String operator(Condition.Comparison comparison) {
    return switch (comparison) {
      case EQUAL -> " = ";
      case NOT_EQUAL -> " <> ";
      case LESS -> " < ";
      case LESS_OR_EQUAL -> " <= ";
      case GREATER -> " > ";
      case GREATER_OR_EQUAL -> " >= ";
    };
  }

  private static String typeName(Condition.ValueType type) {
    return switch (type) {
      case TEXT -> "S";
      case NUMBER -> "N";
      case BINARY -> "B";
      case BOOLEAN -> "BOOL";
      case NULL -> "NULL";
      case LIST -> "L";
      case MAP -> "M";
      case TEXT_SET -> "SS";
      case NUMBER_SET -> "NS";
      case BINARY_SET -> "BS";
    };
  }
}
