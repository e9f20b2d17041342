/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes to several items of a table that all happen, or none. No two of them may be of the same
 * item. Immutable; each method gives a new value.
 *
 * <pre>{@code
 * table.transact(
 *     Transaction.of()
 *         .put(order, Condition.notExists())
 *         .update(stock, Update.add("count", -1), Condition.attribute("count").atLeast(Value.of(1)))
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

  private Transaction(List<Action> actions) {
    this.actions = List.copyOf(actions);
  }

  /**
   * Of these.
   *
   * @param actions the writes and looks; more can be added
   * @return the transaction
   */
  public static Transaction of(Action... actions) {
    return new Transaction(List.of(actions));
  }

  private Transaction and(Action action) {
    List<Action> all = new ArrayList<>(actions);
    all.add(action);
    return new Transaction(all);
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
   * The writes and looks.
   *
   * @return in their order
   */
  public List<Action> actions() {
    return actions;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Transaction that && actions.equals(that.actions);
  }

  @Override
  public int hashCode() {
    return actions.hashCode();
  }

  @Override
  public String toString() {
    return "Transaction of " + actions.size() + " actions";
  }
}
