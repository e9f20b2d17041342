/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmOperations;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.engine.OperationFailure;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
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

  private final ManagedServers managed;
  private final ArmOperations operations;

  ArmChanges(ManagedServers managed, ArmOperations operations) {
    this.managed = managed;
    this.operations = operations;
  }

  /**
   * Begins a change.
   *
   * @param location the region as it stands in the operation's URL
   * @param name Azure's name of the operation
   */
  SimulatedResponse begin(ArmCall route, String location, String name, ArmOperations.Work work) {
    Optional<OperationFailure> failure = route.call().failure();
    if (failure.isPresent()) {
      return operations.acceptFailing(route, location, name, asAsked(failure.get()));
    }
    try {
      return operations.accept(route, location, name, work);
    } catch (ArmRefusal refusal) {
      if (!refusal.comesLater()) {
        throw refusal;
      }
      return operations.acceptFailing(route, location, name, refusal);
    } catch (SimulatorException e) {
      if (e.reason() != SimulatorException.Reason.WRONG_STATE) {
        throw e;
      }
      return operations.acceptFailing(route, location, name, wrongState(route, e));
    }
  }

  private static ArmRefusal asAsked(OperationFailure failure) {
    return new ArmRefusal(
        409,
        failure.code().orElse("InternalServerError"),
        failure.message().orElse("An unexpected error occured."));
  }

  private ArmRefusal wrongState(ArmCall route, SimulatorException reason) {
    InstanceState now = state(route).orElse(InstanceState.AVAILABLE);
    if (now != InstanceState.AVAILABLE && ONLY_STARTED.contains(route.call().operation())) {
      return ArmRefusal.later(
          "ServerIsNotReady",
          "Restart or Stop Server can only be performed on Started servers. Sever Name = "
              + route.part("server")
              + ", Current Server State = "
              + ServerDocument.state(now).orElse("Provisioning"));
    }
    if (now != InstanceState.AVAILABLE) {
      return notReady(route.part("server"), now);
    }
    return route.call().operation().equals("Servers_Start")
        // Starting what runs: no recording says how Azure puts it.
        ? ArmRefusal.later("ServerStateConflict", reason.sentence())
        // It was changing a moment ago, or the server that it replicates is.
        : notReady(route.part("server"), InstanceState.MODIFYING);
  }

  private Optional<InstanceState> state(ArmCall route) {
    return managed.find(ServerDocument.key(route)).map(instance -> instance.state());
  }

  /** Throws unless the server takes changes of what belongs to it. */
  static void requireReady(SimulatedInstance instance) {
    InstanceState now = instance.state();
    if (now != InstanceState.AVAILABLE) {
      throw notReady(instance.key().name(), now);
    }
  }

  /** Throws while a server is changing. */
  static void requireAtRest(SimulatedInstance instance) {
    InstanceState now = instance.state();
    if (PASSING.contains(now)) {
      throw notReady(instance.key().name(), now);
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
