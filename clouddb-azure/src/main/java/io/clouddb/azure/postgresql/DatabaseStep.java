/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;

/** The database of a new server. */
final class DatabaseStep extends OperationStep {
  static final String NAME = "database";

  DatabaseStep(ServerCalls calls, Duration interval) {
    super(NAME, calls, interval);
  }

  /** The database that has to be made. */
  static Optional<String> database(StepContext context) {
    return ServerFields.parts(context.specification(InstanceSpec.class)).database();
  }

  @Override
  public boolean applies(StepContext context) {
    return database(context).isPresent();
  }

  @Override
  Accepted send(StepContext context) {
    return calls().database(context.name(), database(context).orElseThrow());
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    return succeeded || calls().hasDatabase(context.name(), database(context).orElseThrow())
        ? Look.happened()
        : Look.missing();
  }
}
