/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Waits until a table rests with its indexes, in the home region or in all of them. */
final class SettledStep extends TableStep {
  private final boolean everywhere;

  SettledStep(String name, RegionalCalls regions, boolean everywhere) {
    super(name, regions);
    this.everywhere = everywhere;
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public List<String> items(StepContext context) {
    return everywhere ? wanted(context).regions() : List.of(home());
  }

  /** A change found it there as it is; what it asks of it, its own steps have looked at. */
  private boolean isKept(StepContext context) {
    return isChange(context) && kept(context).contains(context.item());
  }

  @Override
  public Look look(StepContext context) {
    try {
      return settled(context, context.item());
    } catch (CloudDbException e) {
      String region = context.item();
      if (isKept(context) && !region.equals(home()) && regions.isOut(region, context.name(), e)) {
        return Look.happened();
      }
      throw e;
    }
  }

  private Look settled(StepContext context, String region) {
    Optional<TableDescription> found =
        region.equals(home()) ? find(context) : regions.in(region).find(context.name());
    Function<TableDescription, Look> settled =
        table ->
            Settling.unsettled(table, region)
                .filter(look -> look instanceof Look.Going || !isKept(context))
                .orElseGet(Look::happened);
    return found.map(settled).orElseGet(() -> Look.missing("is not to be seen in " + region));
  }
}
