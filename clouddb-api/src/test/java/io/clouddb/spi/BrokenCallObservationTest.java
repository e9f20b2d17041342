/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.QuotaException;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A meter that refuses what it is told takes no answer from whoever has changed something. */
class BrokenCallObservationTest {
  private final RemoteCalls calls =
      new RemoteCalls("here", RetryPolicy.NONE, broken(), e -> Optional.empty());

  private static ObservationRegistry broken() {
    ObservationRegistry registry = ObservationRegistry.create();
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onError(Observation.Context context) {
                throw new IllegalArgumentException("another set of tags");
              }

              @Override
              public void onScopeClosed(Observation.Context context) {
                throw new IllegalArgumentException("another thread's scope");
              }

              @Override
              public void onStop(Observation.Context context) {
                throw new IllegalArgumentException("another set of tags");
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }
            });
    return registry;
  }

  @Test
  void theAnswerIsGiven() {
    assertThat(calls.once("Put", "t", () -> "made")).isEqualTo("made");
    assertThatThrownBy(
            () ->
                calls.once(
                    "Put",
                    "t",
                    () -> {
                      throw ErrorDetails.of(ErrorCategory.QUOTA, "full").toException();
                    }))
        .isInstanceOf(QuotaException.class);
  }

  @Test
  void alsoWithoutAThreadThatWaits() {
    assertThat(
            calls
                .onceAsync("Put", "t", () -> CompletableFuture.completedFuture("made"))
                .toCompletableFuture()
                .join())
        .isEqualTo("made");
  }
}
