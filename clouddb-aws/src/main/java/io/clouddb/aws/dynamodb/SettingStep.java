/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * Brings something of a table into the state that is asked for, in the home region or, item by
 * item, in several. What is there already is left alone, so that it can be repeated.
 */
abstract class SettingStep extends TableStep {
  private static final Duration ADDED_SHOWN_WITHIN = Duration.ofMinutes(10);

  SettingStep(String name, RegionalCalls regions) {
    super(name, regions);
  }

  /** Whether it is as it has to be. */
  abstract boolean holds(StepContext context, String region, TableDescription table);

  /** Sends what makes it so. */
  abstract void send(StepContext context, String region, TableDescription table);

  /** The region of the step's item. */
  String region(StepContext context) {
    return context.item().isEmpty() ? home() : context.item();
  }

  private Optional<TableDescription> table(StepContext context) {
    String region = region(context);
    return region.equals(home()) ? find(context) : regions.in(region).find(context.name());
  }

  private boolean isListed(StepContext context, String region) {
    return find(context).flatMap(table -> ReplicaStep.replica(table, region)).isPresent();
  }

  /**
   * What is seen where the table is not. A change found it there, so that somebody else has removed
   * that replica; a replica that the operation itself has just added is only not told of yet.
   */
  Look unlisted(StepContext context, String region) {
    if (context.isWithin(ADDED_SHOWN_WITHIN) && added(context).contains(region)) {
      return Look.going("is not to be seen in " + region);
    }
    return Look.failed(notThere(context, region));
  }

  private CloudDbException notThere(StepContext context, String region) {
    return region.equals(home())
        ? gone(context, "There is none of its name")
        : ErrorDetails.of(
                ErrorCategory.NOT_FOUND,
                "The table " + context.name() + " is not in " + region + " any more")
            .operation("dynamodb.DescribeTable")
            .resource(context.resource().toString())
            .nextStep("Somebody has removed that replica: look at the table, and change it again.")
            .toException();
  }

  /** What has to pass before, or keeps it from being set for good. */
  Optional<Look> unsettled(TableDescription table, String region) {
    return Settling.unsettled(table, region);
  }

  @Override
  public final Look look(StepContext context) {
    String region = region(context);
    Optional<TableDescription> found = table(context);
    if (found.isEmpty()) {
      return isListed(context, region)
          ? Look.going("is not to be seen in " + region)
          : unlisted(context, region);
    }
    Optional<Look> unsettled = unsettled(found.get(), region);
    if (unsettled.isPresent()) {
      return unsettled.get();
    }
    return holds(context, region, found.get())
        ? Look.happened()
        : Look.missing("not visible in " + region + " yet");
  }

  @Override
  public final Begun begin(StepContext context) {
    try {
      String region = region(context);
      send(context, region, table(context).orElseThrow(() -> notThere(context, region)));
    } catch (CloudDbException e) {
      return refused(context, e);
    }
    return answered(context, name() + " is changed in " + region(context), Map.of());
  }
}
