/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.NotFoundException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/** Deletes a table in its last region, and waits until it is gone. */
final class DeleteTableStep extends TableStep {
  static final String NAME = "delete";

  DeleteTableStep(RegionalCalls regions) {
    super(NAME, regions);
  }

  @Override
  public Look look(StepContext context) {
    // A later table of the same name is not the one that is to be deleted.
    Optional<TableDescription> found =
        regions.home().find(context.name()).filter(table -> isThatOne(context, table));
    if (found.isEmpty()) {
      return Look.happened();
    }
    TableStatus status = found.get().tableStatus();
    return status == TableStatus.DELETING
            || status == TableStatus.CREATING
            || status == TableStatus.UPDATING
        ? Look.going("is " + status)
        : Look.missing("is " + found.get().tableStatusAsString());
  }

  @Override
  public Begun begin(StepContext context) {
    try {
      regions.home().delete(context.name());
    } catch (NotFoundException e) {
      // It was there a moment ago: an earlier attempt of this request, or somebody else, did it.
      return Begun.done("gone");
    }
    return Begun.accepted("is being deleted");
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
