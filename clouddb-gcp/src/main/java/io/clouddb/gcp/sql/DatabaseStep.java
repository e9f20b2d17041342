/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.error.AlreadyExistsException;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.List;

/** Makes the first database. */
final class DatabaseStep implements StepAction {
  private final SqlAdminCalls calls;
  private final InsideLook inside;

  DatabaseStep(SqlAdminCalls calls, TheInstance instance) {
    this.calls = calls;
    this.inside = new InsideLook(calls, instance);
  }

  @Override
  public String name() {
    return "database";
  }

  @Override
  public List<String> items(StepContext context) {
    return context.specification(InstanceSpec.class).database().stream().toList();
  }

  @Override
  public Duration shownWithin() {
    return OwnOperation.HARMLESS;
  }

  @Override
  public Look look(StepContext context) {
    return inside.look(context, () -> calls.hasDatabase(context.name(), context.item()));
  }

  @Override
  public Begun begin(StepContext context) {
    try {
      return OwnOperation.begun(
          DoubtfulRefusal.send(
              context,
              calls,
              context.name(),
              () -> calls.insertDatabase(context.name(), context.item())));
    } catch (AlreadyExistsException e) {
      return Begun.done("the database is there");
    }
  }
}
