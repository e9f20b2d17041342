/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;

/** Has an instance leave no backups when it is deleted, which was to. */
final class ReleaseStep extends PatchStep {
  ReleaseStep(SqlAdminCalls calls, TheInstance instance) {
    super("release", calls, instance);
  }

  /** A deletion that has come further already is done when it is gone. */
  @Override
  Optional<DatabaseInstance> find(StepContext context) {
    return instance.find(context);
  }

  /** What has failed or was suspended since the operation began is deleted as its settings say. */
  @Override
  Optional<Look> hindrance(StepContext context, DatabaseInstance current) {
    return KeptBackups.takesPatches(current) ? Optional.empty() : Optional.of(Look.happened());
  }

  @Override
  DatabaseInstance patch(StepContext context, DatabaseInstance current) {
    return KeptBackups.release(current);
  }

  @Override
  public boolean applies(StepContext context) {
    return context.value(KeptBackups.RETAINING).isPresent();
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }

  @Override
  public String makes(StepContext context) {
    return "the settings retainBackupsOnDelete and finalBackupConfig of "
        + context.name()
        + ", by which it leaves backups when it is deleted, and which are off now";
  }
}
