/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** That a target which does what it must not is found, and that it can be tried again. */
class FuzzRunTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static FuzzRun run() {
    return new FuzzRun(7, LONG);
  }

  @Test
  void theSameSeedGivesTheSameInputs() throws Exception {
    List<String> first = new ArrayList<>();
    List<String> again = new ArrayList<>();
    for (List<String> texts : List.of(first, again)) {
      AtomicInteger cases = new AtomicInteger();
      Target target =
          new Target(
              "t",
              source -> {
                texts.add(source.text() + source.changed(List.of("sample")) + source.number());
                if (cases.incrementAndGet() == 50) {
                  throw new IllegalStateException("enough");
                }
              });
      assertThatThrownBy(() -> run().run(target, 0, LONG)).hasMessageContaining("case 49");
    }
    // Each fails once more, to show its input.
    assertThat(first).isEqualTo(again).hasSizeGreaterThanOrEqualTo(50);
    assertThat(new java.util.HashSet<>(first)).hasSizeGreaterThan(30);
  }

  @Test
  void aFailureSaysHowItIsTriedAgain() {
    Target target =
        new Target(
            "t",
            source -> {
              source.noted("a\nb");
              throw new NullPointerException();
            });
    assertThatThrownBy(() -> run().run(target, 3, LONG))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("-Dfuzz.only=t", "-Dfuzz.seed=7", "-Dfuzz.case=3", "a\\u000ab");
  }

  @Test
  void whatHangsIsFound() {
    CountDownLatch never = new CountDownLatch(1);
    Target target = new Target("t", source -> never.await());
    assertThatThrownBy(() -> new FuzzRun(7, Duration.ofMillis(50)).run(target, 0, LONG))
        .hasMessageContaining("goes on after PT0.05S");
  }

  @Test
  void whatTakesAllMemoryIsFound() {
    byte[][] kept = new byte[10][];
    Target target =
        new Target(
            "t",
            source -> {
              for (int i = 0; i < kept.length; i++) {
                kept[i] = new byte[(int) (FuzzRun.CASE_BYTES / 8)];
                kept[i] = null;
              }
            });
    assertThatThrownBy(() -> run().run(target, 0, LONG)).hasMessageContaining("bytes of memory");
  }

  @Test
  void aRefusalIsClearAndNothingElseIsOne() throws Exception {
    assertThat(Outcome.valueOrRefusal(() -> 1)).contains(1);
    assertThat(
            Outcome.valueOrRefusal(
                () -> {
                  throw ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, "no").toException();
                }))
        .isEmpty();
    assertThatThrownBy(() -> Outcome.valueOrRefusal(() -> Integer.parseInt("x")))
        .isInstanceOf(NumberFormatException.class);
    assertThatThrownBy(
            () ->
                Outcome.valueOrRefusal(
                    () -> {
                      throw ErrorDetails.of(ErrorCategory.OTHER, "what").toException();
                    }))
        .hasMessageContaining("what");
    assertThatThrownBy(
            () ->
                Outcome.valueOrRefusal(
                    () -> {
                      throw new IllegalArgumentException("x".repeat(30_000));
                    }))
        .isInstanceOf(AssertionError.class);
  }
}
