/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Statement.Order;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.PageRequest.Partition;
import io.clouddb.testkit.simulator.tables.PageRequest.Span;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In which order a SELECT gives its items.
 *
 * @param forward the order within a partition
 * @param partitions the order of partitions; null for that of the statement
 */
record Ordering(boolean forward, @Nullable Comparator<Value> partitions) {
  private static final Comparator<Value> BY_VALUE =
      (one, other) -> {
        if (one instanceof Value.Text a && other instanceof Value.Text b) {
          return compare(a.text(), b.text());
        }
        if (one instanceof Value.Num a && other instanceof Value.Num b) {
          return a.number().compareTo(b.number());
        }
        if (one instanceof Value.Bytes a && other instanceof Value.Bytes b) {
          return a.compareTo(b);
        }
        throw new IllegalArgumentException("Values of a key that have different types");
      };

  /** By code points, which is the order of the bytes. */
  private static int compare(String one, String other) {
    int[] a = one.codePoints().toArray();
    int[] b = other.codePoints().toArray();
    return Arrays.compare(a, b);
  }

  static Ordering of(Statement.Select select, KeySchema keys, List<Partition> partitions) {
    List<Order> order = select.order();
    if (order.isEmpty()) {
      return new Ordering(true, null);
    }
    if (select.where() == null) {
      throw Malformed.refused(
          "Must have WHERE clause in the statement when using ORDER BY clause.");
    }
    for (Order by : order) {
      if (!by.path().steps().isEmpty() || !keys.has(by.path().attribute())) {
        throw Malformed.refused(
            "Attribute "
                + by.path().attribute()
                + " in ORDER BY clause must be part of the primary key");
      }
    }
    if (partitions.isEmpty()) {
      throw Malformed.refused(
          "Must have at least one non-optional hash key condition in WHERE clause when using"
              + " ORDER BY clause.");
    }
    Order first = by(order, keys.partition());
    if (first == null && partitions.stream().map(Partition::value).distinct().count() > 1) {
      throw Malformed.refused(
          "Must have hash key in ORDER BY clause when more than one hash key condition specified"
              + " in WHERE clause.");
    }
    // Where only the partitions are ordered, the items of one come against the order of their key.
    Order second = by(order, keys.sort());
    boolean forward = second != null && !second.descending();
    if (first == null) {
      return new Ordering(forward, null);
    }
    return new Ordering(forward, first.descending() ? BY_VALUE.reversed() : BY_VALUE);
  }

  private static @Nullable Order by(List<Order> order, @Nullable KeyAttribute attribute) {
    return attribute == null
        ? null
        : order.stream()
            .filter(by -> by.path().attribute().equals(attribute.name()))
            .findFirst()
            .orElse(null);
  }

  List<? extends Span> sorted(List<Partition> given) {
    Comparator<Value> by = partitions;
    return by == null
        ? given
        : given.stream().sorted(Comparator.comparing(Partition::value, by)).toList();
  }
}
