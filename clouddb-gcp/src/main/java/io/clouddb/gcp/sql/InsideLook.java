/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Looks for what is made inside the instance, whose database tells it only while it runs. */
final class InsideLook {
  private final OwnOperation operations;
  private final TheInstance instance;

  InsideLook(SqlAdminCalls calls, TheInstance instance) {
    this.operations = new OwnOperation(calls);
    this.instance = instance;
  }

  Look look(StepContext context, BooleanSupplier isThere) {
    Optional<Look> seen = operations.look(context);
    if (seen.isPresent()) {
      return seen.get();
    }
    try {
      if (isThere.getAsBoolean()) {
        return Look.happened();
      }
    } catch (ConditionFailedException e) {
      DatabaseInstance found = instance.get(context);
      if (InstanceReader.RUNNABLE.equals(found.getState())) {
        // It is stopped, and starts by nobody's waiting.
        throw e;
      }
      return StateChecks.passing(found, context);
    }
    return operations.mayShow(context).orElseGet(() -> OwnOperation.missing(context));
  }
}
