/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.StepOrder.DATABASE;
import static io.clouddb.azure.postgresql.StepOrder.DELETE;
import static io.clouddb.azure.postgresql.StepOrder.ENSURE;
import static io.clouddb.azure.postgresql.StepOrder.FIREWALL;
import static io.clouddb.azure.postgresql.StepOrder.MAINTENANCE;
import static io.clouddb.azure.postgresql.StepOrder.PARAMETER;
import static io.clouddb.azure.postgresql.StepOrder.READY;
import static io.clouddb.azure.postgresql.StepOrder.RESTART;
import static io.clouddb.azure.postgresql.StepOrder.SERVER;
import static io.clouddb.azure.postgresql.StepOrder.STOPPED;
import static io.clouddb.azure.postgresql.StepOrder.SWITCH;

import com.azure.resourcemanager.postgresqlflexibleserver.models.Server;
import io.clouddb.azure.internal.ArmOperations;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.OperationState;
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

  Step poll(OperationState state) {
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

  private Step look(OperationState state) {
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
        // How it ended is not known; made again, it ends the same.
        yield isRepeatable(state.step()) ? begin(state, state.step()) : ended(state);
      }
    };
  }

  private static boolean isRepeatable(String step) {
    return step.equals(DATABASE)
        || step.equals(MAINTENANCE)
        || step.equals(RESTART)
        || step.startsWith(PARAMETER)
        || step.startsWith(FIREWALL);
  }

  /** The step's operation is over, and not known to have failed. */
  private Step ended(OperationState state) {
    return switch (state.step()) {
      case ENSURE -> ensured(state);
      case DELETE -> gone(state);
      case READY -> settled(state, InstanceState.AVAILABLE);
      case STOPPED -> settled(state, InstanceState.STOPPED);
      default -> next(state);
    };
  }

  /** Azure ended the step's operation as failed: plans the next try, or gives up. */
  private Step failed(OperationState state, ErrorDetails failure, @Nullable Duration asked) {
    boolean passes =
        switch (failure.category()) {
          case BUSY, THROTTLED, UNAVAILABLE -> true;
          default -> false;
        };
    if (!passes) {
      throw CloudDbException.of(failure, null);
    }
    Attempts attempts = Attempts.of(state);
    if (!attempts.mayBeRepeated()) {
      throw exhausted(failure, attempts.repeated() + 1);
    }
    requireThatItHelps(state, failure);
    Duration pause = attempts.pause(interval);
    return new Step.Running(
        attempts.failed().in(state.at(state.step(), null)),
        asked != null && asked.compareTo(pause) > 0 ? asked : pause,
        state.step() + " failed and is tried again: " + failure.message());
  }

  private static CloudDbException exhausted(ErrorDetails failure, int tries) {
    return ErrorDetails.of(
            failure.category(), failure.message() + " (the same after " + tries + " tries)")
        .retryable(false)
        .operation(failure.operation().orElse(null))
        .resource(failure.resource().orElse(null))
        .providerCode(failure.providerCode().orElse(null))
        .requestId(failure.requestId().orElse(null))
        .nextStep(failure.nextStep().orElse(null))
        .toException();
  }

  /** Azure calls a server busy also while it is stopped, which no repetition changes. */
  private void requireThatItHelps(OperationState state, ErrorDetails failure) {
    Optional<Server> server = calls.find(state.resource().name());
    boolean creation = state.kind().equals(OperationState.CREATE) && state.step().equals(SERVER);
    if (server.isEmpty()) {
      if (creation && !KeptRequest.isKept(state)) {
        throw CloudDbException.of(failure.toBuilder().nextStep("Create it again.").build(), null);
      }
      return;
    }
    if (state.step().equals(SERVER) && !KeptRequest.isKept(state)) {
      throw CloudDbException.of(failure, null);
    }
    InstanceState now = ServerView.state(ServerView.nativeState(server.get().innerModel()));
    if (creation && !isPassing(now)) {
      // The server is there and its creation failed: what it lacks is not known.
      throw CloudDbException.of(failure, null);
    }
    if (now == InstanceState.STOPPED && !isSwitch(state.kind())) {
      throw stopped(state, failure.message());
    }
    if ((now == InstanceState.FAILED || now == InstanceState.DELETING)
        && !state.kind().equals(OperationState.DELETE)) {
      throw CloudDbException.of(failure, null);
    }
  }

  private static boolean isSwitch(String kind) {
    return switch (kind) {
      case OperationState.START, OperationState.STOP, OperationState.DELETE -> true;
      default -> false;
    };
  }

  private static CloudDbException stopped(OperationState state, String said) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            state.resource().name() + " is stopped, so it takes no change. Azure says: " + said)
        .resource(state.resource().toString())
        .nextStep("Start it: instances().start(id).")
        .toException();
  }

  /** The pause before another try is over. */
  private Step again(OperationState state) {
    OperationState over = Attempts.of(state).sent().in(state);
    Optional<Server> server = calls.find(state.resource().name());
    if (server.isEmpty()) {
      return state.step().equals(DELETE) ? ended(over) : begin(state, state.step());
    }
    String nativeState = ServerView.nativeState(server.get().innerModel());
    InstanceState now = ServerView.state(nativeState);
    if (isPassing(now)) {
      return new Step.Running(state, null, "the server is " + nativeState);
    }
    boolean done =
        switch (state.kind()) {
          case OperationState.START -> now == InstanceState.AVAILABLE;
          case OperationState.STOP -> now == InstanceState.STOPPED;
          case OperationState.DELETE -> now == InstanceState.DELETING;
          default -> false;
        };
    return done ? ended(over) : begin(state, state.step());
  }

  /** Goes on to the next step. */
  private Step next(OperationState state) {
    String step = state.step();
    if (step.equals(SERVER) || step.equals(RESTART)) {
      // The operation can be over a moment before the server takes the next request.
      Optional<Server> server = calls.find(state.resource().name());
      if (server.isEmpty()) {
        return notThere(state);
      }
      String nativeState = ServerView.nativeState(server.get().innerModel());
      if (isPassing(ServerView.state(nativeState))) {
        return new Step.Running(state.at(step, null), null, "the server is " + nativeState);
      }
    }
    OperationState known = step.equals(SERVER) ? KeptRequest.dropped(state) : state;
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
    String last = known.kind().equals(OperationState.STOP) ? STOPPED : READY;
    return look(known.at(last, null));
  }

  private Step begin(OperationState state, String step) {
    String server = state.resource().name();
    Accepted accepted;
    if (step.equals(RESTART)) {
      return restart(state);
    } else if (step.equals(SERVER)) {
      accepted = own.again(state);
    } else if (step.equals(SWITCH)) {
      accepted =
          state.kind().equals(OperationState.STOP) ? calls.stop(server) : calls.start(server);
    } else if (step.equals(DELETE)) {
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

  private static Step begun(OperationState state, Accepted accepted) {
    return new Step.Running(
        Attempts.of(state).sent().in(state), accepted.pollAfter(), state.step() + " began");
  }

  /** Restarts the server unless a request whose answer was lost does so or has done so. */
  private Step restart(OperationState state) {
    String name = state.resource().name();
    Optional<Server> server = calls.find(name);
    if (server.isEmpty()) {
      return notThere(state);
    }
    String nativeState = ServerView.nativeState(server.get().innerModel());
    if (isPassing(ServerView.state(nativeState))) {
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

  private Step ensured(OperationState state) {
    Optional<Server> server = calls.find(state.resource().name());
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

  private Step settled(OperationState state, InstanceState wanted) {
    Optional<Server> server = calls.find(state.resource().name());
    if (server.isEmpty()) {
      return notThere(state);
    }
    String nativeState = ServerView.nativeState(server.get().innerModel());
    InstanceState now = ServerView.state(nativeState);
    if (now == wanted) {
      return new Step.Done(
          ServerView.instance(scope, server.get(), state.value(DATABASE).orElse(null)));
    }
    if (isPassing(now)) {
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

  private static boolean isPassing(InstanceState state) {
    return switch (state) {
      case CREATING, MODIFYING, STARTING, STOPPING, OTHER -> true;
      case AVAILABLE, STOPPED, DELETING, FAILED -> false;
    };
  }

  private Step gone(OperationState state) {
    Optional<Server> server = calls.find(state.resource().name());
    if (server.isEmpty()) {
      return new Step.Done(null);
    }
    String nativeState = ServerView.nativeState(server.get().innerModel());
    OperationState waiting = state.at(DELETE, null);
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
  private static Step notThere(OperationState state) {
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
