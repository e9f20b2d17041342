/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement, as it was written. */
sealed interface Statement {
  /** What it reads or writes. */
  Source source();

  /** Tells whether it writes; a condition of a transaction belongs to its writes. */
  default boolean writes() {
    return !(this instanceof Select);
  }

  /**
   * A table, or an index of one.
   *
   * @param table its name
   * @param index the index's name, or null for the table itself
   */
  record Source(String table, @Nullable String index) {}

  /**
   * Reads items.
   *
   * @param projection what to read of each; empty for everything
   * @param source from where
   * @param where a condition, or null for all
   * @param order by which attributes; empty for any order
   */
  record Select(List<Term.Path> projection, Source source, @Nullable Term where, List<Order> order)
      implements Statement {
    public Select {
      projection = List.copyOf(projection);
      order = List.copyOf(order);
    }
  }

  /** An attribute to order by. */
  record Order(Term.Path path, boolean descending) {}

  /** Writes an item that is not there yet. */
  record Insert(Source source, Term item) implements Statement {}

  /** Changes an item that is there. */
  record Update(
      Source source, List<Change> changes, @Nullable Term where, @Nullable Returning returning)
      implements Statement {
    public Update {
      changes = List.copyOf(changes);
    }
  }

  /**
   * A change of an item.
   *
   * @param path of what
   * @param value what it becomes, or null when it is removed
   */
  record Change(Term.Path path, @Nullable Term value) {}

  /** Removes an item. */
  record Delete(Source source, @Nullable Term where, @Nullable Returning returning)
      implements Statement {}

  /** Looks whether an item is as a transaction needs it. */
  record Exists(Select select) implements Statement {
    @Override
    public Source source() {
      return select.source();
    }
  }

  /** Which attributes of a written item to give back. */
  enum Returning {
    ALL_OLD,
    ALL_NEW,
    MODIFIED_OLD,
    MODIFIED_NEW;

    /** As it is written. */
    String written() {
      return "RETURNING " + name().replace('_', ' ') + " *";
    }
  }
}
