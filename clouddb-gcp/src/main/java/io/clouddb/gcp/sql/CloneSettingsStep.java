/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.Network;
import io.clouddb.spi.workflow.StepContext;

/** Sets what a clone has of its own. */
final class CloneSettingsStep extends PatchStep {
  CloneSettingsStep(SqlAdminCalls calls, TheInstance instance) {
    super("settings", calls, instance);
  }

  @Override
  DatabaseInstance patch(StepContext context, DatabaseInstance current) {
    return CloneRequest.settings(context, current);
  }

  @Override
  public boolean applies(StepContext context) {
    return CloneRequest.isClone(context);
  }

  /** It may open a network: that of the source as it was noted, or one that is asked for. */
  @Override
  public boolean guarded(StepContext context) {
    return context.value(CloneRequest.SETTINGS).isPresent()
        || context.specification(RestoreSpec.class).network().filter(Network::isPublic).isPresent();
  }
}
