/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.ReplicationCluster;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;

/**
 * Designates the replica for the disaster recovery of its primary, which has none: only such a pair
 * changes places. Twice the same is harmless.
 */
final class DesignateStep implements StepAction {
  private final SqlAdminCalls calls;
  private final OwnOperation operations;

  DesignateStep(SqlAdminCalls calls) {
    this.calls = calls;
    this.operations = new OwnOperation(calls);
  }

  @Override
  public String name() {
    return "designate";
  }

  @Override
  public boolean applies(StepContext context) {
    return context.value(ReplicaWorkflows.DESIGNATE).isPresent();
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }

  @Override
  public Duration shownWithin() {
    return OwnOperation.HARMLESS;
  }

  @Override
  public Look look(StepContext context) {
    Optional<Look> seen = operations.look(context).or(() -> operations.mayShow(context));
    if (seen.isPresent()) {
      return seen.get();
    }
    DatabaseInstance primary = calls.get(ReplicaWorkflows.source(context));
    boolean is = Replication.designated(primary).filter(context.name()::equals).isPresent();
    // Once they have changed places, it is a replica, and its own name is what it had designated.
    return is || Replication.source(primary).isPresent()
        ? Look.happened()
        : OwnOperation.missing(context);
  }

  @Override
  public Begun begin(StepContext context) {
    DatabaseInstance body =
        new DatabaseInstance()
            .setReplicationCluster(
                new ReplicationCluster().setFailoverDrReplicaName(context.name()));
    return OwnOperation.begun(
        DoubtfulRefusal.send(
            context, calls, () -> calls.patch(ReplicaWorkflows.source(context), body)));
  }
}
