/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.workflow.StepContext;
import org.jspecify.annotations.Nullable;

/** What to do after an operation has failed for good, where its error does not say it. */
final class Advice {
  private Advice() {}

  static CloudDbException added(StepContext context, CloudDbException failure) {
    String kind = context.state().kind();
    boolean deletion = kind.equals(InstanceDriver.DELETE.id());
    if (failure.nextStep().isPresent() && !deletion) {
      return failure;
    }
    ErrorDetails.Builder details = failure.details().toBuilder();
    if (deletion && failure.details().leftBehind().isEmpty()) {
      details.leftBehind("the server " + context.name() + ", which is still there and costs money");
    }
    if (failure.nextStep().isEmpty()) {
      details.nextStep(nextStep(context, kind));
    }
    return CloudDbException.of(details.build(), failure);
  }

  private static @Nullable String nextStep(StepContext context, String kind) {
    if (kind.equals(InstanceDriver.CREATE.id())) {
      // Before there is a server, the step machine says all that there is to say.
      return context.state().step().equals(CreateServerStep.NAME)
          ? null
          : "Finish the server: parameters and maintenance by modify, a database by SQL, a"
              + " firewall rule in Azure or by unwrap(PostgreSqlManager.class). Or begin anew.";
    }
    if (kind.equals(InstanceDriver.MODIFY.id())) {
      return "Make the change again: what is done already does no harm.";
    }
    return kind.equals(InstanceDriver.DELETE.id())
        ? "Delete it again."
        : "Look at the server in Azure, and try again.";
  }
}
