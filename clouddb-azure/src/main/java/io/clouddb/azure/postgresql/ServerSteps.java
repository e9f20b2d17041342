/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.StepOrder.DATABASE;
import static io.clouddb.azure.postgresql.StepOrder.DELETE;
import static io.clouddb.azure.postgresql.StepOrder.ENSURE;
import static io.clouddb.azure.postgresql.StepOrder.FIREWALL;
import static io.clouddb.azure.postgresql.StepOrder.MAINTENANCE;
import static io.clouddb.azure.postgresql.StepOrder.PARAMETER;
import static io.clouddb.azure.postgresql.StepOrder.PATCH;
import static io.clouddb.azure.postgresql.StepOrder.READY;
import static io.clouddb.azure.postgresql.StepOrder.RESTART;
import static io.clouddb.azure.postgresql.StepOrder.SERVER;
import static io.clouddb.azure.postgresql.StepOrder.STOPPED;
import static io.clouddb.azure.postgresql.StepOrder.SWITCH;

import com.azure.resourcemanager.postgresqlflexibleserver.models.Server;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.azure.internal.ArmOperations;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the steps of an operation on a server. Azure wants one request for the server and
 * one for each database, parameter and firewall rule, each an operation of its own. It accepts
 * almost everything with 202 and ends it as failed afterwards, so a step whose operation failed for
 * a reason that passes is begun again, {@link Attempts} times.
 */
final class ServerSteps {
  private final ArmScope scope;
  private final ServerCalls calls;
  private final OwnServer own;
  private final Duration interval;

  ServerSteps(ArmScope scope, ServerCalls calls, OwnServer own, Duration interval) {
    this.scope = scope;
    this.calls = calls;
    this.own = own;
    this.interval = interval;
  }

  Step poll(PolledState state) {
    try {
      return look(state);
    } catch (CloudDbException e) {
      if (e.category() == ErrorCategory.OUTCOME_UNKNOWN) {
        // Every step looks for what it may have done already, so it can simply be taken again.
        throw CloudDbException.of(e.details().toBuilder().retryable(true).build(), e);
      }
      throw e.retryable() ? e : Unfinished.named(state, e);
    }
  }

  private Step look(PolledState state) {
    if (Attempts.of(state).due()) {
      return again(state);
    }
    String handle = state.handle();
    if (handle == null) {
      return ended(state);
    }
    ArmOperations.Status status =
        calls.operation(handle, state.resource().name() + "/" + state.step());
    Attempts attempts = Attempts.of(state);
    return switch (status.progress()) {
      case RUNNING ->
          new Step.Running(
              attempts.seen().in(state), status.pollAfter(), state.step() + " goes on");
      case SUCCEEDED -> ended(state);
      case FAILED -> failed(state, Objects.requireNonNull(status.failure()), status.pollAfter());
      case NOT_SHOWN -> {
        if (attempts.mayBeShown()) {
          yield new Step.Running(
              attempts.notSeen().in(state), null, "Azure does not show the operation yet");
        }
        yield forgotten(state);
      }
    };
  }

  /** How the step's operation ended is not known. */
  private Step forgotten(PolledState state) {
    if (!StepOrder.isRepeatable(state.step())) {
      if (!state.kind().equals(PolledState.MODIFY)) {
        return ended(state);
      }
      if (!KeptRequest.isKept(state)) {
        throw notKnown(state);
      }
      if (!KeptRequest.setsPassword(state)
          && server(state).filter(now -> difference(state, now).isEmpty()).isPresent()) {
        return ended(state);
      }
    }
    // Made again, it ends the same.
    Attempts attempts = Attempts.of(state);
    if (!attempts.mayBeRepeated()) {
      throw notKnown(state);
    }
    return begin(attempts.failed().in(state), state.step());
  }

  private static CloudDbException notKnown(PolledState state) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "Azure no longer shows how the step '"
                + state.step()
                + "' of "
                + state.resource().name()
                + " ended, and the server does not tell")
        .resource(state.resource().toString())
        .retryable(false)
        .outcomeKnown(false)
        .toException();
  }

  /** The step's operation is over, and not known to have failed. */
  private Step ended(PolledState state) {
    return switch (state.step()) {
      case ENSURE -> ensured(state);
      case DELETE -> gone(state);
      case READY -> settled(state, InstanceState.AVAILABLE);
      case STOPPED -> settled(state, InstanceState.STOPPED);
      default -> next(state);
    };
  }

  /** Azure ended the step's operation as failed: plans the next try, or gives up. */
  private Step failed(PolledState state, ErrorDetails failure, @Nullable Duration asked) {
    FailedStep.requireThatItHelps(state, failure, server(state));
    Attempts attempts = Attempts.of(state);
    Duration pause = attempts.pause(interval);
    return new Step.Running(
        FailedStep.noted(attempts.failed().in(state.at(state.step(), null)), failure),
        asked != null && asked.compareTo(pause) > 0 ? asked : pause,
        state.step() + " failed and is tried again: " + failure.message());
  }

  /** The pause before another try is over. */
  private Step again(PolledState state) {
    PolledState over = Attempts.of(state).sent().in(state);
    Optional<Server> server = server(state);
    if (server.isEmpty()) {
      return state.step().equals(DELETE) ? ended(over) : begin(state, state.step());
    }
    FailedStep.requireThatNoneFailed(state);
    String nativeState = ServerView.nativeState(server.get().innerModel());
    InstanceState now = ServerView.state(nativeState);
    if (ServerView.isPassing(now)) {
      return new Step.Running(state, null, "the server is " + nativeState);
    }
    boolean done =
        switch (state.kind()) {
          case PolledState.START -> now == InstanceState.AVAILABLE;
          case PolledState.STOP -> now == InstanceState.STOPPED;
          case PolledState.DELETE -> now == InstanceState.DELETING;
          default -> false;
        };
    return done ? ended(over) : begin(state, state.step());
  }

  /** The operation's server, and no other one that has its name now. */
  private Optional<Server> server(PolledState state) {
    return SameServer.of(state, calls.find(state.resource().name()));
  }

  /** What the server shows otherwise than the step's own request asked for. */
  private static Optional<String> difference(PolledState state, Server server) {
    Optional<ServerForUpdate> asked =
        switch (state.step()) {
          case SERVER -> KeptRequest.asked(state);
          case RESTART -> Optional.empty();
          default -> Optional.of(LaterPatches.of(state, state.step()));
        };
    return asked.flatMap(request -> Shown.difference(request, server.innerModel()));
  }

  /** Goes on to the next step. */
  private Step next(PolledState state) {
    String step = state.step();
    PolledState known = state;
    if (step.equals(SERVER) || step.startsWith(PATCH) || step.equals(RESTART)) {
      // The operation can be over a moment before the server takes the next request.
      Optional<Server> server = server(state);
      if (server.isEmpty()) {
        return notThere(state);
      }
      String nativeState = ServerView.nativeState(server.get().innerModel());
      if (ServerView.isPassing(ServerView.state(nativeState))) {
        return new Step.Running(state.at(step, null), null, "the server is " + nativeState);
      }
      Optional<String> difference = difference(state, server.get());
      if (difference.isPresent()) {
        return leftOut(state, difference.get());
      }
      known = SameServer.noted(state, server.get().innerModel());
    }
    if (step.equals(SERVER)) {
      known = KeptRequest.dropped(known);
    }
    if (step.startsWith(PARAMETER)) {
      Optional<Boolean> needed =
          calls.needsRestart(state.resource().name(), step.substring(PARAMETER.length()));
      if (needed.isEmpty()) {
        return notThere(state);
      }
      known = needed.get() ? state.with(RESTART, "needed") : state;
    }
    Optional<String> following = StepOrder.after(known);
    if (following.isPresent()) {
      return begin(known, following.get());
    }
    String last = known.kind().equals(PolledState.STOP) ? STOPPED : READY;
    return look(known.at(last, null));
  }

  /** Azure may show a change late; one that it never shows was dropped in silence. */
  private static Step leftOut(PolledState state, String difference) {
    Attempts attempts = Attempts.of(state);
    if (attempts.mayAppear()) {
      return new Step.Running(
          attempts.notThere().in(state.at(state.step(), null)),
          null,
          "the operation is over, but " + difference);
    }
    throw ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "Azure did not do all of the step '"
                + state.step()
                + "' of "
                + state.resource().name()
                + ", whose operation is over, or somebody has changed it since: "
                + difference)
        .resource(state.resource().toString())
        .toException();
  }

  private Step begin(PolledState state, String step) {
    if (step.equals(RESTART)) {
      return restart(state);
    }
    String server = state.resource().name();
    Optional<Server> now = server(state);
    Accepted accepted;
    if (step.equals(SERVER)) {
      accepted = own.again(state, now);
    } else if (step.startsWith(PATCH)) {
      accepted = calls.update(server, LaterPatches.of(state, step));
    } else if (step.equals(SWITCH)) {
      accepted =
          state.kind().equals(PolledState.STOP) ? calls.stop(server) : calls.start(server);
    } else if (step.equals(DELETE)) {
      if (now.isEmpty()) {
        return gone(state);
      }
      accepted = calls.delete(server);
    } else if (step.equals(DATABASE)) {
      accepted = calls.database(server, state.value(DATABASE).orElseThrow());
    } else if (step.equals(MAINTENANCE)) {
      accepted = calls.maintenance(server, ServerRequests.maintenance(StepOrder.window(state)));
    } else if (step.startsWith(PARAMETER)) {
      accepted =
          calls.configuration(
              server, step.substring(PARAMETER.length()), state.value(step).orElseThrow());
    } else if (step.startsWith(FIREWALL)) {
      accepted = calls.firewallRule(server, StepOrder.range(step));
    } else {
      throw new IllegalStateException("No request begins the step " + step);
    }
    return begun(state.at(step, accepted.handle()), accepted);
  }

  private static Step begun(PolledState state, Accepted accepted) {
    return new Step.Running(
        Attempts.of(state).sent().in(state), accepted.pollAfter(), state.step() + " began");
  }

  /** Restarts the server unless a request whose answer was lost does so or has done so. */
  private Step restart(PolledState state) {
    String name = state.resource().name();
    Optional<Server> server = server(state);
    if (server.isEmpty()) {
      return notThere(state);
    }
    String nativeState = ServerView.nativeState(server.get().innerModel());
    if (ServerView.isPassing(ServerView.state(nativeState))) {
      return new Step.Running(state, null, "the server is " + nativeState);
    }
    boolean needed = false;
    for (String parameter : StepOrder.parameters(state)) {
      Optional<Boolean> pending = calls.needsRestart(name, parameter.substring(PARAMETER.length()));
      if (pending.isEmpty()) {
        return notThere(state);
      }
      needed |= pending.get();
    }
    if (!needed) {
      return look(state.at(READY, null));
    }
    Accepted accepted = calls.restart(name);
    return begun(state.at(RESTART, accepted.handle()), accepted);
  }

  private Step ensured(PolledState state) {
    Optional<Server> server = server(state);
    if (server.isEmpty()) {
      return notThere(state);
    }
    if (ServerView.state(ServerView.nativeState(server.get().innerModel()))
        != InstanceState.STOPPED) {
      return settled(state, InstanceState.AVAILABLE);
    }
    Accepted accepted = calls.start(state.resource().name());
    return begun(state.at(SWITCH, accepted.handle()), accepted);
  }

  private Step settled(PolledState state, InstanceState wanted) {
    Optional<Server> server = server(state);
    if (server.isEmpty()) {
      return notThere(state);
    }
    String nativeState = ServerView.nativeState(server.get().innerModel());
    InstanceState now = ServerView.state(nativeState);
    if (now == wanted) {
      return new Step.Done(
          ServerView.instance(scope, server.get(), state.value(DATABASE).orElse(null)));
    }
    if (ServerView.isPassing(now)) {
      return new Step.Running(state, null, "the server is " + nativeState);
    }
    throw ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            state.resource().name() + " is " + nativeState + " instead of " + wanted)
        .resource(state.resource().toString())
        .nextStep(
            now == InstanceState.STOPPED
                ? "Start it: instances().start(id)."
                : "Look at it in Azure.")
        .toException();
  }

  private Step gone(PolledState state) {
    Optional<Server> server = server(state);
    if (server.isEmpty()) {
      return new Step.Done(null);
    }
    String nativeState = ServerView.nativeState(server.get().innerModel());
    PolledState waiting = state.at(DELETE, null);
    if (ServerView.state(nativeState) != InstanceState.DELETING) {
      Attempts attempts = Attempts.of(state);
      if (!attempts.mayAppear()) {
        throw ErrorDetails.of(
                ErrorCategory.CONDITION_FAILED,
                state.resource().name() + " is " + nativeState + " although its deletion is over")
            .resource(state.resource().toString())
            .toException();
      }
      waiting = attempts.notThere().in(waiting);
    }
    return new Step.Running(waiting, null, "the server is being deleted");
  }

  /** Azure may answer 404 for a while for what it has made. */
  private static Step notThere(PolledState state) {
    Attempts attempts = Attempts.of(state);
    if (attempts.mayAppear()) {
      return new Step.Running(
          attempts.notThere().in(state),
          null,
          "Azure does not show what the step '" + state.step() + "' made yet");
    }
    throw ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            "What belongs to "
                + state.resource().name()
                + " is not there after the step '"
                + state.step()
                + "', looked for "
                + attempts.missing()
                + " times")
        .resource(state.resource().toString())
        .toException();
  }
}
