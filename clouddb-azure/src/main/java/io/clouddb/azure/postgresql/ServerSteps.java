/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.models.Server;
import io.clouddb.azure.internal.ArmOperations;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmOperations.Progress;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.Step;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Goes through the steps of an operation on a server. Azure wants one request for the server and
 * one for each database, parameter and firewall rule, each an operation of its own; what is still
 * to do stands in the state's values, so that another process can go on. No step needs a secret:
 * the password went with the first request.
 */
final class ServerSteps {
  /** The server's own PUT or PATCH. */
  static final String SERVER = "server";

  /** Starting, stopping. */
  static final String SWITCH = "switch";

  /** The facade's {@code ensure}: nothing has begun, and the server may be stopped. */
  static final String ENSURE = "ensure";

  static final String DELETE = "delete";
  static final String READY = "ready";
  static final String STOPPED = "stopped";

  private static final String DATABASE = "database";
  private static final String PARAMETER = "parameter.";
  private static final String FIREWALL = "firewall.";
  private static final String MAINTENANCE = "maintenance";
  private static final String RESTART = "restart";

  private final ArmScope scope;
  private final ServerCalls calls;

  ServerSteps(ArmScope scope, ServerCalls calls) {
    this.scope = scope;
    this.calls = calls;
  }

  /** With what there is to do once the server is there. */
  static OperationState withDatabase(OperationState state, Optional<String> name) {
    return name.map(value -> state.with(DATABASE, value)).orElse(state);
  }

  static OperationState withParameters(OperationState state, Map<String, String> parameters) {
    OperationState result = state;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      result = result.with(PARAMETER + parameter.getKey(), parameter.getValue());
    }
    return result;
  }

  static OperationState withRange(OperationState state, String cidr) {
    return state.with(FIREWALL + cidr, "allow");
  }

  static OperationState withMaintenance(
      OperationState state, Optional<io.clouddb.instance.MaintenanceWindow> window) {
    return window
        .map(value -> state.with(MAINTENANCE, value.day() + " " + value.start()))
        .orElse(state);
  }

  Step poll(OperationState state) {
    try {
      return look(state);
    } catch (CloudDbException e) {
      if (e.category() == ErrorCategory.OUTCOME_UNKNOWN) {
        // Every step looks for what it may have done already, so it can simply be taken again.
        throw CloudDbException.of(e.details().toBuilder().retryable(true).build(), e);
      }
      if (!state.kind().equals(OperationState.CREATE) || e.retryable()) {
        throw e;
      }
      throw CloudDbException.of(
          e.details().toBuilder()
              .leftBehind(
                  (state.step().equals(SERVER) ? "perhaps the server " : "the server ")
                      + state.resource().name()
                      + ", unfinished at the step '"
                      + state.step()
                      + "'")
              .nextStep(e.nextStep().orElse("Delete the server, or finish it by modify."))
              .build(),
          e);
    }
  }

  private Step look(OperationState state) {
    String handle = state.handle();
    if (handle != null) {
      ArmOperations.Status status =
          calls.operation(handle, state.resource().name() + "/" + state.step());
      if (status.progress() == Progress.RUNNING) {
        return new Step.Running(state, status.pollAfter(), state.step() + " goes on");
      }
      if (status.progress() == Progress.FORGOTTEN && isRepeatable(state.step())) {
        // How it ended is not known; made again, it ends the same.
        return begin(state, state.step());
      }
    }
    return switch (state.step()) {
      case ENSURE -> ensured(state);
      case DELETE -> gone(state);
      case READY -> settled(state, InstanceState.AVAILABLE);
      case STOPPED -> settled(state, InstanceState.STOPPED);
      default -> next(state);
    };
  }

  private static boolean isRepeatable(String step) {
    return step.equals(DATABASE)
        || step.equals(MAINTENANCE)
        || step.equals(RESTART)
        || step.startsWith(PARAMETER)
        || step.startsWith(FIREWALL);
  }

  /** What is to be done in which order, the server's own request first. */
  private static List<String> order(OperationState state) {
    List<String> steps = new ArrayList<>();
    steps.add(SERVER);
    steps.add(SWITCH);
    if (state.value(DATABASE).isPresent()) {
      steps.add(DATABASE);
    }
    state.values().keySet().stream()
        .filter(key -> key.startsWith(FIREWALL))
        .sorted()
        .forEach(steps::add);
    if (state.value(MAINTENANCE).isPresent()) {
      steps.add(MAINTENANCE);
    }
    state.values().keySet().stream()
        .filter(key -> key.startsWith(PARAMETER))
        .sorted()
        .forEach(steps::add);
    if (state.value(RESTART).isPresent()) {
      steps.add(RESTART);
    }
    return steps;
  }

  /** The step's operation is over: goes on to the next one. */
  private Step next(OperationState state) {
    String step = state.step();
    if (step.equals(SERVER) || step.equals(RESTART)) {
      // The operation can be over a moment before the server takes the next request.
      Server server = server(state);
      String nativeState = ServerView.nativeState(server.innerModel());
      InstanceState now = ServerView.state(nativeState);
      if (isPassing(now)) {
        return new Step.Running(state.at(step, null), null, "the server is " + nativeState);
      }
    }
    OperationState known = state;
    if (step.startsWith(PARAMETER)
        && calls.needsRestart(state.resource().name(), step.substring(PARAMETER.length()))) {
      known = state.with(RESTART, "needed");
    }
    List<String> order = order(known);
    int index = order.indexOf(step);
    if (index < 0) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The token is at the step '" + step + "', which this release does not know")
          .toException();
    }
    // SWITCH is no follower of SERVER: each begins an operation of its own.
    int following = step.equals(SERVER) ? index + 2 : index + 1;
    if (following < order.size()) {
      return begin(known, order.get(following));
    }
    String last = known.kind().equals(OperationState.STOP) ? STOPPED : READY;
    return look(known.at(last, null));
  }

  private Step begin(OperationState state, String step) {
    String server = state.resource().name();
    Accepted accepted;
    if (step.equals(DATABASE)) {
      accepted = calls.database(server, state.value(DATABASE).orElseThrow());
    } else if (step.equals(MAINTENANCE)) {
      accepted =
          calls.maintenance(
              server, ServerRequests.maintenance(window(state.value(MAINTENANCE).orElseThrow())));
    } else if (step.equals(RESTART)) {
      return restart(state);
    } else if (step.startsWith(PARAMETER)) {
      accepted =
          calls.configuration(
              server, step.substring(PARAMETER.length()), state.value(step).orElseThrow());
    } else if (step.startsWith(FIREWALL)) {
      accepted = calls.firewallRule(server, range(step.substring(FIREWALL.length())));
    } else {
      throw new IllegalStateException("No request begins the step " + step);
    }
    return new Step.Running(state.at(step, accepted.handle()), accepted.pollAfter(), step);
  }

  /** Restarts the server unless a request whose answer was lost does so or has done so. */
  private Step restart(OperationState state) {
    String name = state.resource().name();
    String nativeState = ServerView.nativeState(server(state).innerModel());
    if (isPassing(ServerView.state(nativeState))) {
      return new Step.Running(state, null, "the server is " + nativeState);
    }
    boolean needed =
        state.values().keySet().stream()
            .filter(key -> key.startsWith(PARAMETER))
            .anyMatch(key -> calls.needsRestart(name, key.substring(PARAMETER.length())));
    if (!needed) {
      return look(state.at(READY, null));
    }
    Accepted accepted = calls.restart(name);
    return new Step.Running(
        state.at(RESTART, accepted.handle()), accepted.pollAfter(), "restarting");
  }

  private Step ensured(OperationState state) {
    Server server = server(state);
    if (ServerView.state(ServerView.nativeState(server.innerModel())) != InstanceState.STOPPED) {
      return settled(state, InstanceState.AVAILABLE);
    }
    Accepted accepted = calls.start(state.resource().name());
    return new Step.Running(state.at(SWITCH, accepted.handle()), accepted.pollAfter(), "starting");
  }

  private static AddressRange range(String cidr) {
    return AddressRange.ofCidr(cidr)
        .orElseThrow(
            () ->
                ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, "The token names no range: " + cidr)
                    .toException());
  }

  private static io.clouddb.instance.MaintenanceWindow window(String text) {
    int space = text.indexOf(' ');
    return io.clouddb.instance.MaintenanceWindow.weekly(
        DayOfWeek.valueOf(text.substring(0, space)), LocalTime.parse(text.substring(space + 1)));
  }

  private Step settled(OperationState state, InstanceState wanted) {
    Server server = server(state);
    String nativeState = ServerView.nativeState(server.innerModel());
    InstanceState now = ServerView.state(nativeState);
    if (now == wanted) {
      return new Step.Done(ServerView.instance(scope, server, state.value(DATABASE).orElse(null)));
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
    return calls.find(state.resource().name()).isEmpty()
        ? new Step.Done(null)
        : new Step.Running(state.at(DELETE, null), null, "the server is being deleted");
  }

  private Server server(OperationState state) {
    return calls
        .find(state.resource().name())
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.NOT_FOUND,
                        "The server "
                            + state.resource().name()
                            + " is not there after the step '"
                            + state.step()
                            + "'")
                    .resource(state.resource().toString())
                    .toException());
  }
}
