/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How the service shows what is wrong, near enough: structures as its own classes print them. */
final class Shown {
  private Shown() {}

  static String of(Object value) {
    if (value instanceof Members members) {
      return members.values().entrySet().stream()
          .map(entry -> lower(entry.getKey()) + "=" + of(entry.getValue()))
          .collect(Collectors.joining(", ", members.structure() + "(", ")"));
    } else if (value instanceof WireItem item) {
      return "{" + pairs(item.values()) + "}";
    } else if (value instanceof Map<?, ?> map) {
      return "{" + pairs(map) + "}";
    } else if (value instanceof List<?> list) {
      return list.stream().map(Shown::of).collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof WireValue wire && wire.value() != null) {
      return of(wire.value());
    } else if (value instanceof Value one) {
      return "AttributeValue(" + ValueWriter.typeOf(one) + "=" + content(one) + ")";
    }
    return value.toString();
  }

  private static String lower(String name) {
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  private static String pairs(Map<?, ?> map) {
    return map.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + of(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String content(Value value) {
    if (value instanceof Value.Text text) {
      return text.text();
    } else if (value instanceof Value.Num number) {
      return Numbers.write(number.number());
    } else if (value instanceof Value.Document document) {
      return of(document.members());
    } else if (value instanceof Value.Array array) {
      return of(array.values());
    }
    return value.toString();
  }
}
