/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.util.Optional;

/**
 * Makes the instance. It carries the operation's own id as a label, by which what a lost request
 * has made is known again. An instance is never removed by itself: a creation that fails names it.
 */
final class InsertStep implements StepAction {
  private final SqlAdminCalls calls;
  private final OwnOperation operations;
  private final String region;

  InsertStep(SqlAdminCalls calls, String region) {
    this.calls = calls;
    this.operations = new OwnOperation(calls);
    this.region = region;
  }

  @Override
  public String name() {
    return "insert";
  }

  @Override
  public String makes(StepContext context) {
    return "the instance " + context.name();
  }

  @Override
  public boolean needsSecret(StepContext context) {
    return isDefaultAdmin(context);
  }

  private static boolean isDefaultAdmin(StepContext context) {
    String user = context.specification(InstanceSpec.class).admin().user();
    return user.equals(CloudSqlInstances.DEFAULT_ADMIN);
  }

  /** A public network is opened with the instance. */
  @Override
  public boolean guarded(StepContext context) {
    return needsSecret(context)
        || context
            .specification(InstanceSpec.class)
            .network()
            .filter(Network::isPublic)
            .isPresent();
  }

  @Override
  public Look look(StepContext context) {
    Optional<Look> seen = operations.look(context);
    if (seen.isPresent()) {
      return own(seen.get(), context);
    }
    Optional<DatabaseInstance> found = calls.find(context.name());
    if (found.isEmpty()) {
      return operations.mayShow(context).orElseGet(() -> OwnOperation.missing(context));
    }
    if (!isOwn(found.get(), context)) {
      return Look.failed(TakenName.by(context.name(), found, region, null));
    }
    return own(adopted(found.get(), context), context);
  }

  /**
   * How far what a lost request has made is. Google lists operations by the instance's name: one
   * that is over may be of an earlier instance, so the state tells.
   */
  private Look adopted(DatabaseInstance found, StepContext context) {
    Optional<Look> running = operations.running(context, "CREATE");
    if (running.isPresent()) {
      return running.get();
    }
    String state = found.getState();
    if (InstanceReader.RUNNABLE.equals(state)) {
      return Look.happened();
    }
    Optional<Look> failed =
        InstanceReader.FAILED.equals(state)
            ? calls
                .newest(context.name(), "CREATE")
                .map(creation -> OwnOperation.look(creation, context))
                .filter(Look.Failed.class::isInstance)
            : Optional.empty();
    return failed.orElseGet(() -> StateChecks.passing(found, context));
  }

  /** What is there is this operation's own, also where another process has sent the request. */
  private Look own(Look look, StepContext context) {
    if (look instanceof Look.Happened happened) {
      return Look.found(happened.notes());
    }
    boolean unnamed = context.state().made().isEmpty();
    if (look instanceof Look.Failed failed && unnamed) {
      ErrorDetails.Builder details = failed.why().details().toBuilder();
      details.leftBehind(makes(context) + ", as far as it was made");
      return Look.failed(CloudDbException.of(details.build(), failed.why()));
    }
    return look;
  }

  private boolean isOwn(DatabaseInstance found, StepContext context) {
    return region.equals(found.getRegion())
        && Labels.attempt(InstanceReader.labels(found.getSettings()))
            .filter(context.state().id()::equals)
            .isPresent();
  }

  @Override
  public Begun begin(StepContext context) {
    DatabaseInstance body = InsertRequest.of(context, region);
    if (isDefaultAdmin(context)) {
      InstanceSpec spec = context.specification(InstanceSpec.class);
      body.setRootPassword(context.secret(spec.admin().password().orElseThrow()));
    }
    try {
      return OwnOperation.begun(DoubtfulRefusal.send(context, calls, () -> calls.insert(body)));
    } catch (AlreadyExistsException e) {
      return existing(context, e);
    }
  }

  /** The HTTP client may have sent this very request twice, without a word. */
  private Begun existing(StepContext context, AlreadyExistsException refusal) {
    Optional<DatabaseInstance> holder;
    try {
      holder = calls.find(context.name());
    } catch (CloudDbException e) {
      refusal.addSuppressed(e);
      throw doubtful(refusal);
    }
    if (holder.filter(found -> isOwn(found, context)).isPresent()) {
      return Begun.done("the instance is there");
    }
    CloudDbException taken = TakenName.by(context.name(), holder, region, refusal);
    // After a lost answer the look tells best that what is there is somebody else's.
    throw holder.isPresent() && context.state().lost() ? doubtful(taken) : taken;
  }

  private static CloudDbException doubtful(CloudDbException e) {
    return CloudDbException.of(e.details().toBuilder().outcomeKnown(false).build(), e);
  }

  /**
   * Somebody else's instance of that name is not what is left, and not to be removed by anybody.
   */
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
