/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for requests that the library's own threads make. */
final class Requests {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

  private Requests() {}

  /** Waits until a request about an instance has been answered. */
  static void await(RdsTestCloud rds, String action, String instance) {
    eventually(
        () ->
            rds.simulator().requests(action).stream()
                .anyMatch(
                    request ->
                        instance.equals(RdsTestCloud.form(request).get("DBInstanceIdentifier"))));
  }

  /** Waits until something has come about. */
  static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(end);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
