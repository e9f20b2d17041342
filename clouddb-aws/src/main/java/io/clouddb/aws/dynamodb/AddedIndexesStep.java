/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.table.IndexSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds indexes to a table that is there, and has each scaled before the next one is added: DynamoDB
 * changes no replicated table of which the writes of an index are fixed.
 */
final class AddedIndexesStep extends TableStep {
  private final StepAction add;
  private final ScaleStep scale;

  AddedIndexesStep(RegionalCalls regions) {
    super("index with its scaling", regions);
    this.add = IndexSteps.add(regions);
    this.scale = ScaleStep.ofAddedIndexes(regions);
  }

  @Override
  public List<String> items(StepContext context) {
    List<String> scaled = scale.items(context);
    List<String> all = new ArrayList<>();
    for (IndexSpec index : change(context).addedIndexes()) {
      all.add(index.name());
      scaled.stream().filter(item -> ScaleStep.isOf(item, index.name())).forEach(all::add);
    }
    return all;
  }

  /** Scaling says in which region, and no name of an index has a space. */
  private StepAction of(StepContext context) {
    return context.item().contains(" ") ? scale : add;
  }

  @Override
  public Look look(StepContext context) {
    return of(context).look(context);
  }

  @Override
  public Begun begin(StepContext context) {
    return of(context).begin(context);
  }
}
