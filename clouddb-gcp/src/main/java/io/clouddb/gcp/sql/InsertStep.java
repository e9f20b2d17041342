/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Operation;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes an instance. It carries the operation's own id as a label, by which what a lost request has
 * made is known again. An instance is never removed by itself: a creation that fails names it.
 */
abstract class InsertStep implements StepAction {
  final SqlAdminCalls calls;
  final OwnOperation operations;
  final String region;

  InsertStep(SqlAdminCalls calls, String region) {
    this.calls = calls;
    this.operations = new OwnOperation(calls);
    this.region = region;
  }

  @Override
  public final String name() {
    return "insert";
  }

  /** The request, with what is secret in it; sent when it is asked for. */
  abstract Supplier<Operation> request(StepContext context);

  /** The name of the instance whose operation it is, which does one at a time. */
  abstract String busy(StepContext context);

  @Override
  public final Look look(StepContext context) {
    Optional<Look> seen = operations.look(context);
    if (seen.isPresent()) {
      return own(seen.get(), context);
    }
    Optional<DatabaseInstance> found = calls.find(context.name());
    if (found.isEmpty()) {
      return operations
          .mayShow(context)
          .orElseGet(() -> OwnOperation.missing(context, unsent(context)));
    }
    if (!isOwn(found.get(), context)) {
      return another(found.get(), context);
    }
    return own(adopted(found.get(), context), context);
  }

  /** What later steps have to know of how things are before the request is sent. */
  Map<String, String> unsent(StepContext context) {
    return Map.of();
  }

  /** What has the name, and is not this operation's own as far as can be seen. */
  Look another(DatabaseInstance found, StepContext context) {
    return Look.failed(TakenName.by(context.name(), Optional.of(found), region, null));
  }

  /** What to say is left where what has the name may be this operation's own all the same. */
  Optional<String> doubt(DatabaseInstance found, StepContext context) {
    return Optional.empty();
  }

  /** What was made, with what was noted of it. */
  Look made(Look.Happened happened, StepContext context) {
    return Look.found(happened.notes());
  }

  /** The types of the operations that make it; none where they are another instance's. */
  List<String> types(StepContext context) {
    return List.of();
  }

  /**
   * How far what a lost request has made is. Google lists operations by the instance's name: one
   * that is over may be of an earlier instance, so the state tells.
   */
  private Look adopted(DatabaseInstance found, StepContext context) {
    List<Operation> newest =
        types(context).stream()
            .flatMap(type -> calls.newest(context.name(), type).stream())
            .toList();
    Optional<Look> running =
        newest.stream()
            .flatMap(operation -> OwnOperation.running(Optional.of(operation)).stream())
            .findFirst();
    if (running.isPresent()) {
      return running.get();
    }
    if (InstanceReader.FAILED.equals(found.getState())) {
      Optional<Look> failed =
          newest.stream()
              .map(operation -> OwnOperation.look(operation, context))
              .filter(Look.Failed.class::isInstance)
              .findFirst();
      if (failed.isPresent()) {
        return failed.get();
      }
    }
    return InstanceReader.RUNNABLE.equals(found.getState())
        ? Look.happened()
        : StateChecks.passing(found, context);
  }

  /** What is there is this operation's own, also where another process has sent the request. */
  private Look own(Look look, StepContext context) {
    if (look instanceof Look.Happened happened) {
      return made(happened, context);
    }
    boolean unnamed = context.state().made().isEmpty();
    if (look instanceof Look.Failed failed && unnamed) {
      ErrorDetails.Builder details = failed.why().details().toBuilder();
      details.leftBehind(makes(context) + ", as far as it was made");
      return Look.failed(CloudDbException.of(details.build(), failed.why()));
    }
    return look;
  }

  /** Whether what is there is what this operation has made. */
  boolean isOwn(DatabaseInstance found, StepContext context) {
    return isLabelled(found, context);
  }

  private boolean isLabelled(DatabaseInstance found, StepContext context) {
    return region.equals(found.getRegion())
        && Labels.attempt(InstanceReader.labels(found.getSettings()))
            .filter(context.state().id()::equals)
            .isPresent();
  }

  @Override
  public final Begun begin(StepContext context) {
    Supplier<Operation> request = request(context);
    try {
      return OwnOperation.begun(DoubtfulRefusal.send(context, calls, busy(context), request));
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
    if (holder.filter(found -> isLabelled(found, context)).isPresent()) {
      return Begun.done(makes(context) + " is there");
    }
    CloudDbException taken =
        taken(TakenName.by(context.name(), holder, region, refusal), holder, context);
    // After a lost answer the look tells best that what is there is somebody else's.
    throw holder.isPresent() && context.state().lost() ? doubtful(taken) : taken;
  }

  /** The error of a name that the service says is taken. */
  CloudDbException taken(
      CloudDbException error, Optional<DatabaseInstance> holder, StepContext context) {
    return error;
  }

  private static CloudDbException doubtful(CloudDbException e) {
    return CloudDbException.of(e.details().toBuilder().outcomeKnown(false).build(), e);
  }

  /**
   * Somebody else's instance of that name is not what is left, and not to be removed by anybody.
   */
  @Override
  public final Undone undo(StepContext context) {
    Optional<DatabaseInstance> found = calls.find(context.name());
    if (found.isPresent()) {
      return isOwn(found.get(), context)
          ? Undone.stays(
              makes(context)
                  + ", in the state "
                  + found.get().getState()
                  + ", which costs money until it is deleted")
          : doubt(found.get(), context).map(Undone::stays).orElseGet(Undone::gone);
    }
    boolean known =
        context.state().failure().filter(failure -> failure.details().outcomeKnown()).isPresent();
    return known
        ? Undone.gone()
        : Undone.stays(makes(context) + ", if a request whose answer was lost has made it");
  }
}
