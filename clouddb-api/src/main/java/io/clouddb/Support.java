/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import java.util.Map;

/**
 * Whether a provider has a feature.
 *
 * @param answer yes, no or under conditions
 * @param reason the condition, or why not and what can be done instead; empty for a plain yes
 * @param limits numbers that go with it, in the unit that their name says, for example {@code
 *     retention.days.max}
 */
public record Support(Answer answer, String reason, Map<String, Long> limits) {
  /** Yes, no or under conditions. */
  public enum Answer {
    /** Always. */
    YES,
    /** Under the condition that the reason states. */
    CONDITIONAL,
    /** Never. */
    NO
  }

  /** Keeps the limits unmodifiable. */
  public Support {
    limits = Map.copyOf(limits);
  }

  /**
   * Always.
   *
   * @return the answer
   */
  public static Support yes() {
    return new Support(Answer.YES, "", Map.of());
  }

  /**
   * Under a condition.
   *
   * @param condition the condition
   * @return the answer
   */
  public static Support conditional(String condition) {
    return new Support(Answer.CONDITIONAL, condition, Map.of());
  }

  /**
   * Never.
   *
   * @param reason why not, and what can be done instead
   * @return the answer
   */
  public static Support no(String reason) {
    return new Support(Answer.NO, reason, Map.of());
  }

  /**
   * With a number that goes with it.
   *
   * @param name the limit's name, with its unit
   * @param value the limit
   * @return a new answer
   */
  public Support limit(String name, long value) {
    Map<String, Long> all = new java.util.HashMap<>(limits);
    all.put(name, value);
    return new Support(answer, reason, all);
  }
}
