/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what nobody tells of. */
public final class Eventually {
  private static final Duration PAUSE = Duration.ofMillis(5);

  private Eventually() {}

  /** What is looked at. */
  public interface Condition<E extends Exception> {
    boolean holds() throws E;
  }

  /** Fails when it does not hold in time. */
  public static <E extends Exception> void holds(
      String what, Duration limit, Condition<E> condition) throws E {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("within %s: %s", limit, what).isLessThan(end);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
