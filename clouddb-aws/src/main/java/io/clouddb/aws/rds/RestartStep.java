/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Restarts the instance where its parameters need it: once, since each time interrupts it. */
final class RestartStep extends InstanceStep {
  static final String NAME = "restart";

  private static final String WHY = "restart for its parameters";

  /** RDS marks an instance for a restart after some seconds only. */
  private static final Duration UNMARKED_LIMIT = Duration.ofMinutes(1);

  RestartStep(RdsCalls rds) {
    super(NAME, rds);
  }

  @Override
  public boolean applies(StepContext context) {
    return Settling.mayNeedRestart(context);
  }

  @Override
  public Look look(StepContext context) {
    if (context.value(Notes.RESTARTED).isPresent()) {
      return Look.happened();
    }
    DBInstance instance = get(context);
    Optional<Look> unsettled = Settling.unsettled(context, instance);
    if (unsettled.isPresent()) {
      return unsettled.get();
    }
    if (RdsStates.failed(instance.dbInstanceStatus())) {
      // It does not run, so that one more restart interrupts nothing.
      return Look.missing(WHY);
    }
    String applied = Settling.parameterStatus(instance);
    if (applied.equals(Settling.PENDING_REBOOT)) {
      return Look.missing(WHY, Map.of(Notes.MARKED, Notes.YES));
    }
    if (!applied.equals(Settling.IN_SYNC)) {
      return Settling.applying(context, applied);
    }
    boolean needed = context.value(Notes.RESTART).filter(Notes.NEEDED::equals).isPresent();
    if (!needed || context.value(Notes.MARKED).isPresent()) {
      // Nothing to restart for; or the answer to the request was lost, and it has had its effect.
      return Look.happened();
    }
    Instant from = context.state().asked().or(context.state()::since).orElse(context.now());
    if (context.isWithin(UNMARKED_LIMIT, from)) {
      return Look.going("to be marked for its restart");
    }
    // It was asked for, by somebody who was killed perhaps: RDS says that nothing is left to do.
    return context.asked() ? Look.happened() : Look.missing(WHY);
  }

  @Override
  public Begun begin(StepContext context) {
    send(context, () -> rds.reboot(context.name()));
    return Begun.accepted("restarting").noting(Map.of(Notes.RESTARTED, Notes.YES));
  }
}
