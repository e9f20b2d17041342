/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;

/** Starts or stops the instance, which is never taken of one that has failed. */
abstract class ActivationStep extends PatchStep {
  private final String policy;

  ActivationStep(String name, String policy, SqlAdminCalls calls, TheInstance instance) {
    super(name, calls, instance);
    this.policy = policy;
  }

  @Override
  final DatabaseInstance patch(StepContext context, DatabaseInstance current) {
    return WholePatch.of(
        new DatabaseInstance().setSettings(new Settings().setActivationPolicy(policy)), current);
  }

  @Override
  final Optional<Look> hindrance(StepContext context, DatabaseInstance current) {
    return InstanceReader.FAILED.equals(current.getState())
        ? Optional.of(StateChecks.passing(current, context))
        : Optional.empty();
  }
}
