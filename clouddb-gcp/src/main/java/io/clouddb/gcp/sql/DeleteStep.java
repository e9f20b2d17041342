/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;

/** Deletes the instance, and no later one that has its name. */
final class DeleteStep implements StepAction {
  private final SqlAdminCalls calls;
  private final OwnOperation operations;
  private final TheInstance instance;

  DeleteStep(SqlAdminCalls calls, TheInstance instance) {
    this.calls = calls;
    this.operations = new OwnOperation(calls);
    this.instance = instance;
  }

  @Override
  public String name() {
    return "delete";
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }

  @Override
  public Look look(StepContext context) {
    Optional<Look> seen = operations.look(context);
    if (seen.isPresent()) {
      return seen.get();
    }
    // Google may forget the operation of a deletion when the instance is gone.
    Optional<DatabaseInstance> found = instance.find(context);
    if (found.isEmpty()) {
      return Look.happened();
    }
    if (InstanceReader.PENDING_DELETE.equals(found.get().getState())) {
      return Look.going("the instance is " + InstanceReader.PENDING_DELETE);
    }
    return operations
        .mayShow(context)
        .or(() -> operations.running(context, "DELETE"))
        .orElseGet(() -> unsent(found.get(), context));
  }

  private static Look unsent(DatabaseInstance found, StepContext context) {
    return StateChecks.protection(found, context.resource())
        .<Look>map(Look::failed)
        .orElseGet(() -> OwnOperation.missing(context));
  }

  @Override
  public Begun begin(StepContext context) {
    try {
      return OwnOperation.begun(
          DoubtfulRefusal.send(context, calls, context.name(), () -> calls.delete(context.name())));
    } catch (NotFoundException e) {
      // It was there a moment ago: the HTTP client has sent this request twice, or someone else
      // was faster.
      return Begun.done("the instance is gone");
    }
  }
}
