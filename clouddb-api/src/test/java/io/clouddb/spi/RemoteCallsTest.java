/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.OutcomeUnknownException;
import io.clouddb.error.ThrottledException;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class RemoteCallsTest {
  private static final RetryPolicy THREE =
      new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(5));

  private final TestObservationRegistry observations = TestObservationRegistry.create();
  private final RemoteCalls calls =
      new RemoteCalls("here", THREE, observations, RemoteCallsTest::translate);
  private int made;

  /** What a vendor's SDK throws. */
  private static final class VendorException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final ErrorCategory category;

    VendorException(ErrorCategory category) {
      super("vendor says " + category);
      this.category = category;
    }
  }

  private static Optional<ErrorDetails.Builder> translate(RuntimeException e) {
    if (e instanceof RemoteCalls.CheckedFailure checked) {
      return Optional.of(
          ErrorDetails.of(ErrorCategory.UNAVAILABLE, String.valueOf(checked.getCause())));
    }
    return e instanceof VendorException vendor
        ? Optional.of(
            ErrorDetails.of(vendor.category, "vendor says " + vendor.category)
                .retryAfter(Duration.ofMillis(2))
                .requestId("r-1"))
        : Optional.empty();
  }

  private Callable<String> answering(Object... answers) {
    Deque<Object> left = new ArrayDeque<>(Arrays.asList(answers));
    return () -> {
      made++;
      Object answer = left.removeFirst();
      if (answer instanceof ErrorCategory category) {
        throw new VendorException(category);
      }
      if (answer instanceof Exception e) {
        throw e;
      }
      return (String) answer;
    };
  }

  @Test
  void repeatsAReadAfterAnyPassingError() {
    Callable<String> call =
        answering(ErrorCategory.THROTTLED, ErrorCategory.OUTCOME_UNKNOWN, "answer");
    assertThat(calls.repeatable("Read", "r", call)).isEqualTo("answer");
    assertThat(made).isEqualTo(3);
  }

  @Test
  void givesUpAfterTheLastAttemptWithAllThatIsKnown() {
    Callable<String> call =
        answering(ErrorCategory.THROTTLED, ErrorCategory.THROTTLED, ErrorCategory.THROTTLED);
    assertThatThrownBy(() -> calls.repeatable("Read", "orders", call))
        .isInstanceOfSatisfying(
            ThrottledException.class,
            e -> {
              assertThat(e.details().operation()).contains("Read");
              assertThat(e.details().resource()).contains("orders");
              assertThat(e.details().requestId()).contains("r-1");
              assertThat(e.retryable()).isTrue();
            })
        .hasCauseInstanceOf(VendorException.class);
    assertThat(made).isEqualTo(3);
  }

  @Test
  void doesNotRepeatAnErrorThatStays() {
    assertThatThrownBy(
            () -> calls.repeatable("Read", "r", answering(ErrorCategory.INVALID_ARGUMENT)))
        .isInstanceOf(CloudDbException.class);
    assertThat(made).isEqualTo(1);
  }

  @Test
  void doesNotRepeatAChangeWhoseOutcomeIsUnknown() {
    assertThatThrownBy(() -> calls.once("Change", "r", answering(ErrorCategory.OUTCOME_UNKNOWN)))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(made).isEqualTo(1);
    made = 0;
    assertThat(calls.once("Change", "r", answering(ErrorCategory.THROTTLED, "done")))
        .isEqualTo("done");
    assertThat(made).isEqualTo(2);
  }

  @Test
  void translatesCheckedExceptionsToo() {
    Callable<String> call = answering(new IOException("reset"), "answer");
    assertThat(calls.repeatable("Read", "r", call)).isEqualTo("answer");
  }

  @Test
  void throwsWhatIsNotTheVendorsAsItIs() {
    assertThatThrownBy(
            () -> calls.once("Change", "r", answering(new IllegalStateException("defect"))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(made).isEqualTo(1);
  }

  @Test
  void sendsNothingMoreOnceThatIsRefused() {
    RemoteCalls ending =
        calls.until(
            () ->
                made == 0
                    ? Optional.empty()
                    : Optional.of(
                        ErrorDetails.of(ErrorCategory.UNAVAILABLE, "closed")
                            .retryable(false)
                            .toException()));
    Callable<String> call = answering(ErrorCategory.OUTCOME_UNKNOWN, "never sent");
    assertThatThrownBy(() -> ending.repeatable("Change", "orders", call))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e -> {
              assertThat(e).hasMessageStartingWith("closed");
              assertThat(e.details().outcomeKnown()).as("the first attempt's").isFalse();
              assertThat(e.details().leftBehind().orElse("")).contains("orders");
            });
    assertThat(made).isEqualTo(1);
    assertThatThrownBy(() -> ending.once("Change", "orders", call))
        .isInstanceOfSatisfying(
            CloudDbException.class, e -> assertThat(e.details().outcomeKnown()).isTrue());
    assertThat(made).isEqualTo(1);
  }

  @Test
  void observesEveryAttempt() {
    calls.repeatable("Read", "r", answering(ErrorCategory.THROTTLED, "answer"));
    TestObservationRegistryAssert.assertThat(observations)
        .hasNumberOfObservationsWithNameEqualTo("clouddb.remote.call", 2)
        .hasAnObservationWithAKeyValue("clouddb.outcome", "THROTTLED")
        .hasAnObservationWithAKeyValue("clouddb.outcome", "SUCCESS");
  }

  @Test
  void anyAttemptWhoseAnswerWasLostMayHaveHadItsEffect() {
    RemoteCalls ending =
        calls.until(
            () ->
                made < 2
                    ? Optional.empty()
                    : Optional.of(
                        ErrorDetails.of(ErrorCategory.UNAVAILABLE, "closed")
                            .retryable(false)
                            .toException()));
    Callable<String> lostAtLast =
        answering(ErrorCategory.THROTTLED, ErrorCategory.OUTCOME_UNKNOWN, "never sent");
    assertThatThrownBy(() -> ending.repeatable("Change", "orders", lostAtLast))
        .isInstanceOfSatisfying(
            CloudDbException.class, e -> assertThat(e.details().outcomeKnown()).isFalse());
    made = 0;
    Callable<String> neverLost =
        answering(ErrorCategory.THROTTLED, ErrorCategory.THROTTLED, "never sent");
    assertThatThrownBy(() -> ending.repeatable("Change", "orders", neverLost))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e -> {
              assertThat(e.details().outcomeKnown()).isTrue();
              assertThat(e.details().leftBehind()).isEmpty();
            });
    assertThat(made).isEqualTo(2);
  }

  private static CloudDbException throttledFor(Duration asked) {
    return ErrorDetails.of(ErrorCategory.THROTTLED, "slowly").retryAfter(asked).toException();
  }

  private Duration taken(RetryPolicy policy, CloudDbException failure) {
    RemoteCalls patient = new RemoteCalls("here", policy, observations, RemoteCallsTest::translate);
    long begun = System.nanoTime();
    assertThat(patient.repeatable("Read", "r", answering(failure, "answer"))).isEqualTo("answer");
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  @Test
  void pausesAsLongAsTheServiceAsksFor() {
    RetryPolicy policy = new RetryPolicy(2, Duration.ofMillis(1), Duration.ofSeconds(20));
    Duration asked = Duration.ofMillis(80);
    assertThat(taken(policy, throttledFor(asked))).isGreaterThanOrEqualTo(asked);
  }

  @Test
  void andNoLongerThanItsPolicySays() {
    RetryPolicy policy = new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(2));
    for (Duration asked :
        new Duration[] {Duration.ofHours(1), Duration.ofSeconds(Long.MAX_VALUE)}) {
      assertThat(taken(policy, throttledFor(asked))).isLessThan(Duration.ofMinutes(1));
    }
  }

  @Test
  void observationsEndAndLeaveNoScopeOpen() {
    assertThat(calls.once("Change", "r", answering("done"))).isEqualTo("done");
    assertThat(observations.getCurrentObservation()).isNull();
    TestObservationRegistryAssert.assertThat(observations)
        .hasObservationWithNameEqualTo("clouddb.remote.call")
        .that()
        .hasBeenStopped();
  }

  @Test
  void whoIsInterruptedDuringACallIsSoAfterwards() {
    assertThatThrownBy(() -> calls.once("Change", "r", answering(new InterruptedException("now"))))
        .isInstanceOf(CloudDbException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
