/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.Listing;
import io.clouddb.Page;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The items of a table that are objects of one class: {@link Table#typed}. Each method does what
 * that of {@link Table} does; an item that is no such object, as of another class in the same
 * table, is refused when it is read, so that a query asks for those of this class alone. A write
 * after which no object could be read is refused before it, as far as that can be known; otherwise
 * the error says that the write is done, and is no {@link
 * io.clouddb.error.InvalidArgumentException}.
 *
 * <p>Where the table counts {@link GlobalTableSpec#version() versions}, the property of that
 * attribute is a whole number: null, or 0, is the version of an object that is not there yet; with
 * {@link ItemType#nulls()} it is 0, since null is written then.
 *
 * @param <T> the application's class
 */
public final class TypedTable<T> {
  private final Table table;
  private final ItemType<T> type;
  private final TypeChecks<T> checks;

  TypedTable(Table table, ItemType<T> type) {
    this.table = table;
    this.type = type;
    this.checks = new TypeChecks<>(type, table.spec());
  }

  /**
   * The items themselves.
   *
   * @return the table
   */
  public Table table() {
    return table;
  }

  /**
   * The same without a thread that waits.
   *
   * @return the table
   */
  public AsyncTypedTable<T> async() {
    return new AsyncTypedTable<>(table.async(), checks);
  }

  /** What goes into a {@link Transaction}, and how. */
  TypeChecks<T> checks() {
    return checks;
  }

  /**
   * The key of an object, by the parts that it is made of.
   *
   * @param properties the properties that the key is made of, by name
   * @return the key
   */
  public ItemKey key(Map<String, ?> properties) {
    return type.key(properties);
  }

  /**
   * Writes an object: {@link Table#put(Item)}.
   *
   * @param object the object
   * @return the object as it is stored, with its version where those are counted
   * @throws ItemConditionFailedException when another version is there
   */
  public T put(T object) {
    Item item = checks.item(object);
    return checks.put(object, item, table.put(item));
  }

  /**
   * Writes an object if a condition holds of what is there.
   *
   * @param object the object
   * @param condition what has to hold before
   * @return the object as it is stored
   * @throws ItemConditionFailedException when the condition does not hold, or another version is
   *     there
   */
  public T put(T object, Condition condition) {
    Item item = checks.item(object);
    return checks.put(object, item, table.put(item, condition));
  }

  /**
   * Gets an object, as it was some time ago.
   *
   * @param key which
   * @return the object; empty when there is none
   */
  public Optional<T> get(ItemKey key) {
    return checks.read(table.get(key));
  }

  /**
   * Gets an object.
   *
   * @param key which
   * @param consistent whether all writes of this region that were acknowledged before are seen
   * @return the object; empty when there is none
   */
  public Optional<T> get(ItemKey key, boolean consistent) {
    return checks.read(table.get(key, consistent));
  }

  /**
   * Changes attributes of an object, as they are stored. What makes an attribute of a template can
   * be changed only by a put of the whole object.
   *
   * @param key which
   * @param update how
   * @return the object as it is then
   * @throws ItemConditionFailedException when there is no item, or one with other constants
   * @throws io.clouddb.error.InvalidArgumentException when the item could not be read then: it
   *     changes a property of a template, an attribute that is no property, or one to a value that
   *     the property is not read of
   */
  public T update(ItemKey key, Update update) {
    checks.require(update);
    return checks.written(table.update(key, update, checks.there()));
  }

  /**
   * Changes attributes of an object, as {@link #update(ItemKey, Update)} does, if a condition holds
   * of it.
   *
   * @param key which
   * @param update how
   * @param condition what has to hold before
   * @return the object as it is then
   * @throws ItemConditionFailedException when the condition does not hold, or there is no item, or
   *     one with other constants
   */
  public T update(ItemKey key, Update update, Condition condition) {
    checks.require(update);
    return checks.written(table.update(key, update, checks.there().and(condition)));
  }

  /**
   * Takes an object away.
   *
   * @param key which
   * @return the object as it was; empty when there was none
   * @throws ItemConditionFailedException when an item with other constants is there
   */
  public Optional<T> delete(ItemKey key) {
    Condition own = checks.notAnother();
    return checks.deleted(own == null ? table.delete(key) : table.delete(key, own));
  }

  /**
   * Takes an object away if a condition holds of it.
   *
   * @param key which
   * @param condition what has to hold before
   * @return the object as it was; empty when there was none
   * @throws ItemConditionFailedException when the condition does not hold, or an item with other
   *     constants is there
   */
  public Optional<T> delete(ItemKey key, Condition condition) {
    return checks.deleted(table.delete(key, checks.notAnother(condition)));
  }

  /**
   * Writes any number of objects, each by itself and in no order: {@link Table#putAll}.
   *
   * @param objects which, no key twice
   * @return the objects as they are stored, in the order in which they were given
   * @throws BatchIncompleteException that names what is not written, and what may be
   */
  public List<T> putAll(Collection<T> objects) {
    List<T> all = List.copyOf(objects);
    return checks.put(all, table.putAll(checks.items(all)));
  }

  /**
   * Gets any number of objects, as they were some time ago.
   *
   * @param keys which, none twice
   * @return the objects that are there, in the order in which they were asked for
   * @throws BatchIncompleteException that names what was not read, and has the items of what was
   */
  public Map<ItemKey, T> getAll(Collection<ItemKey> keys) {
    return checks.read(table.getAll(keys));
  }

  /**
   * Gets any number of objects.
   *
   * @param keys which, none twice
   * @param consistent whether all writes of this region that were acknowledged before are seen
   * @return the objects that are there, in the order in which they were asked for
   * @throws BatchIncompleteException that names what was not read, and has the items of what was
   */
  public Map<ItemKey, T> getAll(Collection<ItemKey> keys, boolean consistent) {
    return checks.read(table.getAll(keys, consistent));
  }

  /**
   * Asks for the objects of a partition, page by page while they are read.
   *
   * @param query the query
   * @return the objects, in the order of the sort attribute
   */
  public Listing<T> query(Query query) {
    return query(query, null);
  }

  /**
   * Asks for the objects of a partition from a page on.
   *
   * @param query the query
   * @param pageToken what {@link Page#next()} gave; null for the beginning
   * @return the objects, in the order of the sort attribute
   */
  public Listing<T> query(Query query, @Nullable String pageToken) {
    checks.require(query);
    Listing<Item> items = table.query(query, pageToken);
    return new Listing<>(token -> checks.read(items.page(token)), pageToken);
  }

  /**
   * Reads all objects of a table or of an index, in no order: {@link Table#scan}.
   *
   * @param scan which
   * @return the objects
   */
  public Stream<T> scan(Scan scan) {
    checks.require(scan);
    return table.scan(scan).map(type::fromItem);
  }

  /**
   * Gets one page of a scan: {@link Table#page(Scan, String)}.
   *
   * @param scan the scan
   * @param pageToken what {@link Page#next()} of the page before gave; null for the first page
   * @return the page
   */
  public Page<T> page(Scan scan, @Nullable String pageToken) {
    checks.require(scan);
    return checks.read(table.page(scan, pageToken));
  }

  @Override
  public String toString() {
    return type + " in " + table;
  }
}
