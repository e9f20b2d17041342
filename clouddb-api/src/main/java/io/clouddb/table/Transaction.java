/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes to several items of a table that all happen, or none. No two of them may be of the same
 * item. Immutable; each method gives a new value.
 *
 * <pre>{@code
 * table.transact(
 *     Transaction.of()
 *         .put(order, Condition.notExists())
 *         .update(stock, Update.of().add("count", -1), Condition.attribute("count").atLeast(Value.of(1)))
 *         .check(user, Condition.exists()));
 * }</pre>
 */
public final class Transaction {
  /** One write, or a look. */
  public sealed interface Action {
    /**
     * What has to hold of the item before.
     *
     * @return the condition; empty for none
     */
    Optional<Condition> condition();
  }

  /** Writes a whole item. */
  public record Put(Item item, @Nullable Condition when) implements Action {
    /** Refuses null. */
    public Put {
      Objects.requireNonNull(item, "item");
    }

    @Override
    public Optional<Condition> condition() {
      return Optional.ofNullable(when);
    }
  }

  /** Changes attributes of an item. */
  public record Change(ItemKey key, Update update, @Nullable Condition when) implements Action {
    /** Refuses null. */
    public Change {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(update, "update");
    }

    @Override
    public Optional<Condition> condition() {
      return Optional.ofNullable(when);
    }

    /** Tells nothing of the item. */
    @Override
    public String toString() {
      return "Change of an item: " + update;
    }
  }

  /** Takes an item away. */
  public record Delete(ItemKey key, @Nullable Condition when) implements Action {
    /** Refuses null. */
    public Delete {
      Objects.requireNonNull(key, "key");
    }

    @Override
    public Optional<Condition> condition() {
      return Optional.ofNullable(when);
    }

    /** Tells nothing of the item. */
    @Override
    public String toString() {
      return "Deletion of an item";
    }
  }

  /** Looks at an item, which it leaves as it is. */
  public record Check(ItemKey key, Condition when) implements Action {
    /** Refuses null. */
    public Check {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(when, "when");
    }

    @Override
    public Optional<Condition> condition() {
      return Optional.of(when);
    }

    /** Tells nothing of the item. */
    @Override
    public String toString() {
      return "Check of an item: " + when;
    }
  }

  private final List<Action> actions;

  /** The tables whose objects are in it. */
  private final Set<String> tables;

  private Transaction(List<Action> actions, Set<String> tables) {
    this.actions = List.copyOf(actions);
    this.tables = Set.copyOf(tables);
  }

  /**
   * Of these.
   *
   * @param actions the writes and looks; more can be added
   * @return the transaction
   */
  public static Transaction of(Action... actions) {
    return new Transaction(List.of(actions), Set.of());
  }

  private Transaction and(Action action) {
    List<Action> all = new ArrayList<>(actions);
    all.add(action);
    return new Transaction(all, tables);
  }

  private Transaction and(TypedTable<?> of, Action action) {
    Set<String> all = new HashSet<>(tables);
    all.add(of.checks().table());
    return new Transaction(and(action).actions, all);
  }

  /**
   * And writes a whole item.
   *
   * @param item the item
   * @return a new value
   */
  public Transaction put(Item item) {
    return and(new Put(item, null));
  }

  /**
   * And writes a whole item.
   *
   * @param item the item
   * @param when what has to hold of the one that is there
   * @return a new value
   */
  public Transaction put(Item item, Condition when) {
    return and(new Put(item, Objects.requireNonNull(when, "when")));
  }

  /**
   * And changes attributes of an item.
   *
   * @param key which
   * @param update how
   * @return a new value
   */
  public Transaction update(ItemKey key, Update update) {
    return and(new Change(key, update, null));
  }

  /**
   * And changes attributes of an item.
   *
   * @param key which
   * @param update how
   * @param when what has to hold before
   * @return a new value
   */
  public Transaction update(ItemKey key, Update update, Condition when) {
    return and(new Change(key, update, Objects.requireNonNull(when, "when")));
  }

  /**
   * And takes an item away.
   *
   * @param key which
   * @return a new value
   */
  public Transaction delete(ItemKey key) {
    return and(new Delete(key, null));
  }

  /**
   * And takes an item away.
   *
   * @param key which
   * @param when what has to hold before
   * @return a new value
   */
  public Transaction delete(ItemKey key, Condition when) {
    return and(new Delete(key, Objects.requireNonNull(when, "when")));
  }

  /**
   * And only if this holds of an item that is left as it is.
   *
   * @param key which
   * @param when what has to hold
   * @return a new value
   */
  public Transaction check(ItemKey key, Condition when) {
    return and(new Check(key, when));
  }

  /**
   * And writes an object.
   *
   * @param of whose object it is; that table, or its {@link TypedTable#table() items}, does the
   *     transaction
   * @param object the object
   * @param <T> the application's class
   * @return a new value
   * @throws io.clouddb.error.InvalidArgumentException when a property cannot be kept exactly
   */
  public <T> Transaction put(TypedTable<T> of, T object) {
    return and(of, new Put(of.checks().item(object), null));
  }

  /**
   * And writes an object.
   *
   * @param of whose object it is
   * @param object the object
   * @param when what has to hold of what is there
   * @param <T> the application's class
   * @return a new value
   * @throws io.clouddb.error.InvalidArgumentException when a property cannot be kept exactly
   */
  public <T> Transaction put(TypedTable<T> of, T object, Condition when) {
    return and(of, new Put(of.checks().item(object), Objects.requireNonNull(when, "when")));
  }

  /**
   * And changes attributes of an object, which has to be there: {@link TypedTable#update(ItemKey,
   * Update)}.
   *
   * @param of whose object it is
   * @param key which
   * @param update how
   * @return a new value
   * @throws io.clouddb.error.InvalidArgumentException when the item could not be read then
   */
  public Transaction update(TypedTable<?> of, ItemKey key, Update update) {
    of.checks().require(update);
    return and(of, new Change(key, update, of.checks().there()));
  }

  /**
   * And changes attributes of an object, which has to be there.
   *
   * @param of whose object it is
   * @param key which
   * @param update how
   * @param when what has to hold before
   * @return a new value
   * @throws io.clouddb.error.InvalidArgumentException when the item could not be read then
   */
  public Transaction update(TypedTable<?> of, ItemKey key, Update update, Condition when) {
    of.checks().require(update);
    return and(of, new Change(key, update, of.checks().there().and(when)));
  }

  /**
   * And takes an object away, but no item with other constants.
   *
   * @param of whose object it is
   * @param key which
   * @return a new value
   */
  public Transaction delete(TypedTable<?> of, ItemKey key) {
    return and(of, new Delete(key, of.checks().notAnother()));
  }

  /**
   * And takes an object away, but no item with other constants.
   *
   * @param of whose object it is
   * @param key which
   * @param when what has to hold before
   * @return a new value
   */
  public Transaction delete(TypedTable<?> of, ItemKey key, Condition when) {
    return and(of, new Delete(key, of.checks().notAnother(when)));
  }

  /** The names of the tables whose objects are in it. */
  Set<String> tables() {
    return tables;
  }

  /**
   * The writes and looks.
   *
   * @return in their order
   */
  public List<Action> actions() {
    return actions;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Transaction that
        && actions.equals(that.actions)
        && tables.equals(that.tables);
  }

  @Override
  public int hashCode() {
    return Objects.hash(actions, tables);
  }

  @Override
  public String toString() {
    return "Transaction of " + actions.size() + " actions";
  }
}
