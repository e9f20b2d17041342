/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.backup.Protection;
import io.clouddb.spi.workflow.StepContext;

/** Sets what a change of the instance asks for. */
final class ChangeStep extends PatchStep {
  /** Value: the change has settings, and not a password alone. */
  static final String PATCHED = "patched";

  ChangeStep(SqlAdminCalls calls, TheInstance instance) {
    super("patch", calls, instance);
  }

  @Override
  DatabaseInstance patch(StepContext context, DatabaseInstance current) {
    return PatchRequest.settings(context, current);
  }

  @Override
  public boolean applies(StepContext context) {
    return context.value(PATCHED).isPresent();
  }

  @Override
  public boolean guarded(StepContext context) {
    return TakenAway.by(context);
  }

  /** A policy stays in force where what was to come after it has failed. */
  @Override
  public String makes(StepContext context) {
    return context.state().specification().orElseThrow() instanceof Protection
        ? "the backup policy that was asked for, which is in force on " + context.name()
        : "";
  }
}
