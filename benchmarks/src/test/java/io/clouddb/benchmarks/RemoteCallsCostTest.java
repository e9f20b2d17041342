/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.micrometer.observation.ObservationRegistry;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A data call that succeeds, and that nobody observes, allocates nothing on top of itself. */
class RemoteCallsCostTest {
  private static final int CALLS = 100_000;

  private long length;
  private final RemoteCalls calls =
      new RemoteCalls("here", RetryPolicy.DEFAULT, ObservationRegistry.NOOP, e -> Optional.empty())
          .until(Optional::empty);

  private static long allocatedBy(Runnable calls) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    calls.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void allocatesNothing() {
    Callable<String> call = () -> "answer";
    Runnable all =
        () -> {
          for (int i = 0; i < CALLS; i++) {
            length += calls.repeatable("Get", "table", call).length();
          }
        };
    Runnable none =
        () -> {
          for (int i = 0; i < CALLS; i++) {
            length += "answer".length();
          }
        };
    all.run();
    none.run();
    long own = allocatedBy(none);
    assertThat((double) (allocatedBy(all) - own) / CALLS).isLessThan(1.0);
    assertThat(length).isPositive();
  }

  @Test
  void theMeasureSeesAnObjectACall() {
    Runnable objects =
        () -> {
          for (int i = 0; i < CALLS; i++) {
            length += new StringBuilder("x").append(i).length();
          }
        };
    objects.run();
    assertThat((double) allocatedBy(objects) / CALLS).isGreaterThan(16.0);
  }
}
