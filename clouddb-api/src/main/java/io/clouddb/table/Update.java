/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Changes of single attributes of an item, all at once. Where there is no item of the key, one is
 * made, unless all that they do is to take away. Immutable; each method gives a new value.
 *
 * <p>All changes see the item as it was before, so no two of them may be of the same place, or of a
 * place and a part of it.
 *
 * <pre>{@code
 * table.update(key, Update.set("status", Value.of("PAID")).add("payments", 1).remove("draft"));
 * }</pre>
 */
public final class Update {
  /** One change. */
  public sealed interface Action {
    /**
     * Where.
     *
     * @return the place
     */
    AttributePath path();
  }

  /**
   * Puts a value there.
   *
   * @param path where
   * @param value the value
   */
  public record SetValue(AttributePath path, Value value) implements Action {
    /** Refuses null. */
    public SetValue {
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(value, "value");
    }

    /** Names the place, and not the value. */
    @Override
    public String toString() {
      return "SetValue[" + path + "]";
    }
  }

  /**
   * Takes the value away.
   *
   * @param path where
   */
  public record Remove(AttributePath path) implements Action {
    /** Refuses null. */
    public Remove {
      Objects.requireNonNull(path, "path");
    }
  }

  /**
   * Adds to a number; where there is none, to 0.
   *
   * @param path where
   * @param amount how much; may be less than 0
   */
  public record AddNumber(AttributePath path, Value.Num amount) implements Action {
    /** Refuses null. */
    public AddNumber {
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(amount, "amount");
    }

    /** Names the place, and not the value. */
    @Override
    public String toString() {
      return "AddNumber[" + path + "]";
    }
  }

  /**
   * Adds to a set; where there is none, makes it.
   *
   * @param path where
   * @param elements a set of the same type
   */
  public record AddToSet(AttributePath path, Value elements) implements Action {
    /** Refuses what is no set. */
    public AddToSet {
      Objects.requireNonNull(path, "path");
      Values.requireSet(elements);
    }

    /** Names the place, and not the value. */
    @Override
    public String toString() {
      return "AddToSet[" + path + "]";
    }
  }

  /**
   * Takes elements from a set; one that is empty then is taken away.
   *
   * @param path where
   * @param elements a set of the same type
   */
  public record RemoveFromSet(AttributePath path, Value elements) implements Action {
    /** Refuses what is no set. */
    public RemoveFromSet {
      Objects.requireNonNull(path, "path");
      Values.requireSet(elements);
    }

    /** Names the place, and not the value. */
    @Override
    public String toString() {
      return "RemoveFromSet[" + path + "]";
    }
  }

  private final List<Action> actions;

  private Update(List<Action> actions) {
    this.actions = List.copyOf(actions);
  }

  private static Update first(Action action) {
    return new Update(List.of(action));
  }

  private Update and(Action action) {
    for (Action other : actions) {
      if (overlap(other.path(), action.path())) {
        throw Values.invalid(
            "An update changes '" + other.path() + "' and '" + action.path() + "', which overlap");
      }
    }
    List<Action> all = new ArrayList<>(actions);
    all.add(action);
    return new Update(all);
  }

  private static boolean overlap(AttributePath a, AttributePath b) {
    int common = Math.min(a.steps().size(), b.steps().size());
    return a.attribute().equals(b.attribute())
        && a.steps().subList(0, common).equals(b.steps().subList(0, common));
  }

  /**
   * An update of changes.
   *
   * @param actions at least one
   * @return the update
   * @throws io.clouddb.error.InvalidArgumentException when there are none, or two overlap
   */
  public static Update of(List<Action> actions) {
    if (actions.isEmpty()) {
      throw Values.invalid("An update changes nothing");
    }
    Update update = first(actions.get(0));
    for (Action action : actions.subList(1, actions.size())) {
      update = update.and(action);
    }
    return update;
  }

  /**
   * Puts a value into an attribute.
   *
   * @param attribute its name
   * @param value the value
   * @return the update
   */
  public static Update set(String attribute, Value value) {
    return set(AttributePath.of(attribute), value);
  }

  /**
   * Puts a value somewhere.
   *
   * @param path where; what it is a part of has to be there
   * @param value the value
   * @return the update
   */
  public static Update set(AttributePath path, Value value) {
    return first(new SetValue(path, value));
  }

  /**
   * Takes an attribute away.
   *
   * @param attribute its name
   * @return the update
   */
  public static Update remove(String attribute) {
    return remove(AttributePath.of(attribute));
  }

  /**
   * Takes a value away.
   *
   * @param path where
   * @return the update
   */
  public static Update remove(AttributePath path) {
    return first(new Remove(path));
  }

  /**
   * Adds to a number.
   *
   * @param attribute the attribute's name
   * @param amount how much
   * @return the update
   */
  public static Update add(String attribute, long amount) {
    return add(attribute, BigDecimal.valueOf(amount));
  }

  /**
   * Adds to a number.
   *
   * @param attribute the attribute's name
   * @param amount how much
   * @return the update
   */
  public static Update add(String attribute, BigDecimal amount) {
    return first(new AddNumber(AttributePath.of(attribute), new Value.Num(amount)));
  }

  /**
   * Adds to a set.
   *
   * @param attribute the attribute's name
   * @param elements a set
   * @return the update
   */
  public static Update addToSet(String attribute, Value elements) {
    return first(new AddToSet(AttributePath.of(attribute), elements));
  }

  /**
   * Takes from a set.
   *
   * @param attribute the attribute's name
   * @param elements a set
   * @return the update
   */
  public static Update removeFromSet(String attribute, Value elements) {
    return first(new RemoveFromSet(AttributePath.of(attribute), elements));
  }

  /**
   * And what another one changes.
   *
   * @param other the other one
   * @return a new value
   * @throws io.clouddb.error.InvalidArgumentException when both change the same place
   */
  public Update and(Update other) {
    Update all = this;
    for (Action action : other.actions) {
      all = all.and(action);
    }
    return all;
  }

  /**
   * The changes.
   *
   * @return at least one
   */
  public List<Action> actions() {
    return actions;
  }

  /** Whether no item is made by it where there is none. */
  boolean onlyTakesAway() {
    return actions.stream()
        .allMatch(action -> action instanceof Remove || action instanceof RemoveFromSet);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Update that && actions.equals(that.actions);
  }

  @Override
  public int hashCode() {
    return actions.hashCode();
  }

  /** Names the places, and none of the values. */
  @Override
  public String toString() {
    return "Update" + actions.stream().map(Action::path).toList();
  }
}
