/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * Brings something of a table into the state that is asked for, in the home region or, item by
 * item, in several. What is there already is left alone, so that it can be repeated.
 */
abstract class SettingStep extends TableStep {
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

  /** What is seen where the table is not, for example since another has removed that replica. */
  Look unlisted(StepContext context, String region) {
    return Look.failed(gone(context, "There is none of its name in " + region));
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
    TableDescription table =
        table(context).orElseThrow(() -> gone(context, "There is none in " + region(context)));
    try {
      send(context, region(context), table);
    } catch (CloudDbException e) {
      return refused(context, e);
    }
    return answered(context, name() + " is changed in " + region(context), Map.of());
  }
}
