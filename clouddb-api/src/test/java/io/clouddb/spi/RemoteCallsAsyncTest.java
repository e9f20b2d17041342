/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.OutcomeUnknownException;
import io.clouddb.error.ThrottledException;
import io.clouddb.error.UnavailableException;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RemoteCallsAsyncTest {
  private final TestObservationRegistry observations = TestObservationRegistry.create();
  private final AtomicReference<CloudDbException> ended = new AtomicReference<>();
  private final RemoteCalls calls =
      new RemoteCalls(
              "here",
              new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(5)),
              observations,
              e ->
                  e instanceof RemoteCalls.CheckedFailure
                      ? Optional.of(ErrorDetails.of(ErrorCategory.UNAVAILABLE, "no network"))
                      : Optional.empty())
          .until(() -> Optional.ofNullable(ended.get()));
  private int sent;

  private Supplier<CompletionStage<String>> answering(Object... answers) {
    Deque<Object> left = new ArrayDeque<>(List.of(answers));
    return () -> {
      sent++;
      Object answer = left.removeFirst();
      if (answer instanceof ErrorCategory category) {
        return CompletableFuture.supplyAsync(
            () -> {
              throw ErrorDetails.of(category, "says " + category).toException();
            });
      }
      return answer instanceof Throwable e
          ? CompletableFuture.failedFuture(e)
          : CompletableFuture.supplyAsync(() -> (String) answer);
    };
  }

  private String repeatable(Supplier<CompletionStage<String>> call) {
    return joined(calls.repeatableAsync("Get", "t", call));
  }

  private String once(Supplier<CompletionStage<String>> call) {
    return joined(calls.onceAsync("Put", "t", call));
  }

  private static String joined(CompletionStage<String> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Test
  void answersAndIsObserved() {
    assertThat(repeatable(answering("a"))).isEqualTo("a");
    TestObservationRegistryAssert.assertThat(observations)
        .hasNumberOfObservationsWithNameEqualTo("clouddb.remote.call", 1)
        .hasAnObservationWithAKeyValue("clouddb.outcome", "SUCCESS");
  }

  @Test
  void repeatsAReadAfterAnyPassingError() {
    assertThat(repeatable(answering(ErrorCategory.OUTCOME_UNKNOWN, ErrorCategory.THROTTLED, "a")))
        .isEqualTo("a");
    assertThat(sent).isEqualTo(3);
  }

  @Test
  void givesUpAfterTheLastAttempt() {
    assertThatThrownBy(
            () ->
                repeatable(
                    answering(
                        ErrorCategory.THROTTLED, ErrorCategory.THROTTLED, ErrorCategory.THROTTLED)))
        .isInstanceOf(ThrottledException.class);
    assertThat(sent).isEqualTo(3);
  }

  @Test
  void doesNotRepeatAChangeWhoseOutcomeIsUnknown() {
    assertThatThrownBy(() -> once(answering(ErrorCategory.OUTCOME_UNKNOWN)))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(sent).isEqualTo(1);
    assertThat(once(answering(ErrorCategory.THROTTLED, "a"))).isEqualTo("a");
  }

  @Test
  void translatesCheckedExceptions() {
    assertThat(repeatable(answering(new IOException("reset"), "a"))).isEqualTo("a");
    assertThatThrownBy(
            () -> once(answering(new IOException("a"), new IOException("b"), new IOException("c"))))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("no network");
  }

  @Test
  void sendsNothingMoreOnceThatIsRefused() {
    Supplier<CompletionStage<String>> call =
        () -> {
          sent++;
          ended.set(
              ErrorDetails.of(ErrorCategory.UNAVAILABLE, "closed").retryable(false).toException());
          return CompletableFuture.failedFuture(
              ErrorDetails.of(ErrorCategory.OUTCOME_UNKNOWN, "lost").toException());
        };
    assertThatThrownBy(() -> repeatable(call))
        .isInstanceOfSatisfying(
            UnavailableException.class,
            e -> {
              assertThat(e.details().outcomeKnown()).isFalse();
              assertThat(e.details().leftBehind()).isPresent();
            });
    assertThatThrownBy(() -> repeatable(call)).hasMessageContaining("closed");
    assertThat(sent).isEqualTo(1);
  }

  @Test
  void aPauseEndsOnceNothingMayBeSentAnyMore() {
    CompletionStage<String> waiting =
        new RemoteCalls(
                "here",
                new RetryPolicy(3, Duration.ofDays(1), Duration.ofDays(1)),
                observations,
                e -> Optional.empty())
            .until(() -> Optional.ofNullable(ended.get()))
            .onceAsync("Put", "t", answering(ErrorCategory.THROTTLED));
    assertThat(waiting.toCompletableFuture()).isNotDone();
    ended.set(ErrorDetails.of(ErrorCategory.UNAVAILABLE, "closed").retryable(false).toException());
    assertThat(waiting.toCompletableFuture())
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.details().outcomeKnown()).isTrue())
        .withMessageContaining("closed");
    assertThat(sent).isEqualTo(1);
  }

  @Test
  void whateverTheCallThrowsEndsIt() {
    for (Supplier<CompletionStage<String>> call :
        List.<Supplier<CompletionStage<String>>>of(
            () -> null,
            () -> {
              throw new AssertionError("no such class");
            })) {
      assertThat(calls.repeatableAsync("Get", "t", call).toCompletableFuture())
          .isCompletedExceptionally();
    }
    TestObservationRegistryAssert.assertThat(observations)
        .hasNumberOfObservationsWithNameEqualTo("clouddb.remote.call", 2)
        .hasObservationWithNameEqualTo("clouddb.remote.call")
        .that()
        .hasBeenStopped();
  }
}
