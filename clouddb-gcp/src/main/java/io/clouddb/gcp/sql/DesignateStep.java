/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.ReplicationCluster;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;

/**
 * Designates the replica for the disaster recovery of its primary, which has none: only such a pair
 * changes places. Twice the same is harmless. Another designation, also one that somebody makes
 * meanwhile, is never taken away: the request names the version of the settings that it builds on.
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
    Optional<String> designated = Replication.designated(primary);
    // Once they have changed places, it is a replica, and its own name is what it had designated.
    if (designated.filter(context.name()::equals).isPresent()
        || Replication.source(primary).isPresent()) {
      return Look.happened();
    }
    return PromotionChecks.otherDesignation(primary, context.resource())
        .<Look>map(Look::failed)
        .orElseGet(() -> OwnOperation.missing(context));
  }

  @Override
  public Begun begin(StepContext context) {
    DatabaseInstance primary = calls.get(ReplicaWorkflows.source(context));
    if (Replication.source(primary).isPresent()) {
      // Since the look: the next step tells whether they have changed places.
      return Begun.done(primary.getName() + " is a replica");
    }
    Optional<CloudDbException> other =
        PromotionChecks.otherDesignation(primary, context.resource());
    if (other.isPresent()) {
      throw other.get();
    }
    DatabaseInstance body =
        new DatabaseInstance()
            .setSettings(
                new Settings()
                    .setSettingsVersion(
                        primary.getSettings() == null
                            ? null
                            : primary.getSettings().getSettingsVersion()))
            .setReplicationCluster(
                new ReplicationCluster().setFailoverDrReplicaName(context.name()));
    try {
      return OwnOperation.begun(
          DoubtfulRefusal.send(
              context, calls, primary.getName(), () -> calls.patch(primary.getName(), body)));
    } catch (ConditionFailedException e) {
      if (e.details().providerCode().filter(SqlAdminErrors.STALE_DATA::equals).isEmpty()) {
        throw e;
      }
      // The primary changed between the two requests: looked at again.
      throw CloudDbException.of(e.details().toBuilder().retryable(true).build(), e);
    } catch (InvalidArgumentException e) {
      throw isAlone(context, e)
          ? PromotionChecks.promotedAlone(context.resource(), primary.getName(), true)
          : e;
    }
  }

  /** Whether somebody has promoted it since, and not deleted it. */
  private boolean isAlone(StepContext context, CloudDbException refusal) {
    try {
      return calls.find(context.name()).filter(it -> !Replication.isReplica(it)).isPresent();
    } catch (CloudDbException e) {
      // The refusal is what counts.
      refusal.addSuppressed(e);
      return false;
    }
  }
}
