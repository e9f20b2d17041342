/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.Page;
import io.clouddb.internal.operation.DataCalls;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The items of a table that are objects of one class, without a thread that waits for them: {@link
 * TypedTable#async}. Each method does what that of {@link AsyncTable} does, and refuses what that
 * of {@link TypedTable} refuses: before the call it throws, and what shows only in what was read or
 * written is what the stage ends with.
 *
 * @param <T> the application's class
 */
public final class AsyncTypedTable<T> {
  private final AsyncTable table;
  private final TypeChecks<T> checks;

  AsyncTypedTable(AsyncTable table, TypeChecks<T> checks) {
    this.table = table;
    this.checks = checks;
  }

  /**
   * The items themselves.
   *
   * @return the table
   */
  public AsyncTable table() {
    return table;
  }

  /**
   * Writes an object: {@link AsyncTable#put(Item)}.
   *
   * @param object the object
   * @return the object as it is stored, with its version where those are counted; ends with an
   *     {@link ItemConditionFailedException} when another version is there
   */
  public CompletionStage<T> put(T object) {
    return putting(object, null);
  }

  /**
   * Writes an object if a condition holds of what is there.
   *
   * @param object the object
   * @param condition what has to hold before
   * @return the object as it is stored; ends with an {@link ItemConditionFailedException} when the
   *     condition does not hold, or another version is there
   */
  public CompletionStage<T> put(T object, Condition condition) {
    return putting(object, Objects.requireNonNull(condition, "condition"));
  }

  private CompletionStage<T> putting(T object, @Nullable Condition condition) {
    Item item = checks.item(object);
    return mapped(table.putting(item, condition), stored -> checks.put(object, item, stored));
  }

  /**
   * Gets an object, as it was some time ago.
   *
   * @param key which
   * @return the object; empty when there is none
   */
  public CompletionStage<Optional<T>> get(ItemKey key) {
    return get(key, false);
  }

  /**
   * Gets an object.
   *
   * @param key which
   * @param consistent whether all writes of this region that were acknowledged before are seen
   * @return the object; empty when there is none
   */
  public CompletionStage<Optional<T>> get(ItemKey key, boolean consistent) {
    return mapped(table.getting(key, consistent), checks::read);
  }

  /**
   * Changes attributes of an object: {@link TypedTable#update(ItemKey, Update)}.
   *
   * @param key which
   * @param update how
   * @return the object as it is then; ends with an {@link ItemConditionFailedException} when there
   *     is no item, or one with other constants
   * @throws io.clouddb.error.InvalidArgumentException when the item could not be read then
   */
  public CompletionStage<T> update(ItemKey key, Update update) {
    return updating(key, update, checks.there());
  }

  /**
   * Changes attributes of an object if a condition holds of it.
   *
   * @param key which
   * @param update how
   * @param condition what has to hold before
   * @return the object as it is then; ends with an {@link ItemConditionFailedException} when the
   *     condition does not hold, or there is no item, or one with other constants
   * @throws io.clouddb.error.InvalidArgumentException when the item could not be read then
   */
  public CompletionStage<T> update(ItemKey key, Update update, Condition condition) {
    return updating(key, update, checks.there().and(condition));
  }

  private CompletionStage<T> updating(ItemKey key, Update update, Condition condition) {
    checks.require(update);
    return mapped(table.updating(key, update, condition), checks::written);
  }

  /**
   * Takes an object away.
   *
   * @param key which
   * @return the object as it was; empty when there was none; ends with an {@link
   *     ItemConditionFailedException} when an item with other constants is there
   */
  public CompletionStage<Optional<T>> delete(ItemKey key) {
    return mapped(table.deleting(key, checks.notAnother()), checks::deleted);
  }

  /**
   * Takes an object away if a condition holds of it.
   *
   * @param key which
   * @param condition what has to hold before
   * @return the object as it was; empty when there was none; ends with an {@link
   *     ItemConditionFailedException} when the condition does not hold, or an item with other
   *     constants is there
   */
  public CompletionStage<Optional<T>> delete(ItemKey key, Condition condition) {
    return mapped(table.deleting(key, checks.notAnother(condition)), checks::deleted);
  }

  /**
   * Writes any number of objects, each by itself and in no order: {@link AsyncTable#putAll}.
   * Whoever ends the stage's future before stops the batch.
   *
   * @param objects which, no key twice
   * @return the objects as they are stored, in the order in which they were given; ends with a
   *     {@link BatchIncompleteException} that names what is not written, and what may be
   */
  public CompletionStage<List<T>> putAll(Collection<T> objects) {
    List<T> all = List.copyOf(objects);
    return mapped(table.puttingAll(checks.items(all)), stored -> checks.put(all, stored));
  }

  /**
   * Gets any number of objects, as they were some time ago.
   *
   * @param keys which, none twice
   * @return the objects that are there, in the order in which they were asked for; ends with a
   *     {@link BatchIncompleteException} that names what was not read, and has the items of what
   *     was
   */
  public CompletionStage<Map<ItemKey, T>> getAll(Collection<ItemKey> keys) {
    return getAll(keys, false);
  }

  /**
   * Gets any number of objects.
   *
   * @param keys which, none twice
   * @param consistent whether all writes of this region that were acknowledged before are seen
   * @return the objects that are there, in the order in which they were asked for; ends with a
   *     {@link BatchIncompleteException} that names what was not read, and has the items of what
   *     was
   */
  public CompletionStage<Map<ItemKey, T>> getAll(Collection<ItemKey> keys, boolean consistent) {
    return mapped(table.gettingAll(keys, consistent), checks::read);
  }

  /**
   * Gets one page of a query: {@link AsyncTable#query}.
   *
   * @param query the query
   * @param pageToken what {@link Page#next()} of the page before gave; null for the first page
   * @return the page
   */
  public CompletionStage<Page<T>> query(Query query, @Nullable String pageToken) {
    checks.require(query);
    return mapped(table.querying(query, pageToken), checks::read);
  }

  /**
   * Gets one page of a scan: {@link AsyncTable#page}.
   *
   * @param scan the scan
   * @param pageToken what {@link Page#next()} of the page before gave; null for the first page
   * @return the page
   */
  public CompletionStage<Page<T>> page(Scan scan, @Nullable String pageToken) {
    checks.require(scan);
    return mapped(table.paging(scan, pageToken), checks::read);
  }

  /**
   * Reads all objects of a table or of an index: {@link AsyncTable#scan}.
   *
   * @param scan which
   * @param each is given each object, one after another, by threads of the vendor's client; what it
   *     throws ends the scan, and so does an item that is no such object
   * @return ends when all were given; whoever ends its future before ends the scan
   */
  public CompletionStage<@Nullable Void> scan(Scan scan, Consumer<? super T> each) {
    checks.require(scan);
    return table.scan(scan, item -> each.accept(checks.read(item)));
  }

  /** Ends as the other one does, with its exception as it is; and ends that one with it. */
  private static <R, V> CompletableFuture<V> mapped(
      CompletableFuture<R> from, Function<R, V> mapping) {
    CompletableFuture<V> to = new CompletableFuture<>();
    CompletionStage<R> unusedTold =
        from.whenComplete(
            (result, failure) -> {
              if (failure != null) {
                to.completeExceptionally(DataCalls.unwrapped(failure));
                return;
              }
              try {
                to.complete(mapping.apply(result));
              } catch (RuntimeException | Error e) {
                // A thread of the vendor's client has called: nobody but the future is told of it.
                to.completeExceptionally(e);
              }
            });
    CompletionStage<V> unusedEnd =
        to.whenComplete(
            (result, failure) -> {
              if (failure != null) {
                from.completeExceptionally(failure);
              }
            });
    return to;
  }
}
