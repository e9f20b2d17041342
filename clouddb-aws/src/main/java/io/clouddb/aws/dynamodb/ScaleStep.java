/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
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
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has Application Auto Scaling scale the reads and the writes of a table and of its indexes, each
 * in each region: a target with its limits, and a policy that tracks what is used.
 */
final class ScaleStep extends TableStep {
  private static final String WRITES = "writes";

  private final Function<StepContext, List<String>> where;
  private final BiPredicate<StepContext, Scaled> what;

  private ScaleStep(
      String name,
      RegionalCalls regions,
      Function<StepContext, List<String>> where,
      BiPredicate<StepContext, Scaled> what) {
    super(name, regions);
    this.where = where;
    this.what = what;
  }

  /** In the region where the table is made: replication needs writes that are scaled. */
  static ScaleStep atHome(RegionalCalls regions) {
    return new ScaleStep(
        "scaling", regions, context -> List.of(regions.homeName()), (context, scaled) -> true);
  }

  /** In the regions in which a change finds and leaves the table, of what it finds there. */
  static ScaleStep kept(RegionalCalls regions) {
    return new ScaleStep(
        "scaling of what is there",
        regions,
        context -> kept(context, regions),
        (context, scaled) ->
            !isOfAdded(context, scaled) && isAsked(context, wanted(context, regions), scaled));
  }

  /** In these regions, of the indexes that a change adds. */
  static ScaleStep ofAddedIndexes(RegionalCalls regions) {
    return new ScaleStep(
        "scaling of indexes", regions, context -> kept(context, regions), ScaleStep::isOfAdded);
  }

  /** In the regions that a creation or a change adds. */
  static ScaleStep added(RegionalCalls regions) {
    return new ScaleStep(
        "scaling of replicas",
        regions,
        context -> added(context, regions),
        (context, scaled) -> true);
  }

  private static boolean isOfAdded(StepContext context, Scaled scaled) {
    return change(context).addedIndexes().stream()
        .anyMatch(index -> index.name().equals(scaled.index()));
  }

  @Override
  public List<String> items(StepContext context) {
    List<String> items = new ArrayList<>();
    for (String region : where.apply(context)) {
      for (Scaled scaled : wanted(context).scaled().keySet()) {
        if (what.test(context, scaled)) {
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
    return (change.throughput().isPresent() && !own) || change.indexThroughput().containsKey(index);
  }

  private static String item(String region, Scaled scaled) {
    return region
        + " "
        + (scaled.writes() ? WRITES : "reads")
        + (scaled.index().isEmpty() ? "" : " " + scaled.index());
  }

  /** Whether an item is of an index. */
  static boolean isOf(String item, String index) {
    return item.endsWith(" " + index);
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
    try {
      scaling.track(scaled, policy, capacity);
    } catch (CloudDbException refusal) {
      if (before == null
          && !refusal.retryable()
          && refusal.category() != ErrorCategory.OUTCOME_UNKNOWN) {
        unregister(scaling, scaled, refusal);
      }
      throw refusal;
    }
    return Begun.done(scaled + " are scaled in " + region(context));
  }

  /** A target without a policy scales nothing, and would bind the next table of the name. */
  private static void unregister(ScalingClient scaling, Scaled scaled, CloudDbException refusal) {
    try {
      scaling.deregister(scaled);
    } catch (CloudDbException e) {
      refusal.addSuppressed(e);
    }
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
