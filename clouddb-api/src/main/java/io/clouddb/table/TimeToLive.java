/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.json.Part;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When items of a table expire by themselves. Immutable. */
public final class TimeToLive {
  private final @Nullable String attribute;
  private final @Nullable Duration after;

  private TimeToLive(
      @Part("attribute") @Nullable String attribute, @Part("after") @Nullable Duration after) {
    if ((attribute == null) == (after == null)) {
      throw Values.invalid("Items expire at an attribute's time, or after an age: one of the two");
    }
    this.attribute = attribute;
    this.after = after;
  }

  /**
   * Each at its own time. An item expires some time after it: minutes to days, by the cloud. Until
   * then it may still be read.
   *
   * @param attribute the name of the attribute that holds the time, a number of seconds since
   *     1970-01-01T00:00:00Z; an item without it does not expire
   * @return the value
   */
  public static TimeToLive at(String attribute) {
    return new TimeToLive(Objects.requireNonNull(attribute, "attribute"), null);
  }

  /**
   * Each some time after it was last written.
   *
   * @param age how long after
   * @return the value
   */
  public static TimeToLive after(Duration age) {
    return new TimeToLive(null, Objects.requireNonNull(age, "age"));
  }

  /**
   * The attribute that holds the time.
   *
   * @return its name; empty when all have the same age
   */
  public Optional<String> attribute() {
    return Optional.ofNullable(attribute);
  }

  /**
   * How long after its last write an item expires.
   *
   * @return the age; empty when each has its own time
   */
  public Optional<Duration> after() {
    return Optional.ofNullable(after);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TimeToLive that
        && Objects.equals(attribute, that.attribute)
        && Objects.equals(after, that.after);
  }

  @Override
  public int hashCode() {
    return Objects.hash(attribute, after);
  }

  @Override
  public String toString() {
    return attribute == null ? "after " + after : "at " + attribute;
  }
}
