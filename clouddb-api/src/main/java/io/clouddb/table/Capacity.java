/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.json.Part;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much a table can read, or write, in a second, in the cloud's units (DynamoDB: capacity
 * units). Immutable; each method gives a new value.
 */
public final class Capacity {
  private final long minimum;
  private final long maximum;
  private final @Nullable Integer target;
  private final @Nullable Duration scaleInCooldown;
  private final @Nullable Duration scaleOutCooldown;

  private Capacity(
      @Part("minimum") long minimum,
      @Part("maximum") long maximum,
      @Part("target") @Nullable Integer target,
      @Part("scaleInCooldown") @Nullable Duration scaleInCooldown,
      @Part("scaleOutCooldown") @Nullable Duration scaleOutCooldown) {
    this.minimum = minimum;
    this.maximum = maximum;
    this.target = target;
    this.scaleInCooldown = scaleInCooldown;
    this.scaleOutCooldown = scaleOutCooldown;
  }

  /**
   * Always the same.
   *
   * @param units at least 1
   * @return the capacity
   */
  public static Capacity fixed(long units) {
    return new Capacity(units, units, null, null, null);
  }

  /**
   * By what is used, at 70 % of it.
   *
   * @param minimum never less; at least 1
   * @param maximum never more; at least the minimum
   * @return the capacity
   */
  public static Capacity autoscale(long minimum, long maximum) {
    return new Capacity(minimum, maximum, 70, null, null);
  }

  /**
   * With another share that is to be used.
   *
   * @param percent 10 to 90
   * @return a new value
   */
  public Capacity target(int percent) {
    return new Capacity(minimum, maximum, percent, scaleInCooldown, scaleOutCooldown);
  }

  /**
   * With pauses between two changes.
   *
   * @param scaleIn after one, before there is less
   * @param scaleOut after one, before there is more
   * @return a new value
   */
  public Capacity cooldowns(Duration scaleIn, Duration scaleOut) {
    return new Capacity(
        minimum,
        maximum,
        target,
        Objects.requireNonNull(scaleIn, "scaleIn"),
        Objects.requireNonNull(scaleOut, "scaleOut"));
  }

  /**
   * Whether it goes by what is used.
   *
   * @return false when it is always the same
   */
  public boolean autoscaled() {
    return target != null;
  }

  /**
   * Never less.
   *
   * @return units a second
   */
  public long minimum() {
    return minimum;
  }

  /**
   * Never more.
   *
   * @return units a second
   */
  public long maximum() {
    return maximum;
  }

  /**
   * The share that is to be used.
   *
   * @return percent; empty when it is always the same
   */
  public Optional<Integer> target() {
    return Optional.ofNullable(target);
  }

  /**
   * The pause after a change, before there is less.
   *
   * @return the pause; empty for the cloud's own
   */
  public Optional<Duration> scaleInCooldown() {
    return Optional.ofNullable(scaleInCooldown);
  }

  /**
   * The pause after a change, before there is more.
   *
   * @return the pause; empty for the cloud's own
   */
  public Optional<Duration> scaleOutCooldown() {
    return Optional.ofNullable(scaleOutCooldown);
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {minimum, maximum, target, scaleInCooldown, scaleOutCooldown};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Capacity that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return target == null
        ? String.valueOf(minimum)
        : minimum
            + " to "
            + maximum
            + " at "
            + target
            + " %"
            + (scaleInCooldown == null
                ? ""
                : ", pauses " + scaleInCooldown + " and " + scaleOutCooldown);
  }
}
