/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.Listing;
import io.clouddb.Page;
import io.clouddb.internal.operation.DataCalls;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data of a table: {@link Tables#open}. Each method waits for its answer; {@link #async()} has
 * the same without a thread that waits. Safe for use by several threads.
 *
 * <p>What can be known before a call is refused before it: an {@link
 * io.clouddb.error.InvalidArgumentException} or {@link
 * io.clouddb.error.UnsupportedFeatureException} names the attribute and the reason, and no value. A
 * method ends with the answer, with a {@link io.clouddb.error.CloudDbException}, when its thread is
 * interrupted, or when the cloud is closed. Which layer repeats what, {@link AsyncTable} says.
 */
public final class Table {
  private final OpenTable table;
  private final DataCalls calls;
  private final AsyncTable async;

  Table(OpenTable table) {
    this(table, AsyncTable.IN_FLIGHT);
  }

  private Table(OpenTable table, int inFlight) {
    this.table = table;
    this.calls = table.calls();
    this.async = new AsyncTable(table, inFlight);
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
   * The same without a thread that waits.
   *
   * @return the table
   */
  public AsyncTable async() {
    return async;
  }

  /**
   * The same for objects of a class.
   *
   * @param type how they are items
   * @param <T> the class
   * @return the table of such objects
   * @throws io.clouddb.error.InvalidArgumentException when the type makes another key than the
   *     table's, or has no place for its version
   */
  public <T> TypedTable<T> typed(ItemType<T> type) {
    return new TypedTable<>(this, type);
  }

  /**
   * The same, with so many requests at a time for each {@link #putAll}, {@link #getAll} and {@link
   * #deleteAll}.
   *
   * @param requests at least 1; it is 8 otherwise
   * @return a new value
   */
  public Table inFlight(int requests) {
    if (requests < 1) {
      throw Values.invalid("A batch of " + requests + " requests at a time sends none");
    }
    return new Table(table, requests);
  }

  /**
   * Writes a whole item. In a table with a version attribute, an item without it is written only
   * where none is there, one with 0 where none or one with 0 is, and both get version 1; one with
   * another version only where that version is still there, and it gets the next one.
   *
   * @param item the item
   * @return the item as it is stored
   * @throws ItemConditionFailedException when another version is there
   */
  public Item put(Item item) {
    return written(async.putting(item, null));
  }

  /**
   * Writes a whole item if a condition holds of the one that is there, and of none where none is.
   *
   * @param item the item
   * @param condition what has to hold before
   * @return the item as it is stored
   * @throws ItemConditionFailedException when the condition does not hold, or another version is
   *     there
   */
  public Item put(Item item, Condition condition) {
    return written(async.putting(item, Objects.requireNonNull(condition, "condition")));
  }

  /**
   * Gets an item, as it was some time ago: mostly less than a second.
   *
   * @param key which
   * @return the item; empty when there is none
   */
  public Optional<Item> get(ItemKey key) {
    return read(async.getting(key, false));
  }

  /**
   * Gets an item.
   *
   * @param key which
   * @param consistent whether all writes of this region that were acknowledged before are seen
   * @return the item; empty when there is none
   */
  public Optional<Item> get(ItemKey key, boolean consistent) {
    return read(async.getting(key, consistent));
  }

  /**
   * Changes attributes of an item, or makes one of them where there is none, unless all that they
   * do is to take away. A version attribute is counted up; in a table with one, an update that only
   * takes away needs an item that is there.
   *
   * @param key which
   * @param update how
   * @return the item as it is then; without any attribute when there is none, and none is made
   * @throws ItemConditionFailedException when there is none whose version could be counted
   */
  public Item update(ItemKey key, Update update) {
    return written(async.updating(key, update, null));
  }

  /**
   * Changes attributes of an item if a condition holds of it.
   *
   * @param key which
   * @param update how
   * @param condition what has to hold before
   * @return the item as it is then
   * @throws ItemConditionFailedException when the condition does not hold
   */
  public Item update(ItemKey key, Update update, Condition condition) {
    return written(async.updating(key, update, Objects.requireNonNull(condition, "condition")));
  }

  /**
   * Takes an item away, of whatever version. Whoever makes it anew begins with version 1: {@link
   * GlobalTableSpec.Builder#version}.
   *
   * @param key which
   * @return the item as it was; empty when there was none
   */
  public Optional<Item> delete(ItemKey key) {
    return written(async.deleting(key, null));
  }

  /**
   * Takes an item away if a condition holds of it.
   *
   * @param key which
   * @param condition what has to hold before
   * @return the item as it was; empty when there was none
   * @throws ItemConditionFailedException when the condition does not hold
   */
  public Optional<Item> delete(ItemKey key, Condition condition) {
    return written(async.deleting(key, Objects.requireNonNull(condition, "condition")));
  }

  /**
   * Writes any number of items, each by itself and in no order: {@link AsyncTable#putAll}. When the
   * thread is interrupted nothing more is sent.
   *
   * @param items which, no key twice
   * @return the items as they are stored, in the order in which they were given
   * @throws BatchIncompleteException that names what is not written, and what may be
   */
  public List<Item> putAll(Collection<Item> items) {
    return written(async.puttingAll(items));
  }

  /**
   * Gets any number of items, as they were some time ago.
   *
   * @param keys which, none twice
   * @return the items that are there, in the order in which they were asked for
   * @throws BatchIncompleteException that names what was not read, and has what was
   */
  public Map<ItemKey, Item> getAll(Collection<ItemKey> keys) {
    return read(async.gettingAll(keys, false));
  }

  /**
   * Gets any number of items.
   *
   * @param keys which, none twice
   * @param consistent whether all writes of this region that were acknowledged before are seen
   * @return the items that are there, in the order in which they were asked for
   * @throws BatchIncompleteException that names what was not read, and has what was
   */
  public Map<ItemKey, Item> getAll(Collection<ItemKey> keys, boolean consistent) {
    return read(async.gettingAll(keys, consistent));
  }

  /**
   * Takes any number of items away, of whatever version, each by itself and in no order. When the
   * thread is interrupted nothing more is sent.
   *
   * @param keys which, none twice
   * @throws BatchIncompleteException that names what is not deleted, and what may be
   */
  public void deleteAll(Collection<ItemKey> keys) {
    written(async.deletingAll(keys));
  }

  /**
   * Asks for the items of a partition, page by page while they are read. {@link Listing#page} gives
   * one page, from a token.
   *
   * @param query the query
   * @return the items, in the order of the sort attribute
   */
  public Listing<Item> query(Query query) {
    return query(query, null);
  }

  /**
   * Asks for the items of a partition from a page on.
   *
   * @param query the query
   * @param pageToken what {@link Page#next()} gave; null for the beginning. It is refused when it
   *     is of another table or query, or is sealed and was changed: {@link AsyncTable#query}
   * @return the items, in the order of the sort attribute
   */
  public Listing<Item> query(Query query, @Nullable String pageToken) {
    table.queries().require(query);
    if (pageToken != null) {
      table.tokens().read(query, pageToken);
    }
    return new Listing<>(token -> page(query, token), pageToken);
  }

  /**
   * Gets one page of a query. A page may have fewer items than asked for, and none, and not be the
   * last one: that has no token.
   *
   * @param query the query
   * @param pageToken what {@link Page#next()} of the page before gave; null for the first page
   * @return the page
   */
  public Page<Item> page(Query query, @Nullable String pageToken) {
    return read(async.querying(query, pageToken));
  }

  /**
   * Reads all items of a table or of an index, in no order, its segments side by side. Of each
   * segment one page is read ahead, of 64 segments at a time. One that failed stays so: who asks
   * again has not read all. It is observed from the first item that is asked for until the last was
   * read, or it is closed.
   *
   * @param scan which
   * @return the items; nothing is read before the first is asked for, and nothing more once it is
   *     closed
   */
  public Stream<Item> scan(Scan scan) {
    return ScanPull.stream(calls, async.scanning(scan));
  }

  /**
   * Gets one page of a scan, to go on with at another time or elsewhere. A page may have fewer
   * items than asked for, and none, and not be the last one: that has no token.
   *
   * @param scan the scan, whose segments are read one after another
   * @param pageToken what {@link Page#next()} of the page before gave; null for the first page. It
   *     is refused when it is of another table or scan, or is sealed and was changed
   * @return the page
   */
  public Page<Item> page(Scan scan, @Nullable String pageToken) {
    return read(async.paging(scan, pageToken));
  }

  /**
   * Does all of a transaction, or nothing. In a table with a version attribute its puts need the
   * version that they have, as by {@link #put(Item)}, its puts and updates count it up, and updates
   * that only take away need an item that is there.
   *
   * @param transaction what is to be done; within the cloud's limits
   * @throws TransactionConditionFailedException when conditions do not hold
   * @throws io.clouddb.error.UnsupportedFeatureException when the cloud has no transactions, or
   *     none across partitions
   */
  public void transact(Transaction transaction) {
    written(async.transacting(transaction));
  }

  private <T extends @Nullable Object> T read(CompletableFuture<T> future) {
    return calls.await(future, false);
  }

  private <T extends @Nullable Object> T written(CompletableFuture<T> future) {
    return calls.await(future, true);
  }

  @Override
  public String toString() {
    return "Table " + calls.resource();
  }
}
