/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;

/**
 * Sets the administrator's password. Nothing shows which one is set; twice the same is harmless.
 */
final class PasswordStep implements StepAction {
  private final SqlAdminCalls calls;
  private final OwnOperation operations;
  private final TheInstance instance;

  PasswordStep(SqlAdminCalls calls, TheInstance instance) {
    this.calls = calls;
    this.operations = new OwnOperation(calls);
    this.instance = instance;
  }

  @Override
  public String name() {
    return "password";
  }

  @Override
  public boolean applies(StepContext context) {
    return context.specification(InstanceChange.class).adminPassword().isPresent();
  }

  @Override
  public boolean needsSecret(StepContext context) {
    return true;
  }

  @Override
  public Duration shownWithin() {
    return OwnOperation.HARMLESS;
  }

  @Override
  public Look look(StepContext context) {
    return operations
        .look(context)
        .or(() -> operations.mayShow(context))
        .orElseGet(() -> OwnOperation.missing(context));
  }

  @Override
  public Begun begin(StepContext context) {
    DatabaseInstance current = instance.get(context);
    String user =
        Labels.admin(InstanceReader.labels(current.getSettings()))
            .orElse(CloudSqlInstances.DEFAULT_ADMIN);
    SecretRef reference = context.specification(InstanceChange.class).adminPassword().orElseThrow();
    String password = context.secret(reference);
    return OwnOperation.begun(
        DoubtfulRefusal.send(
            context,
            calls,
            context.name(),
            () -> calls.updateUser(context.name(), user, password)));
  }
}
