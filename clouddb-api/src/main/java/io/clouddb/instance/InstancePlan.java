/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a provider would do with a spec: for every field that the spec asks for, whether it is
 * honoured, adjusted or refused. Made without a remote call.
 */
public final class InstancePlan {
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
      InstanceField field, Outcome outcome, String vendorField, String text, String alternative) {
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

  private final String provider;
  private final String subject;
  private final List<Entry> entries;

  private InstancePlan(Builder builder) {
    this.provider = builder.provider;
    this.subject = builder.subject;
    this.entries = List.copyOf(builder.entries);
  }

  /**
   * Starts a plan. Called by providers.
   *
   * @param provider the provider's id
   * @param subject what is planned, for example the spec's text
   * @param asked the fields that are asked for
   * @param preferring the fields that may be adjusted
   * @return a builder
   */
  public static Builder builder(
      String provider, String subject, Set<InstanceField> asked, Set<InstanceField> preferring) {
    return new Builder(provider, subject, asked, preferring);
  }

  /**
   * Starts a plan for a spec. Called by providers.
   *
   * @param provider the provider's id
   * @param spec the spec
   * @return a builder
   */
  public static Builder builder(String provider, InstanceSpec spec) {
    return builder(provider, spec.toString(), spec.fields(), spec.preferring());
  }

  /**
   * Starts a plan for a change. Called by providers.
   *
   * @param provider the provider's id
   * @param change the change
   * @return a builder
   */
  public static Builder builder(String provider, InstanceChange change) {
    return builder(provider, change.toString(), change.fields(), change.preferring());
  }

  /**
   * The fate of every field that is asked for.
   *
   * @return the entries
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
   * @return true when the spec can be carried out
   */
  public boolean feasible() {
    return entries(Outcome.REFUSED).isEmpty();
  }

  /**
   * Throws when something is refused.
   *
   * @return this plan
   * @throws io.clouddb.error.UnsupportedFeatureException naming every refused field, why, and what
   *     the provider can do instead
   */
  public InstancePlan orThrow() {
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
        + entries.stream().map(entry -> "\n  " + entry).collect(Collectors.joining());
  }

  /** Builds an {@link InstancePlan}; refuses to forget a field. */
  public static final class Builder {
    private final String provider;
    private final String subject;
    private final Set<InstanceField> asked;
    private final Set<InstanceField> preferring;
    private final List<Entry> entries = new ArrayList<>();

    private Builder(
        String provider, String subject, Set<InstanceField> asked, Set<InstanceField> preferring) {
      this.provider = provider;
      this.subject = subject;
      this.asked = asked;
      this.preferring = preferring;
    }

    /**
     * Says that a field will be as asked. Nothing is recorded for a field that is not asked for.
     *
     * @param field the field
     * @param vendorField the vendor's field that carries it
     * @param value the value there; never a secret
     * @return this builder
     */
    public Builder honour(InstanceField field, String vendorField, Object value) {
      return add(new Entry(field, Outcome.HONOURED, vendorField, String.valueOf(value), ""));
    }

    /**
     * Says what a preferred field would become. A required one is recorded as refused.
     *
     * @param field the field
     * @param vendorField the vendor's field that carries it
     * @param value the value that it would get
     * @param why why it cannot be as asked
     * @return this builder
     */
    public Builder adjust(InstanceField field, String vendorField, Object value, String why) {
      if (preferring.contains(field)) {
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
     * @param why why not
     * @param alternative what can be done instead; empty when there is nothing
     * @return this builder
     */
    public Builder refuse(InstanceField field, String why, String alternative) {
      return add(new Entry(field, Outcome.REFUSED, "", why, alternative));
    }

    private Builder add(Entry entry) {
      if (asked.contains(entry.field())) {
        entries.add(entry);
      }
      return this;
    }

    /**
     * Finishes the plan.
     *
     * @return the plan
     * @throws IllegalStateException when a field that is asked for has no entry: the provider would
     *     drop it in silence
     */
    public InstancePlan build() {
      Set<InstanceField> forgotten = EnumSet.copyOf(asked);
      entries.forEach(entry -> forgotten.remove(entry.field()));
      if (!forgotten.isEmpty()) {
        throw new IllegalStateException(
            provider + " says nothing about " + new TreeSet<>(forgotten) + " of " + subject);
      }
      return new InstancePlan(this);
    }
  }
}
