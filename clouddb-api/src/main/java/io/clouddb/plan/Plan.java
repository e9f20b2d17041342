/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.plan;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a provider would do with a specification: for every field that it asks for, whether it is
 * honoured, adjusted or refused. Made without a remote call.
 */
public final class Plan {
  /** What becomes of a field. */
  public enum Outcome {
    /** It will be as asked. */
    HONOURED,
    /** It was only preferred, and will be the nearest thing that the cloud has. */
    ADJUSTED,
    /** The cloud cannot do it. */
    REFUSED
  }

  /**
   * One field's fate.
   *
   * @param field the field
   * @param outcome what becomes of it
   * @param vendorField the vendor's field that carries it; empty when it is refused
   * @param text the value that it gets, or why it is refused
   * @param alternative what can be done instead of a refused field; empty when there is nothing
   */
  public record Entry(
      Field field, Outcome outcome, String vendorField, String text, String alternative) {
    @Override
    public String toString() {
      return switch (outcome) {
        case HONOURED -> field.id() + ": " + vendorField + " = " + text;
        case ADJUSTED -> field.id() + " adjusted: " + vendorField + " = " + text;
        case REFUSED ->
            field.id() + ": " + text + (alternative.isEmpty() ? "" : "; instead: " + alternative);
      };
    }
  }

  /**
   * Something that nobody can ask for here: the cloud takes it from the source, whatever is asked.
   *
   * @param field what it is
   * @param text what becomes of it, in a sentence
   */
  public record Inherited(Field field, String text) {
    @Override
    public String toString() {
      return field.id() + " as the source: " + text;
    }
  }

  private final String provider;
  private final String subject;
  private final List<Entry> entries;
  private final List<Inherited> inherited;

  private Plan(String provider, String subject, List<Entry> entries, List<Inherited> inherited) {
    this.provider = provider;
    this.subject = subject;
    this.entries = List.copyOf(entries);
    this.inherited = List.copyOf(inherited);
  }

  /**
   * The plan of what is asked for in several parts.
   *
   * @param asked all of it
   * @param first what becomes of a part
   * @param second what becomes of the other part
   * @return the plan of both
   */
  public static Plan of(Specification asked, Plan first, Plan second) {
    List<Entry> entries = new ArrayList<>(first.entries);
    entries.addAll(second.entries);
    List<Inherited> inherited = new ArrayList<>(first.inherited);
    inherited.addAll(second.inherited);
    return new Plan(first.provider, asked.toString(), entries, inherited);
  }

  /**
   * The same plan, with what is taken from the source. Called by providers.
   *
   * @param taken what is taken whatever is asked
   * @return a new value
   */
  public Plan inheriting(List<Inherited> taken) {
    return new Plan(provider, subject, entries, taken);
  }

  /**
   * What the cloud takes from the source, whatever is asked: of a restore, its engine and logins,
   * for example.
   *
   * @return one for each part that the provider tells of; empty where nothing has a source
   */
  public List<Inherited> inherited() {
    return inherited;
  }

  /**
   * Starts a plan. Called by providers.
   *
   * @param provider the provider's id
   * @param asked what is asked for
   * @return a builder
   */
  public static Builder builder(String provider, Specification asked) {
    return new Builder(provider, asked);
  }

  /**
   * The fate of every field that is asked for.
   *
   * @return one entry for each
   */
  public List<Entry> entries() {
    return entries;
  }

  /**
   * The entries of one outcome.
   *
   * @param outcome the outcome
   * @return the entries
   */
  public List<Entry> entries(Outcome outcome) {
    return entries.stream().filter(entry -> entry.outcome() == outcome).toList();
  }

  /**
   * Tells whether nothing is refused.
   *
   * @return true when it can be done
   */
  public boolean feasible() {
    return entries(Outcome.REFUSED).isEmpty();
  }

  /**
   * Throws when something is refused.
   *
   * @return this plan
   * @throws io.clouddb.error.UnsupportedFeatureException naming each refused field, why, and what
   *     the provider can do instead
   */
  public Plan orThrow() {
    List<Entry> refused = entries(Outcome.REFUSED);
    if (!refused.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE,
              provider
                  + " cannot honour "
                  + subject
                  + ": "
                  + refused.stream().map(Entry::toString).collect(Collectors.joining("; ")))
          .nextStep("Change these fields, or name those that may be adjusted by preferring(...).")
          .toException();
    }
    return this;
  }

  /** One line for each field. */
  @Override
  public String toString() {
    return provider
        + " plan for "
        + subject
        + entries.stream().map(entry -> "\n  " + entry).collect(Collectors.joining())
        + inherited.stream().map(taken -> "\n  " + taken).collect(Collectors.joining());
  }

  /** Builds a {@link Plan}; refuses to forget a field. */
  public static final class Builder {
    private final String provider;
    private final Specification asked;
    private final List<Entry> entries = new ArrayList<>();

    private Builder(String provider, Specification asked) {
      this.provider = provider;
      this.asked = asked;
    }

    /**
     * Says that a field will be as asked. Nothing is recorded for a field that is not asked for.
     *
     * @param field the field
     * @param vendorField the vendor's field that carries it
     * @param value the value that it gets
     * @return this builder
     */
    public Builder honour(Field field, String vendorField, Object value) {
      return add(new Entry(field, Outcome.HONOURED, vendorField, String.valueOf(value), ""));
    }

    /**
     * Says what a preferred field would become. A required one is recorded as refused.
     *
     * @param field the field
     * @param vendorField the vendor's field that carries it
     * @param value the value that it gets
     * @param why why it cannot be as asked
     * @return this builder
     */
    public Builder adjust(Field field, String vendorField, Object value, String why) {
      if (asked.preferring().contains(field)) {
        return add(new Entry(field, Outcome.ADJUSTED, vendorField, value + " (" + why + ")", ""));
      }
      return add(
          new Entry(
              field,
              Outcome.REFUSED,
              "",
              why,
              "preferring(" + field + ") accepts " + vendorField + " = " + value));
    }

    /**
     * Says that the cloud cannot do it, even when it is only preferred.
     *
     * @param field the field
     * @param why why it cannot
     * @param alternative what can be done instead; empty when there is nothing
     * @return this builder
     */
    public Builder refuse(Field field, String why, String alternative) {
      return add(new Entry(field, Outcome.REFUSED, "", why, alternative));
    }

    private Builder add(Entry entry) {
      if (asked.values().containsKey(entry.field())) {
        entries.add(entry);
      }
      return this;
    }

    /**
     * Finishes the plan.
     *
     * @return the plan
     * @throws IllegalStateException when nothing was said about a field: the provider would drop it
     *     in silence
     */
    public Plan build() {
      Set<Field> forgotten = new LinkedHashSet<>(asked.values().keySet());
      entries.forEach(entry -> forgotten.remove(entry.field()));
      if (!forgotten.isEmpty()) {
        throw new IllegalStateException(
            provider
                + " says nothing about "
                + forgotten.stream().map(Field::id).toList()
                + " of "
                + asked);
      }
      return new Plan(provider, asked.toString(), entries, List.of());
    }
  }
}
