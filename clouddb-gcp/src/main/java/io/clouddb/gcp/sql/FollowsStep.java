/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;

/** Waits until a new replica is shown as following its source. */
final class FollowsStep implements StepAction {
  private static final Duration LIMIT = Duration.ofHours(2);

  private final TheInstance instance;

  FollowsStep(TheInstance instance) {
    this.instance = instance;
  }

  @Override
  public String name() {
    return "follows";
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  @Override
  public Look look(StepContext context) {
    DatabaseInstance found = instance.get(context);
    String wanted = context.specification(ReplicaSpec.class).source().orElseThrow().name();
    Optional<String> source = Replication.source(found);
    boolean follows = Replication.isReplica(found) && source.filter(wanted::equals).isPresent();
    if (follows && Replication.state(found) == Replica.State.REPLICATING) {
      return Look.happened();
    }
    if (!InstanceReader.RUNNABLE.equals(found.getState())) {
      return StateChecks.passing(found, context);
    }
    return Look.going(
        found.getName()
            + " follows "
            + source.orElse("nobody")
            + ", and not yet "
            + wanted
            + " ("
            + Replication.nativeState(found)
            + ")");
  }
}
