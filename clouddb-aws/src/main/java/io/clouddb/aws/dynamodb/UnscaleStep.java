/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/**
 * Takes away what scales a table and is no longer wanted. DynamoDB leaves all of it behind when a
 * table, a replica or an index goes, and it would scale the next one of the name. Where something
 * goes, or comes to be paid by request, it is taken away after that: what DynamoDB refuses to
 * change is still scaled. Only where reads or writes get fixed units is it taken away before, since
 * it would change them.
 */
final class UnscaleStep extends TableStep {
  private static final Logger log = LoggerFactory.getLogger(UnscaleStep.class);

  /** What of a table is not to be scaled any more. */
  private enum Extent {
    /** What gets fixed units, in the regions in which a change leaves the table. */
    FIXED,
    /** What has no units any more, there. */
    WITHOUT_UNITS,
    /** All, in the regions from which the table is removed. */
    REMOVED
  }

  private final Extent extent;
  private final boolean patient;

  private UnscaleStep(String name, RegionalCalls regions, Extent extent, boolean patient) {
    super(name, regions);
    this.extent = extent;
    this.patient = patient;
  }

  /** Of what gets fixed units, before it gets them. */
  static UnscaleStep fixed(RegionalCalls regions) {
    return new UnscaleStep("end scaling of what is fixed", regions, Extent.FIXED, true);
  }

  /** Of indexes that a change has removed, and of a table that it has put on demand. */
  static UnscaleStep withoutUnits(RegionalCalls regions) {
    return new UnscaleStep("end scaling of what has no units", regions, Extent.WITHOUT_UNITS, true);
  }

  /**
   * In the regions from which a change has removed the table, as far as they answer: nobody comes
   * back to them when something after it fails. What is out is left to {@link #left}.
   */
  static UnscaleStep atOnce(RegionalCalls regions) {
    return new UnscaleStep("end scaling with removed replicas", regions, Extent.REMOVED, false);
  }

  /** In the regions from which a change has removed the table. */
  static UnscaleStep left(RegionalCalls regions) {
    return new UnscaleStep("end scaling of removed replicas", regions, Extent.REMOVED, true);
  }

  /** In the regions in which a deletion has removed the table. */
  static UnscaleStep removed(RegionalCalls regions) {
    return new UnscaleStep("end scaling of what is removed", regions, Extent.REMOVED, true);
  }

  @Override
  public boolean applies(StepContext context) {
    return switch (extent) {
      case FIXED ->
          !wanted(context).throughput().isOnDemand()
              && (change(context).throughput().isPresent()
                  || !change(context).indexThroughput().isEmpty());
      case WITHOUT_UNITS ->
          change(context).throughput().isPresent() || !change(context).removedIndexes().isEmpty();
      case REMOVED -> true;
    };
  }

  @Override
  public List<String> items(StepContext context) {
    if (extent != Extent.REMOVED) {
      return kept(context);
    }
    // A region that is off or down keeps none from being cleared but itself.
    List<String> all = new ArrayList<>(isChange(context) ? List.of() : List.of(home()));
    all.addAll(Notes.list(context, Notes.REPLICAS));
    return all;
  }

  private Set<Scaled> unwanted(StepContext context) {
    ScalingClient scaling = regions.scaling(context.item());
    if (extent == Extent.REMOVED) {
      return scaling.left(context.name());
    }
    GlobalTableSpec before = Notes.spec(context, Notes.BEFORE);
    List<String> indexes =
        before.indexes().stream().filter(index -> !index.isLocal()).map(IndexSpec::name).toList();
    Set<Scaled> unwanted = new HashSet<>(scaling.targets(context.name(), indexes).keySet());
    Wanted wanted = wanted(context);
    List<String> removed = change(context).removedIndexes();
    boolean onDemand = change(context).throughput().isPresent() && wanted.throughput().isOnDemand();
    unwanted.removeIf(
        scaled ->
            extent == Extent.WITHOUT_UNITS
                ? !onDemand && !removed.contains(scaled.index())
                : removed.contains(scaled.index())
                    || wanted.scaled().containsKey(scaled)
                    || !ScaleStep.isAsked(context, wanted, scaled));
    return unwanted;
  }

  @Override
  public Look look(StepContext context) {
    return extent == Extent.REMOVED ? removed(context) : changed(context);
  }

  private Look changed(StepContext context) {
    boolean another =
        regions.home().find(context.name()).filter(one -> !isThatOne(context, one)).isPresent();
    return another || unwanted(context).isEmpty() ? Look.happened() : Look.missing();
  }

  private Look removed(StepContext context) {
    try {
      Optional<TableDescription> there = regions.in(context.item()).find(context.name());
      if (there.filter(table -> table.tableStatus() == TableStatus.DELETING).isPresent()) {
        return Look.going("is not gone in " + context.item() + " yet");
      }
      // What has the name now is not what was removed.
      return there.isPresent() || unwanted(context).isEmpty() ? Look.happened() : Look.missing();
    } catch (CloudDbException e) {
      boolean onDemand = context.value(Notes.ON_DEMAND).isPresent();
      // Who has tables on demand only needs no rights to Application Auto Scaling.
      boolean unasked = onDemand && e.category() == ErrorCategory.PERMISSION;
      if (!unasked && !regions.isOut(context.item(), context.name(), e)) {
        throw e;
      }
      if (!patient) {
        return Look.happened();
      }
      if (onDemand) {
        log.warn(
            "{} does not tell what scales the table {} that was removed there. It was paid by"
                + " request, so most likely nothing does; what is left would scale a provisioned"
                + " table of its name: {}",
            context.item(),
            context.name(),
            e.getMessage());
        return Look.happened();
      }
      throw e.details().toBuilder()
          .nextStep(
              "The table is removed, and what scales it in "
                  + context.item()
                  + " is not: resume the operation by its token once that region answers.")
          .toException(e);
    }
  }

  @Override
  public Begun begin(StepContext context) {
    ScalingClient scaling = regions.scaling(context.item());
    unwanted(context).forEach(scaling::deregister);
    return Begun.done("its scaling in " + context.item() + " has ended");
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
