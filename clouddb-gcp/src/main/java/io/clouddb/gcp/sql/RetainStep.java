/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;

/** Has backups stay when the instance is deleted. */
final class RetainStep extends PatchStep {
  RetainStep(SqlAdminCalls calls, TheInstance instance) {
    super("retain", calls, instance);
  }

  /** A deletion that has come further already, whose last step tells what has stayed. */
  @Override
  Optional<DatabaseInstance> find(StepContext context) {
    return instance.find(context);
  }

  /** What has failed or was suspended since the operation began would never take it. */
  @Override
  Optional<Look> hindrance(StepContext context, DatabaseInstance current) {
    return KeptBackups.impossible(current, context).map(Look::failed);
  }

  @Override
  DatabaseInstance patch(StepContext context, DatabaseInstance current) {
    return KeptBackups.retain(current);
  }

  @Override
  public String makes(StepContext context) {
    return "the setting retainBackupsOnDelete of "
        + context.name()
        + ", by which its backups stay when it is deleted, and which is on now";
  }
}
