/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.error.AlreadyExistsException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;

/** Makes the administrator, unless it is the one that every instance has. */
final class UserStep implements StepAction {
  private final SqlAdminCalls calls;
  private final InsideLook inside;

  UserStep(SqlAdminCalls calls, TheInstance instance) {
    this.calls = calls;
    this.inside = new InsideLook(calls, instance);
  }

  @Override
  public String name() {
    return "user";
  }

  private static AdminLogin admin(StepContext context) {
    return context.specification(InstanceSpec.class).admin();
  }

  @Override
  public boolean applies(StepContext context) {
    return !admin(context).user().equals(CloudSqlInstances.DEFAULT_ADMIN);
  }

  @Override
  public boolean needsSecret(StepContext context) {
    return true;
  }

  @Override
  public Duration shownWithin() {
    return OwnOperation.HARMLESS;
  }

  /** One that is there was made by this operation, with its password: the instance is its own. */
  @Override
  public Look look(StepContext context) {
    return inside.look(context, () -> calls.hasUser(context.name(), admin(context).user()));
  }

  @Override
  public Begun begin(StepContext context) {
    String password = context.secret(admin(context).password().orElseThrow());
    String user = admin(context).user();
    try {
      return OwnOperation.begun(
          DoubtfulRefusal.send(
              context,
              calls,
              context.name(),
              () -> calls.insertUser(context.name(), user, password)));
    } catch (AlreadyExistsException e) {
      return Begun.done("the user is there");
    }
  }
}
