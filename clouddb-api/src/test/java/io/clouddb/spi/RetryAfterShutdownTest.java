/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.ThrottledException;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where no pause can be made any more, the caller hears what the last attempt ended with. */
class RetryAfterShutdownTest {
  private final ScheduledExecutorService pauses = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger sent = new AtomicInteger();

  @AfterEach
  void stop() {
    pauses.shutdownNow();
  }

  private static RemoteCalls calls(Duration longest) {
    return new RemoteCalls(
        "here",
        new RetryPolicy(3, Duration.ofMillis(1), longest),
        ObservationRegistry.NOOP,
        e -> Optional.empty());
  }

  private CompletionStage<String> throttled() {
    sent.incrementAndGet();
    return CompletableFuture.failedFuture(
        ErrorDetails.of(ErrorCategory.THROTTLED, "slowly").toException());
  }

  @Test
  void endsWithWhatTheAttemptEndedWith() {
    CompletionStage<String> answer =
        calls(Duration.ofMillis(5))
            .repeatableAsync(
                "Get",
                "t",
                pauses,
                () -> {
                  pauses.shutdown();
                  return throttled();
                });
    assertThatThrownBy(() -> answer.toCompletableFuture().get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ThrottledException.class);
  }

  @Test
  void endsAlsoWhereThePauseBeforeTheLastAttemptWasTaken() {
    CompletionStage<String> answer =
        calls(Duration.ofMillis(5))
            .onceAsync(
                "Put",
                "t",
                pauses,
                () -> {
                  if (sent.get() == 1) {
                    pauses.shutdown();
                  }
                  return throttled();
                });
    assertThatThrownBy(() -> answer.toCompletableFuture().get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ThrottledException.class);
    assertThat(sent).hasValue(2);
  }
}
