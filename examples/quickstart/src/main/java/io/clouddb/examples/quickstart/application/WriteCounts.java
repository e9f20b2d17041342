/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.application;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/** Counts the application's writes, and the longest time that one of its workers had none. */
final class WriteCounts {
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong longestNanos = new AtomicLong();
  private final AtomicLongArray lastNanos;
  private final LongSupplier nanoTime;

  WriteCounts(int workers, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastNanos = new AtomicLongArray(workers);
    for (int worker = 0; worker < workers; worker++) {
      lastNanos.set(worker, nanoTime.getAsLong());
    }
  }

  void acknowledged(int worker) {
    acknowledged.incrementAndGet();
    long now = nanoTime.getAsLong();
    long gap = now - lastNanos.getAndSet(worker, now);
    longestNanos.accumulateAndGet(gap, Math::max);
  }

  void failed() {
    errors.incrementAndGet();
  }

  ApplicationStatus status() {
    return new ApplicationStatus(acknowledged.get(), errors.get(), longestNanos.get() / 1_000_000);
  }
}
