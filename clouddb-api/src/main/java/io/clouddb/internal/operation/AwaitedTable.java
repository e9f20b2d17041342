/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.table.TableDriver;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableStatus;
import java.util.Optional;

/** Waits until a table can be used, and changes nothing. */
final class AwaitedTable implements StepAction {
  private final TableDriver driver;

  private AwaitedTable(TableDriver driver) {
    this.driver = driver;
  }

  /** The workflow of {@link TableDriver#AWAIT}. */
  static Workflow<TableDescription> workflow(TableDriver driver) {
    return Workflow.of(TableDriver.AWAIT)
        .step(new AwaitedTable(driver))
        .result(context -> driver.find(context.name()).orElseThrow(() -> missing(context)));
  }

  @Override
  public String name() {
    return "active";
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Look look(StepContext context) {
    Optional<TableDescription> found = driver.find(context.name());
    if (found.isEmpty()) {
      return Look.failed(missing(context));
    }
    TableStatus status = found.get().status();
    return switch (status) {
      case ACTIVE -> Look.happened();
      case CREATING, UPDATING -> Look.going("The table is " + status);
      case DELETING, INACCESSIBLE ->
          Look.failed(
              ErrorDetails.of(
                      ErrorCategory.CONDITION_FAILED,
                      "Table " + context.name() + " is " + status + " and cannot be used")
                  .resource(context.resource().toString())
                  .toException());
    };
  }

  private static CloudDbException missing(StepContext context) {
    return ErrorDetails.of(ErrorCategory.NOT_FOUND, "There is no table " + context.name())
        .resource(context.resource().toString())
        .toException();
  }
}
