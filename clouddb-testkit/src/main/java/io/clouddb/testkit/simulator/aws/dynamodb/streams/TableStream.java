/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.streams;

import io.clouddb.testkit.simulator.tables.Change;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.SizeRule;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.StoredTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a table: it hears of the table's changes and keeps each for a day, also when it has
 * been disabled or its table is gone. One shard is open at a time; after four hours the next one
 * is. For any thread.
 */
public final class TableStream implements Change.Listener {
  private static final Duration KEPT = Duration.ofHours(24);
  private static final Duration SHARD_LIFE = Duration.ofHours(4);

  /** How long it takes from the request until it is enabled, or disabled. */
  private static final Duration SWITCHING = Duration.ofSeconds(4);

  private final String region;
  private final String table;
  private final String arn;
  private final String label;
  private final ViewType view;
  private final StoredTable items;
  private final KeySchema keys;
  private final SizeRule sizes;
  private final Clock clock;
  private final Instant created;
  private final Deque<StreamShard> shards = new ArrayDeque<>();
  private @Nullable Instant disabled;
  private long number;

  /**
   * Makes the stream of a table, with an open shard.
   *
   * @param region where
   * @param table the table's name
   * @param tableArn the table's ARN
   * @param label unique among the table's streams
   * @param view what its records say
   * @param items the table's items
   * @param sizes how large an item is
   * @param clock its time
   */
  public TableStream(
      String region,
      String table,
      String tableArn,
      String label,
      ViewType view,
      StoredTable items,
      SizeRule sizes,
      Clock clock) {
    this.region = region;
    this.table = table;
    this.arn = tableArn + "/stream/" + label;
    this.label = label;
    this.view = view;
    this.items = items;
    this.keys = items.definition().keys();
    this.sizes = sizes;
    this.clock = clock;
    this.created = clock.instant();
    open(null, created);
  }

  private void open(@Nullable String parent, Instant at) {
    number++;
    String id = String.format("shardId-%020d-%08x", at.toEpochMilli(), (arn + number).hashCode());
    shards.addLast(new StreamShard(id, parent, at, number));
  }

  @Override
  public synchronized void changed(Change change) {
    if (disabled != null || isNoChange(change)) {
      return;
    }
    roll(change.at());
    number++;
    shards.getLast().add(new StreamEntry(number, change));
  }

  /** A write that leaves an item as it is makes no record. */
  private static boolean isNoChange(Change change) {
    StoredItem before = change.before();
    StoredItem after = change.after();
    return before != null && after != null && before.attributes().equals(after.attributes());
  }

  /** Closes what has been open for long, opens the next, and forgets what is too old. */
  private void roll(Instant now) {
    StreamShard last = shards.getLast();
    while (last.closed() == null && !last.opened().plus(SHARD_LIFE).isAfter(now)) {
      Instant end = last.opened().plus(SHARD_LIFE);
      last.close(end);
      open(last.id(), end);
      last = shards.getLast();
    }
    Instant oldest = now.minus(KEPT);
    shards.forEach(shard -> shard.trim(oldest));
    while (shards.size() > 1 && isGone(shards.getFirst(), oldest)) {
      shards.removeFirst();
    }
  }

  private static boolean isGone(StreamShard shard, Instant oldest) {
    Instant closed = shard.closed();
    return closed != null && closed.isBefore(oldest);
  }

  /**
   * Ends it: it hears of nothing more, and what it knows can be read for a day.
   *
   * @param at when
   */
  public synchronized void disable(Instant at) {
    if (disabled == null) {
      roll(at);
      disabled = at;
      shards.getLast().close(at);
    }
  }

  /**
   * Has the table remove what has expired, so that readers of the stream alone hear of it, too.
   * Whoever calls holds no lock of it: the table's comes first.
   */
  void settle() {
    items.settle();
  }

  /** Whether its day is over. */
  synchronized boolean isForgotten() {
    return disabled != null && disabled.plus(KEPT).isBefore(clock.instant());
  }

  /** The service's word for what state it is in. */
  synchronized String status() {
    Instant now = clock.instant();
    if (disabled != null) {
      return now.isBefore(disabled.plus(SWITCHING)) ? "DISABLING" : "DISABLED";
    }
    return now.isBefore(created.plus(SWITCHING)) ? "ENABLING" : "ENABLED";
  }

  /** The shards that there are, the oldest first. */
  synchronized List<StreamShard> shards() {
    roll(clock.instant());
    return new ArrayList<>(shards);
  }

  /** A shard by its id. */
  Optional<StreamShard> shard(String id) {
    return shards().stream().filter(shard -> shard.id().equals(id)).findFirst();
  }

  /** The place after all that has been written. */
  synchronized long next() {
    return number + 1;
  }

  /** Entries of a shard from a place on. */
  synchronized List<StreamEntry> read(StreamShard shard, long from, int limit) {
    return shard.from(from, limit);
  }

  /**
   * Where it is.
   *
   * @return the region
   */
  public String region() {
    return region;
  }

  /**
   * Whose it is.
   *
   * @return the table's name
   */
  public String table() {
    return table;
  }

  /**
   * Its ARN.
   *
   * @return that of the table, and the label
   */
  public String arn() {
    return arn;
  }

  /**
   * Its label.
   *
   * @return when it was made
   */
  public String label() {
    return label;
  }

  /**
   * What its records say.
   *
   * @return the view
   */
  public ViewType view() {
    return view;
  }

  KeySchema keys() {
    return keys;
  }

  SizeRule sizes() {
    return sizes;
  }

  Instant created() {
    return created;
  }
}
