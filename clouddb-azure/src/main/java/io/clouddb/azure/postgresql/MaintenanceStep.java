/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The maintenance window of a new server, which Azure does not take with its creation. */
final class MaintenanceStep extends PatchStep {
  static final String NAME = "maintenance window";

  MaintenanceStep(ServerCalls calls, Duration interval) {
    super(NAME, calls, interval);
  }

  @Override
  public boolean applies(StepContext context) {
    return context.specification(InstanceSpec.class).maintenance().isPresent();
  }

  @Override
  ServerForUpdate request(StepContext context, @Nullable Map<String, String> tags) {
    return shown(context).orElseGet(ServerForUpdate::new);
  }

  @Override
  Optional<ServerForUpdate> shown(StepContext context) {
    return Optional.of(
        new ServerForUpdate()
            .withMaintenanceWindow(
                ServerFields.maintenance(context.specification(InstanceSpec.class))));
  }

  @Override
  boolean tells(StepContext context) {
    return true;
  }
}
