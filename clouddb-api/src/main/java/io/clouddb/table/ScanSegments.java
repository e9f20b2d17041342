/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.operation.DataCalls;
import io.clouddb.spi.table.TableData;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a scan, side by side: each has one page under way or waiting to be taken, and
 * asks for the next one when that is. It is used by one thread at a time.
 */
final class ScanSegments {
  /** However many segments there are, so many are read at a time; the others follow. */
  private static final int MOST_AT_A_TIME = 64;

  /**
   * What came of a request.
   *
   * @param segment whose it is
   * @param items what came; empty when it failed
   * @param position where the segment goes on; null at its end
   * @param failure why it failed
   */
  record Arrived(
      int segment, List<Item> items, @Nullable String position, @Nullable Throwable failure) {}

  private final DataCalls calls;
  private final TableData data;
  private final Scan scan;
  private int begun;
  private int open;

  ScanSegments(OpenTable table, Scan scan) {
    this.calls = table.calls();
    this.data = table.data();
    this.scan = scan;
  }

  /** Asks for the first pages. */
  void begin(Consumer<Arrived> arrival) {
    while (begun < Math.min(scan.segments(), MOST_AT_A_TIME)) {
      beginNext(arrival);
    }
  }

  private void beginNext(Consumer<Arrived> arrival) {
    ask(begun++, null, arrival);
  }

  private void ask(int segment, @Nullable String position, Consumer<Arrived> arrival) {
    open++;
    var unused =
        calls
            .part(false, () -> data.scan(scan, segment, position))
            .whenComplete(
                (page, failure) ->
                    arrival.accept(
                        failure == null
                            ? new Arrived(segment, page.items(), page.position(), null)
                            : new Arrived(segment, List.of(), null, DataCalls.unwrapped(failure))));
  }

  /** Takes what arrived, and asks for what follows it. */
  void take(Arrived page, Consumer<Arrived> arrival) {
    open--;
    if (page.position() != null) {
      ask(page.segment(), page.position(), arrival);
    } else if (page.failure() == null && begun < scan.segments()) {
      beginNext(arrival);
    }
  }

  /** Whether nothing is under way, and nothing waits. */
  boolean isOver() {
    return open == 0;
  }
}
