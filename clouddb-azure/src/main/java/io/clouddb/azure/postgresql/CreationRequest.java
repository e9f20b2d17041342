/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.spi.workflow.StepContext;

/** The PUT of a new server, out of the specification and the caller's customizations. */
final class CreationRequest {
  private final ArmScope scope;

  CreationRequest(ArmScope scope) {
    this.scope = scope;
  }

  ServerInner body(StepContext context) {
    InstanceSpec spec = context.specification(InstanceSpec.class);
    String password =
        spec.admin()
            .password()
            .map(context::secret)
            .orElseThrow(() -> new IllegalStateException("The plan let pass a managed password"));
    return context
        .customizations()
        .apply(
            ServerInner.class,
            ServerFields.create(spec, context.state().id(), scope.location(), password));
  }
}
