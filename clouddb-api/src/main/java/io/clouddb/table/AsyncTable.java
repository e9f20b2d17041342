/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.Page;
import io.clouddb.spi.table.TableData;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The data of a table, without a thread that waits for it. Safe for use by several threads.
 *
 * <p>What can be known before a call, a method throws itself: an {@link
 * io.clouddb.error.InvalidArgumentException} or {@link
 * io.clouddb.error.UnsupportedFeatureException} that names the attribute and the reason, and no
 * value; nothing was sent then. All else is what the stage ends with, a {@link
 * io.clouddb.error.CloudDbException}. A stage ends when the cloud is closed, if not before. What
 * hangs on a stage is run by a thread of the vendor's client and must not block it.
 *
 * <p>Requests that failed in passing are repeated by one layer each: of single items, pages and
 * transactions by the calls to the cloud ({@link io.clouddb.CloudConfig#retryPolicy()}), a write
 * only after an error that says that it had no effect; of batches by this class, see {@link
 * #putAll}.
 */
public final class AsyncTable {
  static final int IN_FLIGHT = 8;

  private final OpenTable table;
  private final TableData data;
  private final Batches batches;
  private final int inFlight;

  AsyncTable(OpenTable table, int inFlight) {
    this.table = table;
    this.data = table.data();
    this.batches = new Batches(table);
    this.inFlight = inFlight;
  }

  /**
   * What the table is.
   *
   * @return the spec that it was opened with
   */
  public GlobalTableSpec spec() {
    return table.spec();
  }

  /**
   * Writes a whole item. In a table with a version attribute, an item without it is written only
   * where none is there, one with 0 where none or one with 0 is, and both get version 1; one with
   * another version only where that version is still there, and it gets the next one.
   *
   * @param item the item
   * @return the item as it is stored; ends with an {@link ItemConditionFailedException} when
   *     another version is there
   */
  public CompletionStage<Item> put(Item item) {
    return putting(item, null);
  }

  /**
   * Writes a whole item if a condition holds of the one that is there, and of none where none is.
   *
   * @param item the item
   * @param condition what has to hold before
   * @return the item as it is stored; ends with an {@link ItemConditionFailedException} when the
   *     condition does not hold, or another version is there
   */
  public CompletionStage<Item> put(Item item, Condition condition) {
    return putting(item, Objects.requireNonNull(condition, "condition"));
  }

  CompletableFuture<Item> putting(Item item, @Nullable Condition condition) {
    table.requireWritable();
    Versions versions = table.versions();
    Item stored = versions.next(item);
    table.keys().require(stored);
    Condition before = versions.before(item, condition);
    return table.calls().write("put", () -> data.put(stored, before), written -> stored);
  }

  /**
   * Gets an item, as it was some time ago: mostly less than a second.
   *
   * @param key which
   * @return the item; empty when there is none
   */
  public CompletionStage<Optional<Item>> get(ItemKey key) {
    return getting(key, false);
  }

  /**
   * Gets an item.
   *
   * @param key which
   * @param consistent whether all writes of this region that were acknowledged before are seen
   * @return the item; empty when there is none
   */
  public CompletionStage<Optional<Item>> get(ItemKey key, boolean consistent) {
    return getting(key, consistent);
  }

  CompletableFuture<Optional<Item>> getting(ItemKey key, boolean consistent) {
    table.keys().require(key);
    return table.calls().read("get", () -> data.get(key, consistent), found -> found);
  }

  /**
   * Changes attributes of an item, or makes one of them where there is none, unless all that they
   * do is to take away. A version attribute is counted up; in a table with one, an update that only
   * takes away needs an item that is there.
   *
   * @param key which
   * @param update how
   * @return the item as it is then; without any attribute when there is none, and none is made;
   *     ends with an {@link ItemConditionFailedException} when there is none whose version could be
   *     counted
   */
  public CompletionStage<Item> update(ItemKey key, Update update) {
    return updating(key, update, null);
  }

  /**
   * Changes attributes of an item if a condition holds of it.
   *
   * @param key which
   * @param update how
   * @param condition what has to hold before
   * @return the item as it is then; ends with an {@link ItemConditionFailedException} when the
   *     condition does not hold
   */
  public CompletionStage<Item> update(ItemKey key, Update update, Condition condition) {
    return updating(key, update, Objects.requireNonNull(condition, "condition"));
  }

  CompletableFuture<Item> updating(ItemKey key, Update update, @Nullable Condition condition) {
    table.requireWritable();
    table.keys().require(key);
    table.keys().require(update);
    Update counting = table.versions().counting(update);
    Condition before = table.versions().before(update, condition);
    return table
        .calls()
        .write("update", () -> data.update(key, counting, before), stored -> stored);
  }

  /**
   * Takes an item away, of whatever version. Whoever makes it anew begins with version 1: {@link
   * GlobalTableSpec.Builder#version}.
   *
   * @param key which
   * @return the item as it was; empty when there was none
   */
  public CompletionStage<Optional<Item>> delete(ItemKey key) {
    return deleting(key, null);
  }

  /**
   * Takes an item away if a condition holds of it.
   *
   * @param key which
   * @param condition what has to hold before
   * @return the item as it was; empty when there was none; ends with an {@link
   *     ItemConditionFailedException} when the condition does not hold
   */
  public CompletionStage<Optional<Item>> delete(ItemKey key, Condition condition) {
    return deleting(key, Objects.requireNonNull(condition, "condition"));
  }

  CompletableFuture<Optional<Item>> deleting(ItemKey key, @Nullable Condition condition) {
    table.requireWritable();
    table.keys().require(key);
    return table.calls().write("delete", () -> data.delete(key, condition), found -> found);
  }

  /**
   * Writes any number of items, each by itself and in no order, by several requests at a time. What
   * the cloud leaves unprocessed, and a request that it throttles as a whole, is sent again after a
   * pause that doubles, with jitter, as long as something of the whole batch goes on; no other
   * layer repeats these requests. A write whose answer was lost is not sent again. Whoever ends the
   * stage's future before, by {@code cancel} or {@code orTimeout}, stops the batch: nothing more is
   * sent, and nobody is told what is done.
   *
   * <p>In a table with a version attribute each is written as by {@link #put(Item)}, in a request
   * of its own, which the calls to the cloud repeat, and this method does not.
   *
   * @param items which, no key twice
   * @return the items as they are stored, in the order in which they were given; ends with a {@link
   *     BatchIncompleteException} that names what is not written, and what may be
   */
  public CompletionStage<List<Item>> putAll(Collection<Item> items) {
    return batches.put(items, inFlight);
  }

  CompletableFuture<List<Item>> puttingAll(Collection<Item> items) {
    return batches.put(items, inFlight);
  }

  /**
   * Gets any number of items, as they were some time ago, by several requests at a time, which are
   * repeated as those of {@link #putAll}.
   *
   * @param keys which, none twice
   * @return the items that are there, in the order in which they were asked for; ends with a {@link
   *     BatchIncompleteException} that names what was not read, and has what was
   */
  public CompletionStage<Map<ItemKey, Item>> getAll(Collection<ItemKey> keys) {
    return batches.get(keys, false, inFlight);
  }

  /**
   * Gets any number of items.
   *
   * @param keys which, none twice
   * @param consistent whether all writes of this region that were acknowledged before are seen
   * @return the items that are there, in the order in which they were asked for; ends with a {@link
   *     BatchIncompleteException} that names what was not read, and has what was
   */
  public CompletionStage<Map<ItemKey, Item>> getAll(Collection<ItemKey> keys, boolean consistent) {
    return batches.get(keys, consistent, inFlight);
  }

  CompletableFuture<Map<ItemKey, Item>> gettingAll(Collection<ItemKey> keys, boolean consistent) {
    return batches.get(keys, consistent, inFlight);
  }

  /**
   * Takes any number of items away, of whatever version, by several requests at a time, which are
   * repeated as those of {@link #putAll}.
   *
   * @param keys which, none twice
   * @return ends when all are gone; with a {@link BatchIncompleteException} that names what is not
   *     deleted, and what may be
   */
  public CompletionStage<@Nullable Void> deleteAll(Collection<ItemKey> keys) {
    return batches.delete(keys, inFlight);
  }

  CompletableFuture<@Nullable Void> deletingAll(Collection<ItemKey> keys) {
    return batches.delete(keys, inFlight);
  }

  /**
   * Gets one page of a query. A page may have fewer items than asked for, and none, and not be the
   * last one: that has no token.
   *
   * <p>A token holds, for whoever has it to read, the key at which its page ends. Where the cloud
   * has a {@link io.clouddb.CloudConfig.Builder#tokenKey} it is sealed, and refused when it was
   * changed; without one it is taken as it is.
   *
   * @param query the query
   * @param pageToken what {@link Page#next()} of the page before gave; null for the first page
   * @return the page
   * @throws io.clouddb.error.InvalidArgumentException when the token is of another table or query,
   *     or is sealed and was changed; it may be of another page size
   */
  public CompletionStage<Page<Item>> query(Query query, @Nullable String pageToken) {
    return querying(query, pageToken);
  }

  CompletableFuture<Page<Item>> querying(Query query, @Nullable String pageToken) {
    table.queries().require(query);
    PageTokens.Position at = pageToken == null ? null : table.tokens().read(query, pageToken);
    int left = at == null ? query.limit() : at.left();
    int most = most(query, left);
    String position = at == null ? null : at.position();
    return table
        .calls()
        .read("query", () -> data.query(query, position, most), its -> page(query, left, its));
  }

  /** With a filter a page may have to be read for one item; without, no more than is left. */
  private static int most(Query query, int left) {
    if (left == 0 || query.filter().isPresent()) {
      return query.pageSize();
    }
    return query.pageSize() == 0 ? left : Math.min(left, query.pageSize());
  }

  private Page<Item> page(Query query, int left, TableData.Items its) {
    List<Item> items = its.items();
    boolean limited = query.limit() > 0;
    if (limited && items.size() >= left) {
      return new Page<>(items.subList(0, left), null);
    }
    String next = its.position();
    return new Page<>(
        items,
        next == null
            ? null
            : table
                .tokens()
                .write(query, new PageTokens.Position(next, limited ? left - items.size() : 0)));
  }

  /**
   * Reads all items of a table or of an index, its segments side by side. Of each segment one page
   * is read ahead.
   *
   * @param scan which
   * @param each is given each item, one after another, by threads of the vendor's client; what it
   *     throws ends the scan
   * @return ends when all were given; whoever ends its future before ends the scan
   */
  public CompletionStage<@Nullable Void> scan(Scan scan, Consumer<? super Item> each) {
    table.queries().require(scan);
    return table.calls().whole("scan", new ScanPush(new ScanSegments(table, scan), each));
  }

  /**
   * Gets one page of a scan. A page may have fewer items than asked for, and none, and not be the
   * last one: that has no token. What a token tells, and who takes it, is as for {@link #query}.
   *
   * @param scan the scan, whose segments are read one after another
   * @param pageToken what {@link Page#next()} of the page before gave; null for the first page
   * @return the page
   * @throws io.clouddb.error.InvalidArgumentException when the token is of another table or scan,
   *     or is sealed and was changed; it may be of another page size
   */
  public CompletionStage<Page<Item>> page(Scan scan, @Nullable String pageToken) {
    return paging(scan, pageToken);
  }

  CompletableFuture<Page<Item>> paging(Scan scan, @Nullable String pageToken) {
    table.queries().require(scan);
    PageTokens.Place at =
        pageToken == null ? new PageTokens.Place(0, null) : table.tokens().read(scan, pageToken);
    return table
        .calls()
        .read(
            "scan",
            () -> data.scan(scan, at.segment(), at.position()),
            its -> page(scan, at.segment(), its));
  }

  private Page<Item> page(Scan scan, int segment, TableData.Items its) {
    PageTokens.Place next = null;
    if (its.position() != null) {
      next = new PageTokens.Place(segment, its.position());
    } else if (segment + 1 < scan.segments()) {
      next = new PageTokens.Place(segment + 1, null);
    }
    return new Page<>(its.items(), next == null ? null : table.tokens().write(scan, next));
  }

  ScanSegments scanning(Scan scan) {
    table.queries().require(scan);
    return new ScanSegments(table, scan);
  }

  /**
   * Does all of a transaction, or nothing. In a table with a version attribute its puts need the
   * version that they have, as by {@link #put(Item)}, its puts and updates count it up, and updates
   * that only take away need an item that is there.
   *
   * @param transaction what is to be done; within the cloud's limits
   * @return ends when it is done; with a {@link TransactionConditionFailedException} when
   *     conditions do not hold
   * @throws io.clouddb.error.UnsupportedFeatureException when the cloud has no transactions, or
   *     none across partitions
   */
  public CompletionStage<@Nullable Void> transact(Transaction transaction) {
    return transacting(transaction);
  }

  CompletableFuture<@Nullable Void> transacting(Transaction transaction) {
    table.requireWritable();
    table.transactions().require(transaction);
    Transaction counting = table.versions().counting(transaction);
    table.transactions().requireSizes(counting);
    return table.calls().write("transact", () -> data.transact(counting), done -> null);
  }
}
