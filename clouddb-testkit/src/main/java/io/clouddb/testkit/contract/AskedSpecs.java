/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Plan;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Few specs that ask for many fields: one for all that go together, and one for each other. */
final class AskedSpecs {
  private final Function<InstanceSpec, Plan> plans;
  private final BiFunction<InstanceSpec, InstanceField, InstanceSpec> asking;

  /**
   * Makes specs.
   *
   * @param plans what the provider would do with one
   * @param asking gives a spec that asks for a field, beside what a base asks for
   */
  AskedSpecs(
      Function<InstanceSpec, Plan> plans,
      BiFunction<InstanceSpec, InstanceField, InstanceSpec> asking) {
    this.plans = plans;
    this.asking = asking;
  }

  /**
   * A spec for each field: one that the provider takes, where it takes one that asks for it.
   *
   * @param fields the fields
   * @param least makes a spec that asks for as little as can be, with a name of its own
   * @return the specs; those of several fields are the same
   */
  Map<InstanceField, InstanceSpec> of(Set<InstanceField> fields, Supplier<InstanceSpec> least) {
    InstanceSpec all = least.get();
    Set<InstanceField> together = EnumSet.noneOf(InstanceField.class);
    Map<InstanceField, InstanceSpec> specs = new EnumMap<>(InstanceField.class);
    for (InstanceField field : fields) {
      Optional<InstanceSpec> more = taken(all, field).filter(goesOnFrom(all));
      if (more.isPresent()) {
        all = more.get();
        together.add(field);
      } else {
        InstanceSpec base = least.get();
        specs.put(field, taken(base, field).orElseGet(() -> asking.apply(base, field)));
      }
    }
    for (InstanceField field : together) {
      specs.put(field, all);
    }
    return specs;
  }

  /** What cannot be as it is asked for is only preferred, where the cloud has something near. */
  private Optional<InstanceSpec> taken(InstanceSpec base, InstanceField field) {
    InstanceSpec spec = asking.apply(base, field);
    return Optional.of(spec.toBuilder().preferring(refused(plans.apply(spec))).build())
        .filter(taken -> plans.apply(taken).feasible());
  }

  /** Whether a spec still asks for everything, and nothing has become only near to it. */
  private Predicate<InstanceSpec> goesOnFrom(InstanceSpec before) {
    return after ->
        after.fields().containsAll(before.fields())
            && fields(plans.apply(after), Plan.Outcome.HONOURED)
                .containsAll(fields(plans.apply(before), Plan.Outcome.HONOURED));
  }

  /** The fields that a plan refuses. */
  static InstanceField[] refused(Plan plan) {
    return fields(plan, Plan.Outcome.REFUSED).toArray(InstanceField[]::new);
  }

  private static Set<InstanceField> fields(Plan plan, Plan.Outcome outcome) {
    Set<InstanceField> fields = EnumSet.noneOf(InstanceField.class);
    plan.entries(outcome).forEach(entry -> fields.add((InstanceField) entry.field()));
    return fields;
  }
}
