/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.plan;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How something that is there differs from its spec, field by field. What the spec leaves unset is
 * not compared, nor are tags and parameters that it does not name. Immutable.
 */
public final class Drift {
  /** What is known of a field. */
  public enum State {
    /** It is another than the spec says. */
    DIFFERENT,
    /** The cloud does not tell what it is. */
    UNKNOWN
  }

  /**
   * One field that differs, or that nobody can compare.
   *
   * @param field the field
   * @param state whether it differs, or is not known
   * @param vendorField the vendor's field that carries it
   * @param wanted what the spec asks for, as the vendor's field would have it
   * @param actual what is there, empty when it is not known
   */
  public record Difference(
      Field field, State state, String vendorField, String wanted, String actual) {
    @Override
    public String toString() {
      return state == State.UNKNOWN
          ? field.id() + ": " + vendorField + " is not shown by the cloud, wanted is " + wanted
          : field.id() + ": " + vendorField + " is " + actual + ", wanted is " + wanted;
    }
  }

  private final String subject;
  private final List<Difference> all;

  /**
   * Says what differs. Called by providers.
   *
   * @param subject what was compared
   * @param all what differs or is not known
   */
  public Drift(String subject, List<Difference> all) {
    this.subject = subject;
    this.all = List.copyOf(all);
  }

  /**
   * What differs.
   *
   * @return one entry for each field that is another than the spec says
   */
  public List<Difference> differences() {
    return all.stream().filter(each -> each.state() == State.DIFFERENT).toList();
  }

  /**
   * What the cloud does not tell.
   *
   * @return one entry for each field that the spec asks for and nobody can compare
   */
  public List<Difference> unknown() {
    return all.stream().filter(each -> each.state() == State.UNKNOWN).toList();
  }

  /**
   * Tells whether nothing differs, as far as the cloud tells.
   *
   * @return true when nothing does
   */
  public boolean isEmpty() {
    return differences().isEmpty();
  }

  private Object[] parts() {
    return new Object[] {subject, all};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Drift that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  /** One line for each field. */
  @Override
  public String toString() {
    return subject
        + (all.isEmpty()
            ? " is as its spec says"
            : all.stream().map(each -> "\n  " + each).collect(Collectors.joining()));
  }
}
