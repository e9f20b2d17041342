/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.mapping;

import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One portable field on one cloud.
 *
 * @param <V> the class of the field's portable value
 * @param <R> the vendor's class of the resource, from which the field is read back
 */
public final class FieldRow<V, R> {
  /**
   * Puts a value into a request.
   *
   * @param <B> the request or its builder
   * @param <V> the class of the portable value
   */
  @FunctionalInterface
  public interface Writer<B, V> {
    /**
     * Puts the value into the request.
     *
     * @param request the request or its builder
     * @param value the portable value
     * @param asked all that is asked for
     */
    void write(B request, V value, Asked asked);
  }

  /**
   * Tells whether a resource has what is wanted.
   *
   * @param <V> the class of the portable value
   */
  @FunctionalInterface
  public interface Comparison<V> {
    /**
     * Compares.
     *
     * @param wanted the portable value
     * @param actual what was read from the resource
     * @param asked all that is asked for
     * @return true when the resource has what is wanted
     */
    boolean same(V wanted, Object actual, Asked asked);
  }

  private final Field field;
  private final Class<V> type;
  private final Function<Asked, String> vendorField;
  private final List<Condition<V>> conditions;
  private final List<Condition<V>> exact;
  private final Map<String, ToLongFunction<FeatureContext>> limits;
  private final Map<Class<?>, Writer<?, V>> writers;
  private final BiFunction<V, Asked, Object> shown;
  private final BiFunction<V, Asked, Optional<String>> note;
  private final @Nullable BiFunction<R, Asked, Optional<?>> reader;
  private final Comparison<V> comparison;
  private final @Nullable String lacking;
  private final String alternative;
  private final @Nullable String anyway;
  private final @Nullable V without;

  private FieldRow(Builder<V, R> builder) {
    this.field = builder.field;
    this.type = builder.type;
    this.vendorField = builder.vendorField;
    this.conditions = List.copyOf(builder.conditions);
    this.exact = List.copyOf(builder.exact);
    this.limits = Map.copyOf(builder.limits);
    this.writers = Map.copyOf(builder.writers);
    this.shown = builder.shown;
    this.note = builder.note;
    this.reader = builder.reader;
    this.comparison = builder.comparison;
    this.lacking = builder.lacking;
    this.alternative = builder.alternative;
    this.anyway = builder.anyway;
    this.without = builder.without;
  }

  /**
   * Starts a row.
   *
   * @param field the field
   * @param type the class of its portable value
   * @param vendorField the vendor's field that carries it, as the vendor spells it
   * @param <V> the class of its portable value
   * @param <R> the vendor's class of the resource
   * @return a builder
   */
  public static <V, R> Builder<V, R> of(Field field, Class<V> type, String vendorField) {
    return new Builder<>(field, type, vendorField);
  }

  /**
   * The field.
   *
   * @return the field
   */
  public Field field() {
    return field;
  }

  /**
   * The vendor's field that carries it.
   *
   * @param asked what is asked for
   * @return its name, as the vendor spells it; empty when the cloud has none
   */
  public String vendorField(Asked asked) {
    return vendorField.apply(asked);
  }

  void plan(Plan.Builder plan, Asked asked) {
    V value = value(asked);
    if (lacking != null && !value.equals(without)) {
      if (anyway == null) {
        plan.refuse(field, lacking, alternative);
      } else {
        plan.adjust(field, vendorField.apply(asked), anyway, lacking);
      }
      return;
    }
    for (Condition<V> condition : conditions) {
      Optional<String> why = condition.why().apply(value, asked);
      if (why.isPresent()) {
        plan.refuse(field, why.get(), condition.alternative().apply(value, asked));
        return;
      }
    }
    for (Condition<V> condition : exact) {
      Optional<String> why = condition.why().apply(value, asked);
      if (why.isPresent()) {
        plan.adjust(field, vendorField.apply(asked), planned(value, asked), why.get());
        return;
      }
    }
    plan.honour(field, vendorField.apply(asked), planned(value, asked));
  }

  private String planned(V value, Asked asked) {
    String text = String.valueOf(shown.apply(value, asked));
    return note.apply(value, asked).map(more -> text + " (" + more + ")").orElse(text);
  }

  @SuppressWarnings("unchecked") // A writer is kept under the class of its requests.
  <B> void write(Class<B> requests, B request, Asked asked) {
    Writer<B, V> writer = (Writer<B, V>) writers.get(requests);
    if (writer != null && lacking == null) {
      writer.write(request, value(asked), asked);
    }
  }

  Support support(FeatureContext context) {
    if (lacking != null) {
      return anyway == null
          ? Support.no(lacking)
          : Support.conditional("Only preferred: " + lacking);
    }
    String text =
        Stream.concat(conditions.stream(), exact.stream())
            .filter(condition -> condition.applies().apply(context))
            .map(Condition::text)
            .distinct()
            .collect(Collectors.joining("; "));
    Support support = text.isEmpty() ? Support.yes() : Support.conditional(text);
    for (Map.Entry<String, ToLongFunction<FeatureContext>> limit : limits.entrySet()) {
      support = support.limit(limit.getKey(), limit.getValue().applyAsLong(context));
    }
    return support;
  }

  Optional<Drift.Difference> drift(R resource, Asked asked) {
    V wanted = value(asked);
    if (lacking != null) {
      // It was taken as it is: there is nothing that could differ from it.
      return Optional.empty();
    }
    String text = String.valueOf(shown.apply(wanted, asked));
    Optional<?> actual = reader == null ? Optional.empty() : reader.apply(resource, asked);
    if (actual.isEmpty()) {
      return Optional.of(
          new Drift.Difference(field, Drift.State.UNKNOWN, vendorField.apply(asked), text, ""));
    }
    return comparison.same(wanted, actual.get(), asked)
        ? Optional.empty()
        : Optional.of(
            new Drift.Difference(
                field,
                Drift.State.DIFFERENT,
                vendorField.apply(asked),
                text,
                String.valueOf(actual.get())));
  }

  private V value(Asked asked) {
    return asked.value(field, type).orElseThrow();
  }

  /**
   * Builds a {@link FieldRow}.
   *
   * @param <V> the class of the field's portable value
   * @param <R> the vendor's class of the resource
   */
  public static final class Builder<V, R> {
    private final Field field;
    private final Class<V> type;
    private Function<Asked, String> vendorField;
    private final List<Condition<V>> conditions = new ArrayList<>();
    private final List<Condition<V>> exact = new ArrayList<>();
    private final Map<String, ToLongFunction<FeatureContext>> limits = new LinkedHashMap<>();
    private final Map<Class<?>, Writer<?, V>> writers = new LinkedHashMap<>();
    private BiFunction<V, Asked, Object> shown = (value, asked) -> value;
    private BiFunction<V, Asked, Optional<String>> note = (value, asked) -> Optional.empty();
    private @Nullable BiFunction<R, Asked, Optional<?>> reader;
    private Comparison<V> comparison;
    private @Nullable String lacking;
    private String alternative = "";
    private @Nullable String anyway;
    private @Nullable V without;

    private Builder(Field field, Class<V> type, String vendorField) {
      this.field = Objects.requireNonNull(field, "field");
      this.type = Objects.requireNonNull(type, "type");
      this.vendorField = asked -> vendorField;
      this.comparison =
          (wanted, actual, asked) ->
              wanted.equals(actual)
                  || String.valueOf(shown.apply(wanted, asked)).equals(String.valueOf(actual));
    }

    /**
     * Sets the vendor's field where it depends on what else is asked for.
     *
     * @param name gives its name
     * @return this builder
     */
    public Builder<V, R> vendorField(Function<Asked, String> name) {
      this.vendorField = name;
      return this;
    }

    /**
     * Adds a condition under which the field can be honoured.
     *
     * @param condition the condition
     * @return this builder
     */
    public Builder<V, R> only(Condition<V> condition) {
      conditions.add(condition);
      return this;
    }

    /**
     * Adds a condition of every engine, edition and region.
     *
     * @param text the condition, in words for a person
     * @param why says why a value does not fulfil it; empty when it does
     * @param instead what can be asked for instead; empty when there is nothing
     * @return this builder
     */
    public Builder<V, R> only(
        String text, BiFunction<V, Asked, Optional<String>> why, String instead) {
      return only(Condition.of(text, why, instead));
    }

    /**
     * Adds a condition of every engine, edition and region, whose alternative depends on what is
     * asked for.
     *
     * @param text the condition, in words for a person
     * @param why says why a value does not fulfil it; empty when it does
     * @param instead says what can be asked for instead; an empty text when there is nothing
     * @return this builder
     */
    public Builder<V, R> only(
        String text,
        BiFunction<V, Asked, Optional<String>> why,
        BiFunction<V, Asked, String> instead) {
      return only(new Condition<>(text, context -> true, why, instead));
    }

    /**
     * Adds a condition under which the field is honoured to the letter. Where it is not fulfilled,
     * the field becomes the nearest that the cloud has, for callers who only prefer it: {@link
     * #shown} and the writers have to give that.
     *
     * @param text the condition, in words for a person
     * @param why says why a value does not fulfil it; empty when it does
     * @return this builder
     */
    public Builder<V, R> nearest(String text, BiFunction<V, Asked, Optional<String>> why) {
      exact.add(Condition.of(text, why, ""));
      return this;
    }

    /**
     * Names the value that is fulfilled by what the cloud does not have: it is honoured also where
     * the row is {@link #lacking} or {@link #adjusted}.
     *
     * @param value for example false
     * @return this builder
     */
    public Builder<V, R> without(V value) {
      this.without = value;
      return this;
    }

    /**
     * Adds a number that the capabilities tell.
     *
     * @param name for example {@code storage.gib.max}
     * @param value the number
     * @return this builder
     */
    public Builder<V, R> limit(String name, long value) {
      return limit(name, context -> value);
    }

    /**
     * Adds a number that the capabilities tell.
     *
     * @param name for example {@code storage.gib.max}
     * @param value the number for an engine, edition and region
     * @return this builder
     */
    public Builder<V, R> limit(String name, ToLongFunction<FeatureContext> value) {
      limits.put(name, value);
      return this;
    }

    /**
     * Sets how the value looks in the vendor's field.
     *
     * @param text gives what the vendor's field gets
     * @return this builder
     */
    public Builder<V, R> shown(BiFunction<V, Asked, Object> text) {
      this.shown = text;
      return this;
    }

    /**
     * Says what a plan adds to the value that a field gets, for example what it could not decide.
     *
     * @param text gives what is added; empty for nothing
     * @return this builder
     */
    public Builder<V, R> noted(BiFunction<V, Asked, Optional<String>> text) {
      this.note = text;
      return this;
    }

    /**
     * Sets how it gets into a kind of request. A field that no request carries is honoured by what
     * the service does anyway, or by a step of its own.
     *
     * @param requests the class of the request or its builder
     * @param writer puts it in
     * @param <B> the request or its builder
     * @return this builder
     */
    public <B> Builder<V, R> to(Class<B> requests, Writer<B, V> writer) {
      writers.put(requests, writer);
      return this;
    }

    /**
     * Sets how it is read back.
     *
     * @param from reads the portable value, or what {@link #shown} gives; empty when the resource
     *     does not tell
     * @return this builder
     */
    public Builder<V, R> from(BiFunction<R, Asked, Optional<?>> from) {
      this.reader = from;
      return this;
    }

    /**
     * Sets when two values are the same; when they are equal as values or as {@link #shown}, unless
     * said otherwise.
     *
     * @param same compares
     * @return this builder
     */
    public Builder<V, R> same(Comparison<V> same) {
      this.comparison = same;
      return this;
    }

    /**
     * Says that the cloud does not have it.
     *
     * @param why why not
     * @param instead what can be done instead; empty when there is nothing
     * @return the row
     */
    public FieldRow<V, R> lacking(String why, String instead) {
      this.lacking = why;
      this.alternative = instead;
      return new FieldRow<>(this);
    }

    /**
     * Says that the cloud does not have it, and what it becomes where the caller only prefers it.
     *
     * @param why why not
     * @param becomes the value that the vendor's field has anyway
     * @return the row
     */
    public FieldRow<V, R> adjusted(String why, String becomes) {
      this.lacking = why;
      this.anyway = becomes;
      return new FieldRow<>(this);
    }

    /**
     * Finishes the row.
     *
     * @return the row
     */
    public FieldRow<V, R> build() {
      return new FieldRow<>(this);
    }
  }
}
