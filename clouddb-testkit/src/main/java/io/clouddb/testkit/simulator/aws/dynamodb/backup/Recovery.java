/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.backup;

import io.clouddb.testkit.simulator.tables.Change;
import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.StoredTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a table was at any moment of the last days: what it was at first, and every change since.
 * For any thread.
 */
public final class Recovery implements Change.Listener {
  /** How many days are kept when nobody says so, and at most. */
  public static final int DAYS = 35;

  /** The last minutes are not to be had yet. */
  private static final Duration LATEST = Duration.ofMinutes(5);

  /** What an item became, without what it was, which is known from what came before. */
  private record Step(Instant at, ItemKey key, @Nullable StoredItem after) {}

  private final StoredTable table;
  private final Deque<Step> changes = new ArrayDeque<>();
  private Map<ItemKey, StoredItem> first = new HashMap<>();
  private @Nullable Instant enabled;

  /** What was before that is forgotten, for how long it may be kept from now on. */
  private Instant oldest = Instant.MIN;

  private int days = DAYS;

  /**
   * Makes that of a table, which is not kept yet.
   *
   * @param table the table
   */
  public Recovery(StoredTable table) {
    this.table = table;
  }

  /**
   * Begins to keep what the table was, or goes on.
   *
   * @param kept for how many days
   * @param now when
   */
  public void enable(int kept, Instant now) {
    boolean begins;
    synchronized (this) {
      begins = enabled == null;
      if (!begins) {
        forget(now);
      }
      days = kept;
      if (!begins) {
        forget(now);
      }
    }
    if (begins) {
      // The table's lock is taken first wherever both are.
      StoredTable.holding(
          java.util.List.of(table),
          () -> {
            Contents contents = Contents.of(table);
            synchronized (this) {
              first = new HashMap<>(contents.items());
              changes.clear();
              enabled = now;
              oldest = now;
            }
            table.addListener(this);
            return null;
          });
    }
  }

  /** Forgets all of it. */
  public void disable() {
    table.removeListener(this);
    synchronized (this) {
      enabled = null;
      changes.clear();
      first = new HashMap<>();
      days = DAYS;
    }
  }

  @Override
  public synchronized void changed(Change change) {
    if (enabled != null) {
      changes.addLast(new Step(change.at(), change.key(), change.after()));
      forget(change.at());
    }
  }

  private void forget(Instant now) {
    Instant kept = now.minus(Duration.ofDays(days));
    if (kept.isAfter(oldest)) {
      oldest = kept;
    }
    while (!changes.isEmpty() && changes.getFirst().at().isBefore(oldest)) {
      apply(first, changes.removeFirst());
    }
  }

  private static void apply(Map<ItemKey, StoredItem> items, Step change) {
    if (change.after() == null) {
      items.remove(change.key());
    } else {
      items.put(change.key(), change.after());
    }
  }

  /**
   * Tells whether it is kept.
   *
   * @return true when it is
   */
  public synchronized boolean isEnabled() {
    return enabled != null;
  }

  /**
   * For how many days it is kept.
   *
   * @return from 1 to 35
   */
  public synchronized int days() {
    return days;
  }

  /**
   * The first moment that is kept.
   *
   * @param now the time
   * @return by which it can be restored
   */
  public synchronized Instant earliest(Instant now) {
    Instant since = enabled == null ? now : oldest;
    Instant kept = now.minus(Duration.ofDays(days));
    return since.isAfter(kept) ? since : kept;
  }

  /**
   * The last moment that is kept.
   *
   * @param now the time
   * @return by which it can be restored
   */
  public synchronized Instant latest(Instant now) {
    Instant since = enabled == null ? now : enabled;
    Instant late = now.minus(LATEST);
    return since.isAfter(late) ? since : late;
  }

  /**
   * What the table was.
   *
   * @param moment when, which is kept
   * @return its items
   */
  public Contents at(Instant moment) {
    // What has expired has gone by itself, also where nobody has looked since.
    table.settle();
    synchronized (this) {
      Map<ItemKey, StoredItem> items = new HashMap<>(first);
      for (Step change : changes) {
        if (change.at().isAfter(moment)) {
          break;
        }
        apply(items, change);
      }
      return new Contents(items);
    }
  }
}
