/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;

/** Waits until the instance is available, or stopped, which is as settled. */
final class ReadyStep implements StepAction {
  private final TheInstance instance;

  ReadyStep(TheInstance instance) {
    this.instance = instance;
  }

  @Override
  public String name() {
    return "ready";
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Look look(StepContext context) {
    DatabaseInstance found = instance.get(context);
    InstanceState now = InstanceReader.state(found);
    if (now == InstanceState.AVAILABLE) {
      return Look.happened();
    }
    if (now == InstanceState.STOPPED) {
      return context.state().kind().equals(InstanceDriver.START.id())
          ? Look.missing("somebody has stopped it")
          : Look.happened();
    }
    return StateChecks.passing(found, context);
  }
}
