/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;

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
  DatabaseInstance body(StepContext context) {
    DatabaseInstance body = InsertRequest.of(context, region);
    if (isDefaultAdmin(context)) {
      InstanceSpec spec = context.specification(InstanceSpec.class);
      body.setRootPassword(context.secret(spec.admin().password().orElseThrow()));
    }
    return body;
  }

  @Override
  String busy(StepContext context) {
    return context.name();
  }

  /**
   * Google lists operations by the instance's name: one that is over may be of an earlier instance,
   * so the state tells.
   */
  @Override
  Look adopted(DatabaseInstance found, StepContext context) {
    Optional<Look> running = operations.running(context, CREATE);
    if (running.isPresent()) {
      return running.get();
    }
    Optional<Look> failed =
        InstanceReader.FAILED.equals(found.getState())
            ? calls
                .newest(context.name(), CREATE)
                .map(creation -> OwnOperation.look(creation, context))
                .filter(Look.Failed.class::isInstance)
            : Optional.empty();
    return failed.orElseGet(() -> super.adopted(found, context));
  }
}
