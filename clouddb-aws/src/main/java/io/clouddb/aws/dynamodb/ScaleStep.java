/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import io.clouddb.table.Capacity;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.TableChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has Application Auto Scaling scale the reads and the writes of a table and of its indexes, each
 * in each region: a target with its limits, and a policy that tracks what is used.
 */
final class ScaleStep extends TableStep {
  private static final String WRITES = "writes";

  private final Function<StepContext, List<String>> where;

  private ScaleStep(String name, RegionalCalls regions, Function<StepContext, List<String>> where) {
    super(name, regions);
    this.where = where;
  }

  /** In the region where the table is made: replication needs writes that are scaled. */
  static ScaleStep atHome(RegionalCalls regions) {
    return new ScaleStep("scaling", regions, context -> List.of(regions.homeName()));
  }

  /** In the regions in which a change finds and leaves the table. */
  static ScaleStep kept(RegionalCalls regions) {
    ScaleStep[] self = new ScaleStep[1];
    self[0] = new ScaleStep("scaling", regions, context -> self[0].kept(context));
    return self[0];
  }

  /** In the regions that a creation or a change adds. */
  static ScaleStep added(RegionalCalls regions) {
    ScaleStep[] self = new ScaleStep[1];
    self[0] = new ScaleStep("scaling of replicas", regions, context -> self[0].added(context));
    return self[0];
  }

  @Override
  public List<String> items(StepContext context) {
    Wanted wanted = wanted(context);
    List<String> added = added(context);
    List<String> items = new ArrayList<>();
    for (String region : where.apply(context)) {
      for (Scaled scaled : wanted.scaled().keySet()) {
        if (!isChange(context) || added.contains(region) || isAsked(context, wanted, scaled)) {
          items.add(item(region, scaled));
        }
      }
    }
    return items;
  }

  /**
   * Whether a change names what scales something. All else is left as it is: what scales reads is
   * each region's own, and a spec tells that of one region only.
   */
  static boolean isAsked(StepContext context, Wanted wanted, Scaled scaled) {
    TableChange change = change(context);
    String index = scaled.index();
    boolean own = wanted.spec().index(index).flatMap(IndexSpec::throughput).isPresent();
    return (change.throughput().isPresent() && !own)
        || change.indexThroughput().containsKey(index)
        || change.addedIndexes().stream().anyMatch(one -> one.name().equals(index));
  }

  private static String item(String region, Scaled scaled) {
    return region
        + " "
        + (scaled.writes() ? WRITES : "reads")
        + (scaled.index().isEmpty() ? "" : " " + scaled.index());
  }

  private static String region(StepContext context) {
    return context.item().split(" ", -1)[0];
  }

  private static Scaled scaled(StepContext context) {
    String[] parts = context.item().split(" ", -1);
    return new Scaled(context.name(), parts.length > 2 ? parts[2] : "", parts[1].equals(WRITES));
  }

  private ScalingClient.@Nullable Target target(StepContext context) {
    Scaled scaled = scaled(context);
    return regions
        .scaling(region(context))
        .targets(context.name(), scaled.index().isEmpty() ? List.of() : List.of(scaled.index()))
        .get(scaled);
  }

  private Capacity capacity(StepContext context) {
    return Objects.requireNonNull(wanted(context).scaled().get(scaled(context)));
  }

  @Override
  public Look look(StepContext context) {
    ScalingClient.Target target = target(context);
    return target != null && holds(target, capacity(context))
        ? (isChange(context) ? Look.happened() : Look.found(Map.of()))
        : Look.missing();
  }

  private static boolean holds(ScalingClient.Target target, Capacity wanted) {
    return target.least() == wanted.minimum()
        && target.most() == wanted.maximum()
        && !target.suspended()
        && target.policies().size() == 1
        && target.policies().values().stream().allMatch(policy -> holds(policy, wanted));
  }

  private static boolean holds(ScalingClient.Policy policy, Capacity wanted) {
    return policy.percent() == wanted.target().orElseThrow()
        && !policy.onlyOut()
        && wanted
            .scaleInCooldown()
            .map(pause -> pause.toSeconds() == seconds(policy.scaleIn()))
            .orElse(true)
        && wanted
            .scaleOutCooldown()
            .map(pause -> pause.toSeconds() == seconds(policy.scaleOut()))
            .orElse(true);
  }

  private static long seconds(@Nullable Integer pause) {
    return pause == null ? 0 : pause;
  }

  /** A metric has one policy, so that one which is there, whatever its name, is set anew. */
  @Override
  public Begun begin(StepContext context) {
    Scaled scaled = scaled(context);
    Capacity capacity = capacity(context);
    ScalingClient.Target before = target(context);
    String policy =
        before == null
            ? scaled.policy()
            : before.policies().keySet().stream().findFirst().orElseGet(scaled::policy);
    ScalingClient scaling = regions.scaling(region(context));
    scaling.register(scaled, capacity, before != null && before.suspended());
    scaling.track(scaled, policy, capacity);
    return Begun.done(scaled + " are scaled in " + region(context));
  }

  @Override
  public String makes(StepContext context) {
    return isChange(context)
        ? ""
        : "the scaling of the " + scaled(context) + " in " + region(context);
  }

  @Override
  public Undone undo(StepContext context) {
    regions.scaling(region(context)).deregister(scaled(context));
    return Undone.gone();
  }
}
