/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Operation;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.PermissionException;
import io.clouddb.error.UnavailableException;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Has the replica take writes. Only the replica is asked how far that is: its primary's region may
 * be gone. What follows nobody any more is promoted, by whomever, and is not promoted again.
 */
final class PromoteStep implements StepAction {
  /** Value: since when it is seen as promoted where its primary does not follow it. */
  private static final String ALONE = "alone-since";

  /** Value: since when its own operation is over and it is shown as a replica. */
  private static final String OVER = "over-since";

  /** Value: the newest operation of its type before the request, whose answer may be lost. */
  private static final String BEFORE = "before";

  private final SqlAdminCalls calls;
  private final OwnOperation operations;
  private final TheInstance instance;

  PromoteStep(SqlAdminCalls calls, TheInstance instance) {
    this.calls = calls;
    this.operations = new OwnOperation(calls);
    this.instance = instance;
  }

  @Override
  public String name() {
    return "promote";
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }

  @Override
  public Look look(StepContext context) {
    Optional<Look> own = operations.look(context);
    Optional<Operation> newest =
        own.isPresent() ? Optional.empty() : operations.newest(context, type(context));
    Optional<Look> seen =
        own.or(
            () ->
                newest
                    .filter(operation -> isSince(operation, context))
                    .map(operation -> OwnOperation.look(operation, context)));
    if (seen.isPresent() && seen.get() instanceof Look.Failed failed) {
      return failed(failed, context);
    }
    if (seen.isPresent() && !(seen.get() instanceof Look.Happened)) {
      return seen.get();
    }
    // What ends between the two looks shows its effect in the second one.
    Optional<Look> running = OwnOperation.running(newest);
    DatabaseInstance found = instance.get(context);
    if (!Replication.isReplica(found)) {
      // It is shown as promoted while the operation still goes on.
      return running.orElseGet(() -> own.orElseGet(() -> promoted(seen, context)));
    }
    if (seen.isPresent()) {
      return unshown(context);
    }
    if (!context.asked() && !InstanceReader.RUNNABLE.equals(found.getState())) {
      return StateChecks.passing(found, context);
    }
    return running
        .or(() -> operations.mayShow(context))
        .orElseGet(() -> context.asked() ? OwnOperation.missing(context) : unsent(newest));
  }

  private static Look unsent(Optional<Operation> newest) {
    return Look.missing("", Map.of(BEFORE, newest.map(Operation::getName).orElse("")));
  }

  /**
   * Whether an operation came after the request was to be sent: one whose answer was lost is known
   * by that alone. One that somebody else began meanwhile is about the same, and tells as much. No
   * other is taken for one whose name is known, which may be accepted and not visible yet.
   */
  private static boolean isSince(Operation operation, StepContext context) {
    if (!context.asked()) {
      return false;
    }
    String name = operation.getName();
    return context
        .handle()
        .map(own -> own.equals(name))
        .orElseGet(() -> context.value(BEFORE).filter(before -> !before.equals(name)).isPresent());
  }

  /** One that has failed at its end may have made it a writer all the same. */
  private Look failed(Look.Failed failed, StepContext context) {
    Optional<DatabaseInstance> writer =
        instance.find(context).filter(found -> !Replication.isReplica(found));
    return writer.isEmpty()
        ? failed
        : Look.failed(
            PromotionChecks.promotedInPart(
                context.resource(), ReplicaWorkflows.source(context), failed.why()));
  }

  /**
   * It follows nobody, and no operation is known to be this one's. Where both were to change
   * places, one of that type tells that they did, or else its primary does, which somebody may have
   * left alone. The others are of one type, whatever becomes of the primary.
   */
  private Look promoted(Optional<Look> seen, StepContext context) {
    if (!isSwitchover(context)) {
      return Look.happened(PromotionNotes.already());
    }
    if (seen.isPresent()) {
      return seen.get();
    }
    String source = ReplicaWorkflows.source(context);
    Instant since = NotedTime.of(context, ALONE);
    boolean early = context.isWithin(OwnOperation.UNSEEN_LIMIT, since);
    Optional<DatabaseInstance> primary;
    try {
      primary = calls.find(source);
    } catch (UnavailableException | DeadlineException | PermissionException e) {
      // It takes writes, whatever its primary does: a later step tells what is seen of that.
      return early
          ? alone(context, source + " could not be looked at (" + e.getMessage() + ")", since)
          : Look.happened();
    }
    if (primary.flatMap(Replication::source).filter(context.name()::equals).isPresent()) {
      return Look.happened();
    }
    if (early) {
      // What has just changed places may be shown one after the other.
      return alone(context, source + " does not follow it yet", since);
    }
    return Look.failed(
        PromotionChecks.promotedAlone(context.resource(), source, primary.isPresent()));
  }

  private static Look alone(StepContext context, String seen, Instant since) {
    return new Look.Going(
        context.name() + " is promoted, and " + seen, null, Map.of(ALONE, since.toString()));
  }

  /** Its operation has ended well, and it is a replica: still, or again. */
  private static Look unshown(StepContext context) {
    Instant since = NotedTime.of(context, OVER);
    return context.isWithin(OwnOperation.UNSEEN_LIMIT, since)
        ? new Look.Going(
            "the promotion is over, and not shown yet", null, Map.of(OVER, since.toString()))
        : Look.failed(PromotionChecks.replicaAgain(context.resource()));
  }

  private static boolean isSwitchover(StepContext context) {
    return context.specification(Promotion.class).field() == ReplicaField.SWITCHOVER;
  }

  @Override
  public Begun begin(StepContext context) {
    try {
      return OwnOperation.begun(
          DoubtfulRefusal.send(context, calls, context.name(), () -> send(context)));
    } catch (ConditionFailedException | InvalidArgumentException e) {
      // Refused of what is no replica any more: sent before, or by somebody else. A look tells.
      if (!Replication.isReplica(instance.get(context))) {
        return Begun.done("it is promoted");
      }
      throw e;
    }
  }

  private Operation send(StepContext context) {
    ReplicaField form = context.specification(Promotion.class).field();
    return form == ReplicaField.SWITCHOVER
        ? calls.switchOver(context.name())
        : calls.promote(context.name(), form == ReplicaField.SWITCHOVER_FORCED);
  }

  private static String type(StepContext context) {
    return isSwitchover(context) ? "SWITCHOVER" : "PROMOTE_REPLICA";
  }
}
