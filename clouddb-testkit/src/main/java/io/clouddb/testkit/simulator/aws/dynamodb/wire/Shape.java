/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the published definition of a service says of a member of a request. */
sealed interface Shape {
  /** From how many to how many; both ends are in it. */
  record Range(long least, long most) {
    static final Range ANY = new Range(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** Members by their names, in the order in which the service looks at them. */
  record Structure(String name, Map<String, Member> members) implements Shape {}

  /** A member. */
  record Member(String name, Shape shape, boolean required) {
    /** As errors name it. */
    String shown() {
      return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
  }

  /** A text. */
  record Text(String name, Range length, @Nullable Pattern pattern) implements Shape {}

  /** One of some words. */
  record Enumeration(List<String> words) implements Shape {}

  /** A number without fraction. */
  record Whole(String type, Range range) implements Shape {}

  /** A number, for example of seconds since 1970. */
  record Decimal(String type) implements Shape {}

  /** True or false. */
  record Flag() implements Shape {}

  /** Several of one kind. */
  record Series(String name, Shape element, Range length) implements Shape {}

  /** Several by name. */
  record Named(String name, Shape key, Shape element, Range length) implements Shape {}

  /** An item, or a part of one: values by name. */
  record Attributes() implements Shape {}

  /** A value of an item. */
  record Attribute() implements Shape {}
}
