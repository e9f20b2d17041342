/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.util.Optional;

/**
 * Makes the replica. One request carries all that can be asked for. The service's operation is the
 * source's, which takes no other one meanwhile; a replica whose request was lost is known again by
 * the operation's own id, which it carries as a label.
 */
final class ReplicaInsertStep implements StepAction {
  private final SqlAdminCalls calls;
  private final OwnOperation operations;
  private final ReplicaTables.Place place;

  ReplicaInsertStep(SqlAdminCalls calls, ReplicaTables.Place place) {
    this.calls = calls;
    this.operations = new OwnOperation(calls);
    this.place = place;
  }

  @Override
  public String name() {
    return "insert";
  }

  @Override
  public String makes(StepContext context) {
    return "the replica " + context.name();
  }

  /** It is opened to whom its source is open to, unless it is in a private network alone. */
  @Override
  public boolean guarded(StepContext context) {
    return context
        .specification(ReplicaSpec.class)
        .network()
        .filter(network -> !network.isPublic())
        .isEmpty();
  }

  @Override
  public Look look(StepContext context) {
    Optional<Look> seen = operations.look(context);
    if (seen.isPresent()) {
      return seen.get() instanceof Look.Happened happened
          ? Look.found(happened.notes())
          : seen.get();
    }
    Optional<DatabaseInstance> found = calls.find(context.name());
    if (found.isEmpty()) {
      return operations.mayShow(context).orElseGet(() -> OwnOperation.missing(context));
    }
    if (!isOwn(found.get(), context)) {
      return Look.failed(TakenName.by(context.name(), found, place.region(), null));
    }
    Look look =
        InstanceReader.RUNNABLE.equals(found.get().getState())
            ? Look.happened()
            : StateChecks.passing(found.get(), context);
    return look instanceof Look.Happened happened ? Look.found(happened.notes()) : look;
  }

  private boolean isOwn(DatabaseInstance found, StepContext context) {
    return place.region().equals(found.getRegion())
        && Labels.attempt(InstanceReader.labels(found.getSettings()))
            .filter(context.state().id()::equals)
            .isPresent();
  }

  @Override
  public Begun begin(StepContext context) {
    ReplicaSpec spec = context.specification(ReplicaSpec.class);
    DatabaseInstance source = calls.get(spec.source().orElseThrow().name());
    DatabaseInstance body = ReplicaRequest.of(context, place, source);
    try {
      return OwnOperation.begun(DoubtfulRefusal.send(context, calls, () -> calls.insert(body)));
    } catch (AlreadyExistsException e) {
      return adopted(context, e);
    }
  }

  /** The HTTP client may have sent this very request twice, without a word. */
  private Begun adopted(StepContext context, AlreadyExistsException refusal) {
    Optional<DatabaseInstance> holder;
    try {
      holder = calls.find(context.name());
    } catch (CloudDbException e) {
      refusal.addSuppressed(e);
      throw doubtful(refusal);
    }
    if (holder.filter(found -> isOwn(found, context)).isPresent()) {
      return Begun.done("the replica is there");
    }
    CloudDbException taken = TakenName.by(context.name(), holder, place.region(), refusal);
    throw holder.isPresent() && context.state().lost() ? doubtful(taken) : taken;
  }

  private static CloudDbException doubtful(CloudDbException e) {
    return CloudDbException.of(e.details().toBuilder().outcomeKnown(false).build(), e);
  }

  /** An instance is never removed by itself. Somebody else's of that name is not what is left. */
  @Override
  public Undone undo(StepContext context) {
    Optional<DatabaseInstance> found = calls.find(context.name());
    if (found.isPresent()) {
      return isOwn(found.get(), context)
          ? Undone.stays(
              makes(context)
                  + ", in the state "
                  + found.get().getState()
                  + ", which costs money until it is deleted")
          : Undone.gone();
    }
    boolean known =
        context.state().failure().filter(failure -> failure.details().outcomeKnown()).isPresent();
    return known
        ? Undone.gone()
        : Undone.stays(makes(context) + ", if a request whose answer was lost has made it");
  }
}
