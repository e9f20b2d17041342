/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.error.CloudDbException;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaField;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Waits until the former source follows the replica that has changed places with it. The replica
 * takes writes by now, so whatever becomes of the former source is no failure: what is seen of one
 * that does not come to follow is noted, and told at the end.
 */
final class FormerSourceStep implements StepAction {
  /** As long as a repair of it may take; meanwhile nobody is told of the new writer. */
  static final Duration WAIT = Duration.ofMinutes(30);

  /** Value: since when it is waited for. */
  private static final String SINCE = "former-since";

  private final SqlAdminCalls calls;

  FormerSourceStep(SqlAdminCalls calls) {
    this.calls = calls;
  }

  @Override
  public String name() {
    return "former source";
  }

  @Override
  public boolean applies(StepContext context) {
    return context.specification(Promotion.class).field() == ReplicaField.SWITCHOVER;
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Look look(StepContext context) {
    Optional<DatabaseInstance> there;
    try {
      there = calls.find(ReplicaWorkflows.source(context));
    } catch (CloudDbException e) {
      return waiting(context, "could not be looked at (" + e.getMessage() + ")", WAIT);
    }
    if (there.isEmpty()) {
      return waiting(context, "is gone", OwnOperation.UNSEEN_LIMIT);
    }
    DatabaseInstance found = there.get();
    Optional<String> follows = Replication.source(found).filter(it -> Replication.isReplica(found));
    if (follows.filter(context.name()::equals).isPresent()
        && Replication.state(found) == Replica.State.REPLICATING) {
      return Look.happened();
    }
    String instead =
        "follows " + follows.orElse("nobody") + " and is " + Replication.nativeState(found);
    // Neither of these passes by itself.
    return waiting(
        context,
        instead,
        StateChecks.failure(found, context).isPresent() ? OwnOperation.UNSEEN_LIMIT : WAIT);
  }

  private static Look waiting(StepContext context, String instead, Duration limit) {
    Instant since = NotedTime.of(context, SINCE);
    return context.isWithin(limit, since)
        ? new Look.Going(
            ReplicaWorkflows.source(context)
                + " "
                + instead
                + "; "
                + context.name()
                + " takes writes already",
            null,
            Map.of(SINCE, since.toString()))
        : Look.happened(PromotionNotes.former(instead));
  }
}
