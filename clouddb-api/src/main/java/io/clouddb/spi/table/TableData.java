/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.table;

import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Query;
import io.clouddb.table.Scan;
import io.clouddb.table.Transaction;
import io.clouddb.table.Update;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The data of one table, in the stored form of the cloud. Every method sends its requests through
 * {@link io.clouddb.spi.RemoteCalls} on the vendor's asynchronous client and blocks nobody; what it
 * gives ends with a {@link io.clouddb.error.CloudDbException} when it failed. Safe for use by
 * several threads.
 *
 * <p>The facade has checked before: keys have the attributes and types of the table, items have
 * their keys, indexes are there, batches are within the limits and have no key twice, a query's
 * range fits the index, and all of a batch or transaction is within {@link Limits}. What else only
 * the cloud knows the driver says before it sends anything where it can.
 *
 * <p>A write must not take effect twice: it is sent again only after an error that says that it had
 * no effect. What cannot be known ends with category {@link
 * io.clouddb.error.ErrorCategory#OUTCOME_UNKNOWN}.
 *
 * <p>One layer repeats a request. For single items, pages and transactions it is {@link
 * io.clouddb.spi.RemoteCalls}. For batches it is the facade, which knows what of the whole goes on:
 * {@link #putBatch}, {@link #deleteBatch} and {@link #getBatch} send their request once, through
 * {@link io.clouddb.spi.RemoteCalls#singly()}.
 */
public interface TableData {
  /**
   * What of a page came, and where the next one begins.
   *
   * @param items the items, of which the filter holds
   * @param position where to go on, in the driver's own words, without a secret; null after the
   *     last page. The facade binds it to table and query, and seals it
   */
  record Items(List<Item> items, @Nullable String position) {
    /** Keeps a copy. */
    public Items {
      items = List.copyOf(items);
    }
  }

  /** How much one request takes. */
  interface Limits {
    /**
     * How many items {@link #putBatch} and {@link #deleteBatch} take.
     *
     * @return at least 1
     */
    int batchWrites();

    /**
     * How many keys {@link #getBatch} takes.
     *
     * @return at least 1
     */
    int batchReads();

    /**
     * How many actions {@link #transact} takes.
     *
     * @return at least 1; 0 where there are no transactions
     */
    int transactionActions();

    /**
     * Whether all items of a transaction have to be of one partition.
     *
     * @return true when they have to
     */
    boolean transactionInOnePartition();

    /**
     * How large a batch of writes may be in all.
     *
     * @return bytes, by {@link #sizeOf}
     */
    long batchBytes();

    /**
     * How large an item is, as the cloud counts it.
     *
     * @param item the item
     * @return bytes
     */
    long sizeOf(Item item);

    /**
     * How large an item may be.
     *
     * @return bytes, by {@link #sizeOf}; {@link Long#MAX_VALUE} where the cloud has no limit
     */
    default long itemBytes() {
      return Long.MAX_VALUE;
    }

    /**
     * How large the value of a partition attribute may be, of the table or of an index.
     *
     * @return bytes of its UTF-8, or of what it is, at least 1; numbers are not measured
     */
    default int partitionBytes() {
      return Integer.MAX_VALUE;
    }

    /**
     * How large the value of a sort attribute may be, of the table or of an index.
     *
     * @return bytes of its UTF-8, or of what it is, at least 1; numbers are not measured
     */
    default int sortBytes() {
      return Integer.MAX_VALUE;
    }

    /**
     * How deep lists and maps of an item may be in each other. More than a thousand are refused
     * everywhere: nothing would read them.
     *
     * @return at least 1, which is an attribute with a list of texts
     */
    default int depth() {
      return 1000;
    }

    /**
     * How large the items that one transaction puts may be together.
     *
     * @return bytes, by {@link #sizeOf}
     */
    default long transactionBytes() {
      return Long.MAX_VALUE;
    }

    /**
     * Whether an index over all partitions can be read with all writes that were acknowledged
     * before.
     *
     * @return false where its items come later
     */
    default boolean consistentIndexes() {
      return false;
    }
  }

  /**
   * How much one request takes.
   *
   * @return the limits
   */
  Limits limits();

  /**
   * Tells whether the cloud itself brings writes to the one region that takes them. Where it does
   * not, the facade refuses writes in the others.
   *
   * @return true when it does
   */
  default boolean routesWrites() {
    return false;
  }

  /**
   * Gets an item.
   *
   * @param key which
   * @param consistent whether all writes before have to be seen
   * @return the item; empty when there is none
   */
  CompletionStage<Optional<Item>> get(ItemKey key, boolean consistent);

  /**
   * Writes a whole item.
   *
   * @param item the item
   * @param condition what has to hold before; null for nothing
   * @return ends when it is written; with an {@link io.clouddb.table.ItemConditionFailedException}
   *     when the condition does not hold
   */
  CompletionStage<Void> put(Item item, @Nullable Condition condition);

  /**
   * Changes attributes of an item.
   *
   * @param key which
   * @param update how
   * @param condition what has to hold before; null for nothing
   * @return the item as it is now; ends as {@link #put} does
   */
  CompletionStage<Item> update(ItemKey key, Update update, @Nullable Condition condition);

  /**
   * Takes an item away.
   *
   * @param key which
   * @param condition what has to hold before; null for nothing
   * @return the item as it was; empty when there was none; ends as {@link #put} does
   */
  CompletionStage<Optional<Item>> delete(ItemKey key, @Nullable Condition condition);

  /**
   * Gets a page of a query.
   *
   * @param query the query; its limit is the facade's
   * @param position where the page before ended; null for the first page
   * @param most how many items the page may have at most; 0 for what the service does by itself
   * @return the page
   */
  CompletionStage<Items> query(Query query, @Nullable String position, int most);

  /**
   * Gets a page of one segment of a scan.
   *
   * @param scan the scan
   * @param segment which, from 0
   * @param position where the page before ended; null for the first page
   * @return the page
   */
  CompletionStage<Items> scan(Scan scan, int segment, @Nullable String position);

  /**
   * Writes several items, each by itself, without conditions.
   *
   * @param items at most {@link Limits#batchWrites()}, no key twice
   * @return the items that the cloud has not taken and that can be sent again after a pause; empty
   *     when all are written. It fails as a whole only when nothing of it can be known better
   */
  CompletionStage<List<Item>> putBatch(List<Item> items);

  /**
   * Takes several items away, each by itself.
   *
   * @param keys at most {@link Limits#batchWrites()}, none twice
   * @return the keys that the cloud has not taken and that can be sent again after a pause
   */
  CompletionStage<List<ItemKey>> deleteBatch(List<ItemKey> keys);

  /**
   * What came of several gets.
   *
   * @param found the items that are there, in any order
   * @param unread the keys that the cloud has not read and that can be asked for again
   */
  record Read(List<Item> found, List<ItemKey> unread) {
    /** Keeps copies. */
    public Read {
      found = List.copyOf(found);
      unread = List.copyOf(unread);
    }
  }

  /**
   * Gets several items, each by itself.
   *
   * @param keys at most {@link Limits#batchReads()}, none twice
   * @param consistent whether all writes before have to be seen
   * @return what came
   */
  CompletionStage<Read> getBatch(List<ItemKey> keys, boolean consistent);

  /**
   * Does all of a transaction, or nothing.
   *
   * @param transaction within the limits, no key twice
   * @return ends when it is done; with a {@link
   *     io.clouddb.table.TransactionConditionFailedException} when conditions do not hold
   */
  CompletionStage<Void> transact(Transaction transaction);
}
