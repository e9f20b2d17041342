/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.application;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the application's writes, and the longest time that one of its workers had none. */
final class WriteCounts {
  private static final Logger LOG = LoggerFactory.getLogger(WriteCounts.class);
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long NOTABLE_NANOS = 500 * NANOS_PER_MILLI;

  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong longestNanos = new AtomicLong();
  private final AtomicLongArray lastNanos;
  private final LongSupplier nanoTime;

  WriteCounts(int workers, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastNanos = new AtomicLongArray(workers);
  }

  /** Called by the worker itself, after each write. */
  void acknowledged(int worker) {
    acknowledged.incrementAndGet();
    long gap = ready(worker);
    longestNanos.accumulateAndGet(gap, Math::max);
    if (gap > NOTABLE_NANOS) {
      LOG.info("Connection {} had no write for {} ms", worker, gap / NANOS_PER_MILLI);
    }
  }

  /** A worker has its first connection: its time begins. */
  long ready(int worker) {
    long now = nanoTime.getAsLong();
    return now - lastNanos.getAndSet(worker, now);
  }

  void failed() {
    errors.incrementAndGet();
  }

  ApplicationStatus status() {
    return new ApplicationStatus(
        acknowledged.get(), errors.get(), longestNanos.get() / NANOS_PER_MILLI);
  }
}
