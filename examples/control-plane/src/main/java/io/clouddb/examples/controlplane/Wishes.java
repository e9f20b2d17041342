/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Asks a cloud for one thing after the other, without a remote call, and goes without what its plan
 * refuses.
 *
 * @param <S> of what
 */
final class Wishes<S extends Specification> {
  private final String call;
  private final Function<S, Plan> plan;
  private final PlanTable table;
  private S spec;

  /**
   * Begins with what there has to be.
   *
   * @param call what it is called in the table
   * @param spec what there has to be
   * @param plan what the cloud would do
   * @param table where it is noted
   * @throws io.clouddb.error.UnsupportedFeatureException when even that is refused
   */
  Wishes(String call, S spec, Function<S, Plan> plan, PlanTable table) {
    this.call = call;
    this.spec = spec;
    this.plan = plan;
    this.table = table;
    table.begin(call);
    plan.apply(spec).orThrow();
  }

  /** Asks for more. */
  Wishes<S> wish(UnaryOperator<S> more) {
    S wished = more.apply(spec);
    List<Plan.Entry> refused = plan.apply(wished).entries(Plan.Outcome.REFUSED);
    if (refused.isEmpty()) {
      spec = wished;
    } else {
      refused.forEach(entry -> table.add(call, entry));
    }
    return this;
  }

  /** What can be had. */
  S granted() {
    table.add(call, plan.apply(spec));
    return spec;
  }
}
