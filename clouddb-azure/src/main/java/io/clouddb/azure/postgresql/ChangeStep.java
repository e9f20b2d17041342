/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One of the PATCHes of a change. */
final class ChangeStep extends PatchStep {
  private final Patch patch;

  ChangeStep(Patch patch, ServerCalls calls, Duration interval) {
    super(patch.step(), calls, interval);
    this.patch = patch;
  }

  @Override
  public boolean applies(StepContext context) {
    return ChangeRequests.has(context, patch);
  }

  @Override
  public boolean needsSecret(StepContext context) {
    return setsPassword(context);
  }

  @Override
  ServerForUpdate request(StepContext context, @Nullable Map<String, String> tags) {
    return ChangeRequests.request(context, patch, tags);
  }

  @Override
  Optional<ServerForUpdate> shown(StepContext context) {
    return ChangeRequests.shown(context, patch);
  }

  @Override
  boolean tells(StepContext context) {
    return !setsPassword(context) && !ChangeRequests.isCustomized(context);
  }

  /** No look at the server shows it. */
  private boolean setsPassword(StepContext context) {
    return patch == Patch.CHANGE && ChangeRequests.setsPassword(context);
  }
}
