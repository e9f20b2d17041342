/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.spi.workflow.StepContext;

/** Sets the backup policy again, which an instance loses when a backup is restored into it. */
final class LoadedPolicyStep extends PatchStep {
  LoadedPolicyStep(SqlAdminCalls calls, TheInstance instance) {
    super("policy", calls, instance);
  }

  @Override
  DatabaseInstance patch(StepContext context, DatabaseInstance current) {
    return RestoreRequest.policy(context, current);
  }

  @Override
  public boolean applies(StepContext context) {
    return context.value(RestoreRequest.POLICY).isPresent();
  }

  /** Fewer backups that are kept are some that are deleted. */
  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
