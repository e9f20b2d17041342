/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.CloudDbException;
import io.clouddb.internal.operation.DataCalls;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A scan that gives its items as they come, one after another. */
final class ScanPush implements DataCalls.Whole<@Nullable Void> {
  private final ScanSegments segments;
  private final Consumer<? super Item> each;
  private final Queue<ScanSegments.Arrived> arrived = new ConcurrentLinkedQueue<>();
  private final AtomicInteger turns = new AtomicInteger();
  private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

  ScanPush(ScanSegments segments, Consumer<? super Item> each) {
    this.segments = segments;
    this.each = each;
  }

  @Override
  public CompletionStage<@Nullable Void> begin() {
    // What arrives meanwhile waits until all have begun.
    turns.set(1);
    segments.begin(this::arrive);
    drain();
    return over;
  }

  /** What has arrived is given to nobody any more. */
  @Override
  public void stop(CloudDbException why) {
    over.completeExceptionally(why);
  }

  private void arrive(ScanSegments.Arrived page) {
    arrived.add(page);
    if (turns.getAndIncrement() == 0) {
      drain();
    }
  }

  /** By one thread at a time, once more for each that came meanwhile. */
  private void drain() {
    int seen = 1;
    do {
      for (ScanSegments.Arrived next = arrived.poll(); next != null; next = arrived.poll()) {
        give(next);
      }
      seen = turns.addAndGet(-seen);
    } while (seen != 0);
  }

  private void give(ScanSegments.Arrived page) {
    if (over.isDone()) {
      return;
    }
    if (page.failure() != null) {
      over.completeExceptionally(page.failure());
      return;
    }
    segments.take(page, this::arrive);
    try {
      for (Item item : page.items()) {
        if (over.isDone()) {
          return;
        }
        each.accept(item);
      }
    } catch (RuntimeException | Error e) {
      // Of the application: whatever it is, it ends the scan, and whoever waits for that is told.
      over.completeExceptionally(e);
      return;
    }
    if (segments.isOver()) {
      over.complete(null);
    }
  }
}
