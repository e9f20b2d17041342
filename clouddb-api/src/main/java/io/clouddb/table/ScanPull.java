/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.operation.DataCalls;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A scan whose reader waits for it. It begins with the first item that is asked for. */
final class ScanPull implements Iterator<Item>, DataCalls.Whole<@Nullable Void> {
  private final DataCalls calls;
  private final ScanSegments segments;
  private final BlockingQueue<ScanSegments.Arrived> arrived = new LinkedBlockingQueue<>();
  private Iterator<Item> page = Collections.emptyIterator();
  private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
  private @Nullable Throwable failure;
  private boolean begun;
  private boolean closed;

  private ScanPull(DataCalls calls, ScanSegments segments) {
    this.calls = calls;
    this.segments = segments;
  }

  static Stream<Item> stream(DataCalls calls, ScanSegments segments) {
    ScanPull pull = new ScanPull(calls, segments);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(pull, Spliterator.NONNULL | Spliterator.IMMUTABLE),
            false)
        .onClose(pull::close);
  }

  private void close() {
    closed = true;
    over.complete(null);
  }

  @Override
  public CompletionStage<@Nullable Void> begin() {
    segments.begin(arrived::add);
    return over;
  }

  /** Nobody but its reader ends it. */
  @Override
  public void stop(CloudDbException why) {
    over.completeExceptionally(why);
  }

  @Override
  public boolean hasNext() {
    if (failure != null) {
      // Who asks again has not read all of it.
      throw rethrown(failure);
    }
    if (!begun) {
      CompletableFuture<@Nullable Void> unused = calls.whole("scan", this);
      begun = true;
    }
    while (!page.hasNext() && !closed && !segments.isOver()) {
      ScanSegments.Arrived next = next(arrived);
      segments.take(next, arrived::add);
      Throwable its = next.failure();
      if (its != null) {
        failure = its;
        over.completeExceptionally(its);
        throw rethrown(its);
      }
      page = next.items().iterator();
    }
    if (!page.hasNext()) {
      over.complete(null);
    }
    return page.hasNext();
  }

  private static RuntimeException rethrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException e
        ? e
        : new IllegalStateException("A scan failed with a checked exception", failure);
  }

  private static ScanSegments.Arrived next(BlockingQueue<ScanSegments.Arrived> arrived) {
    try {
      return arrived.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorDetails.of(
              ErrorCategory.DEADLINE, "Interrupted while waiting for a page of a scan")
          .toException(e);
    }
  }

  @Override
  public Item next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.next();
  }
}
