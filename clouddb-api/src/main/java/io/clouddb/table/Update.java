/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Changes of single attributes of an item, all at once. Where there is no item of the key, one is
 * made, unless all that they do is to take away. Immutable; each method gives a new value, with all
 * changes of this one.
 *
 * <p>All changes see the item as it was before, so no two of them may be of the same place, or of a
 * place and a part of it: a method that is asked for such a one throws an {@link
 * io.clouddb.error.InvalidArgumentException}.
 *
 * <pre>{@code
 * table.update(key, Update.of().set("status", Value.of("PAID")).add("payments", 1).remove("draft"));
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

  private static final Update NOTHING = new Update(List.of());

  private final List<Action> actions;

  private Update(List<Action> actions) {
    this.actions = List.copyOf(actions);
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
   * Begins an update, which changes nothing yet: one without changes is refused where it is used.
   *
   * @return the update
   */
  public static Update of() {
    return NOTHING;
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
    Update update = NOTHING;
    for (Action action : actions) {
      update = update.and(action);
    }
    return update;
  }

  /**
   * And puts a value into an attribute.
   *
   * @param attribute its name
   * @param value the value
   * @return a new value
   */
  public Update set(String attribute, Value value) {
    return set(AttributePath.of(attribute), value);
  }

  /**
   * And puts a value somewhere.
   *
   * @param path where; what it is a part of has to be there
   * @param value the value
   * @return a new value
   */
  public Update set(AttributePath path, Value value) {
    return and(new SetValue(path, value));
  }

  /**
   * And takes an attribute away.
   *
   * @param attribute its name
   * @return a new value
   */
  public Update remove(String attribute) {
    return remove(AttributePath.of(attribute));
  }

  /**
   * And takes a value away.
   *
   * @param path where
   * @return a new value
   */
  public Update remove(AttributePath path) {
    return and(new Remove(path));
  }

  /**
   * And adds to a number.
   *
   * @param attribute the attribute's name
   * @param amount how much
   * @return a new value
   */
  public Update add(String attribute, long amount) {
    return add(attribute, BigDecimal.valueOf(amount));
  }

  /**
   * And adds to a number.
   *
   * @param attribute the attribute's name
   * @param amount how much
   * @return a new value
   */
  public Update add(String attribute, BigDecimal amount) {
    return and(new AddNumber(AttributePath.of(attribute), new Value.Num(amount)));
  }

  /**
   * And adds to a set.
   *
   * @param attribute the attribute's name
   * @param elements a set
   * @return a new value
   */
  public Update addToSet(String attribute, Value elements) {
    return and(new AddToSet(AttributePath.of(attribute), elements));
  }

  /**
   * And takes from a set.
   *
   * @param attribute the attribute's name
   * @param elements a set
   * @return a new value
   */
  public Update removeFromSet(String attribute, Value elements) {
    return and(new RemoveFromSet(AttributePath.of(attribute), elements));
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
   * @return in the order in which they were given
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
