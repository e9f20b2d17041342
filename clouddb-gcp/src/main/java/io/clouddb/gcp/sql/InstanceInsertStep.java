/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Operation;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.function.Supplier;

/** Makes an instance that follows nobody. */
final class InstanceInsertStep extends InsertStep {
  private static final String CREATE = "CREATE";

  InstanceInsertStep(SqlAdminCalls calls, String region) {
    super(calls, region);
  }

  @Override
  public String makes(StepContext context) {
    return "the instance " + context.name();
  }

  @Override
  public boolean needsSecret(StepContext context) {
    return isDefaultAdmin(context);
  }

  private static boolean isDefaultAdmin(StepContext context) {
    String user = context.specification(InstanceSpec.class).admin().user();
    return user.equals(CloudSqlInstances.DEFAULT_ADMIN);
  }

  /** A public network is opened with the instance. */
  @Override
  public boolean guarded(StepContext context) {
    return needsSecret(context)
        || context
            .specification(InstanceSpec.class)
            .network()
            .filter(Network::isPublic)
            .isPresent();
  }

  @Override
  Supplier<Operation> request(StepContext context) {
    DatabaseInstance body = InsertRequest.of(context, region);
    if (isDefaultAdmin(context)) {
      InstanceSpec spec = context.specification(InstanceSpec.class);
      body.setRootPassword(context.secret(spec.admin().password().orElseThrow()));
    }
    return () -> calls.insert(body);
  }

  @Override
  String busy(StepContext context) {
    return context.name();
  }

  @Override
  List<String> types(StepContext context) {
    return List.of(CREATE);
  }
}
