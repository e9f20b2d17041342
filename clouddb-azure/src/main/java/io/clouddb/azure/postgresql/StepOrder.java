/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.spi.PolledState;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The steps of an operation on a server and their order. What there is to do stands in the state's
 * values, so that another process can go on.
 */
final class StepOrder {
  /** The server's own PUT or PATCH. */
  static final String SERVER = "server";

  /** A later PATCH of the server: {@link LaterPatches}. */
  static final String PATCH = "patch.";

  /** Starting, stopping. */
  static final String SWITCH = "switch";

  /** The facade's {@code ensure}: nothing has begun, and the server may be stopped. */
  static final String ENSURE = "ensure";

  static final String DELETE = "delete";
  static final String READY = "ready";
  static final String STOPPED = "stopped";
  static final String DATABASE = "database";
  static final String PARAMETER = "parameter.";
  static final String FIREWALL = "firewall.";
  static final String MAINTENANCE = "maintenance";
  static final String RESTART = "restart";

  private StepOrder() {}

  /** With what there is to do once the server is there. */
  static PolledState withDatabase(PolledState state, Optional<String> name) {
    return name.map(value -> state.with(DATABASE, value)).orElse(state);
  }

  static PolledState withParameters(PolledState state, Map<String, String> parameters) {
    PolledState result = state;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      result = result.with(PARAMETER + parameter.getKey(), parameter.getValue());
    }
    return result;
  }

  static PolledState withRange(PolledState state, String cidr) {
    return state.with(FIREWALL + cidr, "allow");
  }

  static PolledState withMaintenance(PolledState state, Optional<MaintenanceWindow> window) {
    return window
        .map(value -> state.with(MAINTENANCE, value.day() + " " + value.start()))
        .orElse(state);
  }

  /** What is to be done in which order, the server's own request first. */
  static List<String> of(PolledState state) {
    List<String> steps = new ArrayList<>();
    steps.add(SERVER);
    steps.add(SWITCH);
    state.values().keySet().stream()
        .filter(key -> key.startsWith(PATCH))
        .sorted()
        .forEach(steps::add);
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
    parameters(state).forEach(steps::add);
    if (state.value(RESTART).isPresent()) {
      steps.add(RESTART);
    }
    return steps;
  }

  static List<String> parameters(PolledState state) {
    return state.values().keySet().stream()
        .filter(key -> key.startsWith(PARAMETER))
        .sorted()
        .toList();
  }

  /** Whether a step may be taken again without a look at what became of it. */
  static boolean isRepeatable(String step) {
    return step.equals(DATABASE)
        || step.equals(MAINTENANCE)
        || step.equals(RESTART)
        || step.startsWith(PATCH)
        || step.startsWith(PARAMETER)
        || step.startsWith(FIREWALL);
  }

  /** The step after the current one; empty when it is the last. */
  static Optional<String> after(PolledState state) {
    List<String> order = of(state);
    int index = order.indexOf(state.step());
    if (index < 0) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The token is at the step '" + state.step() + "', which this release does not know")
          .toException();
    }
    // SWITCH is no follower of SERVER: each begins an operation of its own.
    int following = state.step().equals(SERVER) ? index + 2 : index + 1;
    return following < order.size() ? Optional.of(order.get(following)) : Optional.empty();
  }

  /** The current step and those after it. */
  static List<String> unfinished(PolledState state) {
    List<String> order = of(state);
    int index = order.indexOf(state.step());
    return index < 0
        ? List.of()
        : order.subList(index, order.size()).stream()
            .filter(step -> !step.equals(SWITCH) || state.step().equals(SWITCH))
            .toList();
  }

  static MaintenanceWindow window(PolledState state) {
    String text = state.value(MAINTENANCE).orElseThrow();
    int space = text.indexOf(' ');
    return MaintenanceWindow.weekly(
        DayOfWeek.valueOf(text.substring(0, space)), LocalTime.parse(text.substring(space + 1)));
  }

  static AddressRange range(String step) {
    String cidr = step.substring(FIREWALL.length());
    return AddressRange.ofCidr(cidr)
        .orElseThrow(
            () ->
                ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, "The token names no range: " + cidr)
                    .toException());
  }
}
