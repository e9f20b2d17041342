/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ConfigurationInner;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.plan.Specification;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The server parameters of a spec or a change, one after the other; after a restore also those that
 * its source had.
 */
final class ParameterStep extends OperationStep {
  static final String NAME = "parameter";

  /** Noted when a parameter takes effect with the next restart only. */
  static final String RESTART = "restart";

  ParameterStep(ServerCalls calls, Duration interval) {
    super(NAME, calls, interval);
  }

  static Map<String, String> parameters(StepContext context) {
    Specification asked = context.state().specification().orElseThrow();
    return asked instanceof RestoreSpec
        ? new RestoreNotes(context).parameters()
        : ServerFields.parts(asked).parameters();
  }

  @Override
  public List<String> items(StepContext context) {
    return List.copyOf(parameters(context).keySet());
  }

  /** Connections without TLS are opened by nobody's token. */
  @Override
  public boolean guarded(StepContext context) {
    return context.item().equalsIgnoreCase(ParameterFields.TLS)
        && !"on".equalsIgnoreCase(value(context));
  }

  private static String value(StepContext context) {
    return parameters(context).getOrDefault(context.item(), "");
  }

  @Override
  Accepted send(StepContext context) {
    return calls().configuration(context.name(), context.item(), value(context));
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    Optional<ConfigurationInner> shown = calls().configuration(context.name(), context.item());
    if (shown.isEmpty()) {
      return Look.missing();
    }
    if (!succeeded && !value(context).equalsIgnoreCase(shown.get().value())) {
      return Look.missing("it is " + shown.get().value());
    }
    return Boolean.TRUE.equals(shown.get().isConfigPendingRestart())
        ? Look.happened(Map.of(RESTART, "needed"))
        : Look.happened();
  }
}
