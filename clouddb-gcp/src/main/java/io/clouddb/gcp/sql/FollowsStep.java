/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.replica.Replica;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Waits until one instance is shown as following another one. */
final class FollowsStep implements StepAction {
  private static final Duration LIMIT = Duration.ofHours(2);

  private final String name;
  private final Function<StepContext, Boolean> applies;
  private final Function<StepContext, DatabaseInstance> follower;
  private final Function<StepContext, String> leader;

  FollowsStep(
      String name,
      Function<StepContext, Boolean> applies,
      Function<StepContext, DatabaseInstance> follower,
      Function<StepContext, String> leader) {
    this.name = name;
    this.applies = applies;
    this.follower = follower;
    this.leader = leader;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean applies(StepContext context) {
    return applies.apply(context);
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
    DatabaseInstance found = follower.apply(context);
    String wanted = leader.apply(context);
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
