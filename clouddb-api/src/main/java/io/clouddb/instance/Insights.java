/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the cloud collects statistics of queries, and how long it keeps them. Immutable. */
public final class Insights {
  private final boolean collected;
  private final @Nullable Integer retentionDays;

  private Insights(boolean collected, @Nullable Integer retentionDays) {
    this.collected = collected;
    this.retentionDays = retentionDays;
  }

  /**
   * Statistics are collected.
   *
   * @return the value
   */
  public static Insights enabled() {
    return new Insights(true, null);
  }

  /**
   * No statistics are collected.
   *
   * @return the value
   */
  public static Insights disabled() {
    return new Insights(false, null);
  }

  /**
   * Keeps them for a number of days.
   *
   * @param days how many
   * @return a new value
   */
  public Insights retainDays(int days) {
    return new Insights(collected, days);
  }

  /**
   * Whether statistics are collected.
   *
   * @return true when they are
   */
  public boolean collected() {
    return collected;
  }

  /**
   * How many days they are kept.
   *
   * @return the days; empty for the service's own default
   */
  public Optional<Integer> retentionDays() {
    return Optional.ofNullable(retentionDays);
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {collected, retentionDays};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Insights that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "Insights" + Arrays.toString(parts());
  }
}
