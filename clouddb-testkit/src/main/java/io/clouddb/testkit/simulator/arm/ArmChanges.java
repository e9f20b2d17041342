/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import io.clouddb.testkit.simulator.InstanceState;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.SimulatedRequest;
import io.clouddb.testkit.simulator.SimulatedResponse;
import io.clouddb.testkit.simulator.SimulatorException;
import java.util.Optional;
import java.util.Set;

/**
 * Begins changes as Azure does: what the server cannot do now or ever is accepted by 202 all the
 * same, and its operation ends as failed. In recorded traffic no change of a server was refused at
 * once for its state.
 */
final class ArmChanges {
  private static final Set<InstanceState> PASSING =
      Set.of(
          InstanceState.CREATING,
          InstanceState.BACKING_UP,
          InstanceState.MODIFYING,
          InstanceState.REBOOTING,
          InstanceState.STARTING,
          InstanceState.STOPPING,
          InstanceState.DELETING);

  /** As published, what these answer differs from all others. */
  private static final Set<String> ONLY_STARTED = Set.of("Servers_Restart", "Servers_Stop");

  private final SimulatedCloud cloud;
  private final ArmOperationLog operations;
  private final ArmFaults faults;

  ArmChanges(SimulatedCloud cloud, ArmOperationLog operations, ArmFaults faults) {
    this.cloud = cloud;
    this.operations = operations;
    this.faults = faults;
  }

  /**
   * Begins a change.
   *
   * @param location the region as it stands in the operation's URL
   * @param name Azure's name of the operation
   */
  SimulatedResponse begin(
      ArmRoute route,
      SimulatedRequest request,
      String location,
      String name,
      ArmOperationLog.Work work) {
    Optional<ArmRefusal> failure = faults.failure(route.operation());
    if (failure.isPresent()) {
      return operations.acceptFailing(request, route, location, name, failure.get());
    }
    try {
      return operations.accept(request, route, location, name, work);
    } catch (ArmRefusal refusal) {
      if (!refusal.comesLater()) {
        throw refusal;
      }
      return operations.acceptFailing(request, route, location, name, refusal);
    } catch (SimulatorException e) {
      if (e.reason() != SimulatorException.Reason.WRONG_STATE) {
        throw e;
      }
      return operations.acceptFailing(request, route, location, name, wrongState(route, e));
    }
  }

  private ArmRefusal wrongState(ArmRoute route, SimulatorException reason) {
    InstanceState now = state(route).orElse(InstanceState.AVAILABLE);
    if (now != InstanceState.AVAILABLE && ONLY_STARTED.contains(route.operation())) {
      return ArmRefusal.later(
          "ServerIsNotReady",
          "Restart or Stop Server can only be performed on Started servers. Sever Name = "
              + route.server()
              + ", Current Server State = "
              + ServerDocument.state(now).orElse("Provisioning"));
    }
    return now == InstanceState.AVAILABLE
        // Starting what runs: no recording says how Azure puts it.
        ? ArmRefusal.later("ServerStateConflict", reason.sentence())
        : notReady(route.server(), now);
  }

  private Optional<InstanceState> state(ArmRoute route) {
    return cloud.find(route.key()).map(instance -> instance.state());
  }

  /** Throws unless the server takes changes of what belongs to it. */
  static void requireReady(ArmRoute route, InstanceState now) {
    if (now != InstanceState.AVAILABLE) {
      throw notReady(route.server(), now);
    }
  }

  /** As documented, a stopped server is busy with something, without a code. */
  private static ArmRefusal notReady(String server, InstanceState now) {
    return PASSING.contains(now)
        ? ArmRefusal.later(
            "ServerBusy",
            "Server '" + server + "' is busy with another operation. Please try again later.")
        : ArmRefusal.later(
            "", "Server " + server + " is busy with other operations. Please try later");
  }
}
