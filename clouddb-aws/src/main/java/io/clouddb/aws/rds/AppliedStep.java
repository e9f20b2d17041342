/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * Waits until a change is in force: the instance is available, nothing of the change is pending,
 * and the instance shows it. RDS has no operation that would say how a change has ended.
 */
final class AppliedStep extends InstanceStep {
  static final String NAME = "applied";

  /** RDS shows what it has accepted after some seconds. */
  private static final Duration SHOWN_LIMIT = Duration.ofMinutes(10);

  private final String provider;

  AppliedStep(String provider, RdsCalls rds) {
    super(NAME, rds);
    this.provider = provider;
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Look look(StepContext context) {
    Optional<DBInstance> found = find(context);
    if (found.isEmpty()) {
      return Look.missing("not visible");
    }
    return Settling.unsettled(context, found.get()).orElseGet(() -> shown(context, found.get()));
  }

  private Look shown(StepContext context, DBInstance instance) {
    Set<String> missing =
        new ModifyRequest(provider, context)
            .build()
            .map(asked -> ShownValues.notShown(asked, instance))
            .orElse(Set.of());
    if (missing.isEmpty()) {
      return Look.happened();
    }
    return context.isWithin(SHOWN_LIMIT, Refusals.waitedSince(context))
        ? Look.going("does not show " + String.join(", ", missing) + " yet")
        : Look.failed(notMade(context, missing));
  }

  private static CloudDbException notMade(StepContext context, Set<String> missing) {
    return ErrorDetails.of(
            ErrorCategory.OTHER,
            "RDS has accepted the change of "
                + context.name()
                + ", which is available and does not show it: "
                + String.join(", ", missing))
        .operation("rds.ModifyDBInstance")
        .resource(context.resource().toString())
        .nextStep("Look at its events in the RDS console, and make the change again.")
        .toException();
  }
}
