/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.util.function.Consumer;

/** What a condition speaks of. */
final class Paths {
  private Paths() {}

  /** Tells each path of a condition, also those that come twice. */
  static void of(Condition condition, Consumer<AttributePath> told) {
    if (condition instanceof Condition.And and) {
      and.all().forEach(each -> of(each, told));
    } else if (condition instanceof Condition.Or or) {
      or.any().forEach(each -> of(each, told));
    } else if (condition instanceof Condition.Not not) {
      of(not.condition(), told);
    } else if (condition instanceof Condition.Exists exists) {
      told.accept(exists.path());
    } else if (condition instanceof Condition.NotExists missing) {
      told.accept(missing.path());
    } else if (condition instanceof Condition.IsOfType type) {
      told.accept(type.path());
    } else if (condition instanceof Condition.Compares compares) {
      told.accept(compares.path());
    } else if (condition instanceof Condition.BeginsWith begins) {
      told.accept(begins.path());
    } else if (condition instanceof Condition.Contains contains) {
      told.accept(contains.path());
    } else if (condition instanceof Condition.In in) {
      told.accept(in.path());
    }
  }

  /** Whether it says of the item itself that it is there, or not. */
  static boolean speaksOfItems(Condition condition) {
    if (condition instanceof Condition.And and) {
      return and.all().stream().anyMatch(Paths::speaksOfItems);
    }
    if (condition instanceof Condition.Or or) {
      return or.any().stream().anyMatch(Paths::speaksOfItems);
    }
    if (condition instanceof Condition.Not not) {
      return speaksOfItems(not.condition());
    }
    return condition instanceof Condition.ItemExists
        || condition instanceof Condition.ItemNotExists;
  }

  /** The order of two values of a key, which are of the same type. */
  static int compare(Value a, Value b) {
    if (a instanceof Value.Num left && b instanceof Value.Num right) {
      return left.number().compareTo(right.number());
    }
    if (a instanceof Value.Binary left && b instanceof Value.Binary right) {
      return left.compareTo(right);
    }
    if (a instanceof Value.Text left && b instanceof Value.Text right) {
      return utf8(left.text(), right.text());
    }
    throw new IllegalArgumentException("Only texts, numbers and bytes of one type have an order");
  }

  /** By code points, which is the order of UTF-8 bytes; chars have another one. */
  private static int utf8(String a, String b) {
    int end = Math.min(a.length(), b.length());
    for (int i = 0; i < end; ) {
      int left = a.codePointAt(i);
      int right = b.codePointAt(i);
      if (left != right) {
        return Integer.compare(left, right);
      }
      i += Character.charCount(left);
    }
    return Integer.compare(a.length(), b.length());
  }
}
