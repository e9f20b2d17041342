/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.internal;

import io.clouddb.plan.Field;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Few specs that ask for many fields: one for all that go together, and one for each other.
 *
 * @param <S> the specs
 * @param <F> their fields
 */
public final class AskedSpecs<S extends Specification, F extends Enum<F> & Field> {
  private final Class<F> type;
  private final Function<S, Plan> plans;
  private final BiFunction<S, F, S> asking;
  private final BiFunction<S, Set<F>, S> preferring;

  /**
   * Makes specs.
   *
   * @param type the fields' type
   * @param plans what the provider would do with one
   * @param asking gives a spec that asks for a field, beside what a base asks for
   * @param preferring gives a spec of which these fields may be adjusted, too
   */
  public AskedSpecs(
      Class<F> type,
      Function<S, Plan> plans,
      BiFunction<S, F, S> asking,
      BiFunction<S, Set<F>, S> preferring) {
    this.type = type;
    this.plans = plans;
    this.asking = asking;
    this.preferring = preferring;
  }

  /**
   * A spec for each field: one that the provider takes, where it takes one that asks for it.
   *
   * @param fields the fields
   * @param least makes a spec that asks for as little as can be, with a name of its own
   * @return the specs; those of several fields are the same
   */
  public Map<F, S> of(Set<F> fields, Supplier<S> least) {
    S all = least.get();
    Set<F> together = EnumSet.noneOf(type);
    Map<F, S> specs = new EnumMap<>(type);
    for (F field : fields) {
      Optional<S> more = taken(all, field).filter(goesOnFrom(all));
      if (more.isPresent()) {
        all = more.get();
        together.add(field);
      } else {
        S base = least.get();
        specs.put(field, taken(base, field).orElseGet(() -> asking.apply(base, field)));
      }
    }
    for (F field : together) {
      specs.put(field, all);
    }
    return specs;
  }

  /** What cannot be as it is asked for is only preferred, where the cloud has something near. */
  private Optional<S> taken(S base, F field) {
    S spec = asking.apply(base, field);
    return Optional.of(preferring.apply(spec, refused(type, plans.apply(spec))))
        .filter(taken -> plans.apply(taken).feasible());
  }

  /** Whether a spec still asks for everything, and nothing has become only near to it. */
  private Predicate<S> goesOnFrom(S before) {
    return after ->
        after.values().keySet().containsAll(before.values().keySet())
            && fields(type, plans.apply(after), Plan.Outcome.HONOURED)
                .containsAll(fields(type, plans.apply(before), Plan.Outcome.HONOURED));
  }

  /** The fields that a plan refuses. */
  public static <F extends Enum<F>> Set<F> refused(Class<F> type, Plan plan) {
    return fields(type, plan, Plan.Outcome.REFUSED);
  }

  private static <F extends Enum<F>> Set<F> fields(Class<F> type, Plan plan, Plan.Outcome outcome) {
    Set<F> fields = EnumSet.noneOf(type);
    plan.entries(outcome).forEach(entry -> fields.add(type.cast(entry.field())));
    return fields;
  }
}
