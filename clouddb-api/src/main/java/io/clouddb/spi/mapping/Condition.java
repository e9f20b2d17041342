/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.mapping;

import io.clouddb.FeatureContext;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Something that decides whether a field can be honoured. It is told as it stands by the
 * capabilities, and decides in a plan.
 *
 * @param text the condition, in words for a person, for example {@code whole GiB}
 * @param applies whether it is one for an engine, edition and region at all
 * @param why says why a value does not fulfil it; empty when it does
 * @param alternative says what can be asked for instead; an empty text when there is nothing
 * @param <V> the class of the portable value
 */
public record Condition<V>(
    String text,
    Function<FeatureContext, Boolean> applies,
    BiFunction<V, Asked, Optional<String>> why,
    BiFunction<V, Asked, String> alternative) {
  /**
   * Makes a condition whose alternative is always the same.
   *
   * @param text the condition, in words for a person
   * @param applies whether it is one for an engine, edition and region at all
   * @param why says why a value does not fulfil it; empty when it does
   * @param alternative what can be asked for instead; empty when there is nothing
   */
  public Condition(
      String text,
      Function<FeatureContext, Boolean> applies,
      BiFunction<V, Asked, Optional<String>> why,
      String alternative) {
    this(text, applies, why, (value, asked) -> alternative);
  }

  /**
   * A condition of every engine, edition and region.
   *
   * @param text the condition, in words for a person
   * @param why says why a value does not fulfil it; empty when it does
   * @param alternative what can be asked for instead; empty when there is nothing
   * @param <V> the class of the portable value
   * @return the condition
   */
  public static <V> Condition<V> of(
      String text, BiFunction<V, Asked, Optional<String>> why, String alternative) {
    return new Condition<>(text, context -> true, why, alternative);
  }
}
