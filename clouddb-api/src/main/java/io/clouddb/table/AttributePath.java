/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a value is in an item: an attribute, or a part of one. Immutable.
 *
 * @param attribute the attribute's name, in which a dot is a character as any other
 * @param steps what leads from its value to the part; empty for the attribute itself
 */
public record AttributePath(String attribute, List<Step> steps) {
  /** One step into a value. */
  public sealed interface Step {}

  /**
   * To a member of a {@link Value.Document}.
   *
   * @param name its name
   */
  public record Member(String name) implements Step {
    /** Refuses null, and half a character. */
    public Member {
      Values.plain(name);
    }
  }

  /**
   * To an element of a {@link Value.Array}.
   *
   * @param index its place, from 0
   */
  public record Element(int index) implements Step {
    /** Refuses less than 0. */
    public Element {
      if (index < 0) {
        throw Values.invalid("An element of a list is counted from 0, not " + index);
      }
    }
  }

  /** Keeps a copy, and refuses an attribute without a name, or with half a character in it. */
  public AttributePath {
    steps = List.copyOf(steps);
    Values.plain(attribute);
    if (attribute.isEmpty()) {
      throw Values.invalid("A path needs the name of an attribute");
    }
  }

  /**
   * An attribute.
   *
   * @param attribute its name
   * @return the path
   */
  public static AttributePath of(String attribute) {
    return new AttributePath(attribute, List.of());
  }

  /**
   * A member of what is here.
   *
   * @param name its name
   * @return a new path
   */
  public AttributePath member(String name) {
    return with(new Member(name));
  }

  /**
   * An element of what is here.
   *
   * @param index its place, from 0
   * @return a new path
   */
  public AttributePath element(int index) {
    return with(new Element(index));
  }

  private AttributePath with(Step step) {
    List<Step> all = new ArrayList<>(steps);
    all.add(step);
    return new AttributePath(attribute, all);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(attribute);
    for (Step step : steps) {
      if (step instanceof Member member) {
        text.append('.').append(member.name());
      } else if (step instanceof Element element) {
        text.append('[').append(element.index()).append(']');
      }
    }
    return text.toString();
  }
}
