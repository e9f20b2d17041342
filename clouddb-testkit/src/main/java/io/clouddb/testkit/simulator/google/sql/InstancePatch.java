/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.google.GoogleCall;
import io.clouddb.testkit.simulator.google.GoogleJson;
import io.clouddb.testkit.simulator.google.GoogleRefusal;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.Modification;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@code instances.patch} does: settings change, the database starts or stops. */
final class InstancePatch {
  private static final String POLICY = "activationPolicy";

  private final ManagedServers managed;

  InstancePatch(ManagedServers managed) {
    this.managed = managed;
  }

  SimulatedOperation begin(GoogleCall route, SimulatedInstance instance, ObjectNode body) {
    requireIdle(instance);
    ObjectNode before = InstanceDocument.stored(instance);
    ObjectNode after = before.deepCopy();
    checkVersion(before, body);
    requireUnchangeable(InstanceDocument.of(instance, managed, route), route.project(), body);
    ReplicaRules.requireNoFailoverTarget(body);
    GoogleJson.merge(after, body.deepCopy().without(ReplicaRules.MASTER));
    List<SimulatedInstance> replicas = managed.replicasOf(instance);
    if (body.has(DisasterRecovery.CLUSTER)) {
      DisasterRecovery.designate(after, replicas);
    }
    if (!body.path("settings").has("dataDiskType")) {
      MachineRules.moveDisk((ObjectNode) after.get("settings"));
    }
    FinalBackups.turnOff(after, body);
    InstanceRules.normalise(after);
    InstanceRules.check(after);
    checkReplication(instance, before, after, replicas);
    long size = after.path("settings").path("dataDiskSizeGb").asLong();
    InstanceRules.require(
        size >= before.path("settings").path("dataDiskSizeGb").asLong(),
        "disks cannot be made smaller");
    after.withObject("settings").set("settingsVersion", before.at("/settings/settingsVersion"));
    InstanceRules.countChange(after);
    String policy = after.path("settings").path(POLICY).asText();
    if (!policy.equals(before.path("settings").path(POLICY).asText())) {
      return activate(route, instance, before, after, policy);
    }
    Map<String, String> flags = InstanceRules.flags(after);
    Set<String> gone = new LinkedHashSet<>(InstanceRules.flags(before).keySet());
    gone.removeAll(flags.keySet());
    SimulatedOperation operation =
        managed
            .lifeCycle(route.call())
            .modify(
                instance.key(),
                Modification.builder()
                    .attribute(InstanceDocument.ATTRIBUTE, after)
                    .parameters(ReplicaRules.isReplica(after) ? SizeFlags.parameters(after) : flags)
                    .resetParameters(gone)
                    .tlsOnly(InstanceRules.tlsOnly(after))
                    .restartIfNeeded()
                    .build());
    BackupSchedules.apply(managed, instance.key(), after);
    return operation;
  }

  private static void requireIdle(SimulatedInstance instance) {
    InstanceState state = instance.state();
    if (state != InstanceState.AVAILABLE
        && state != InstanceState.STOPPED
        && state != InstanceState.FAILED) {
      throw SqlRefusals.busy();
    }
  }

  private static void checkVersion(ObjectNode before, ObjectNode body) {
    JsonNode expected = body.path("settings").path("settingsVersion");
    if (!expected.isMissingNode()
        && expected.asLong() != before.path("settings").path("settingsVersion").asLong()) {
      throw new GoogleRefusal(412, "staleData", "Condition does not match.");
    }
  }

  private static void requireUnchangeable(ObjectNode document, String project, ObjectNode body) {
    for (String field :
        Set.of("name", "region", "databaseVersion", "instanceType", ReplicaRules.MASTER)) {
      if (!body.has(field)) {
        continue;
      }
      String same = document.path(field).asText();
      String asked = body.path(field).asText();
      boolean inShort = field.equals(ReplicaRules.MASTER) && same.equals(project + ":" + asked);
      if (!asked.equals(same) && !inShort) {
        throw new NotSimulatedException("a change of " + field);
      }
    }
  }

  private void checkReplication(
      SimulatedInstance instance,
      ObjectNode before,
      ObjectNode after,
      List<SimulatedInstance> replicas) {
    instance
        .source()
        .map(InstanceDocument::stored)
        .ifPresent(
            source -> {
              ReplicaRules.check(after, source);
              // The primary's may have been switched on since.
              if (ReplicaRules.decodes(before)) {
                ReplicaRules.requireDecoding(after, source);
              }
            });
    if (instance.source().isEmpty()) {
      ReplicaRules.requireStandalone(after);
    }
    ReplicaRules.checkChangeOfSource(before, after, replicas);
    if (DisasterRecovery.designated(after, replicas).isPresent() || isDesignated(instance)) {
      DisasterRecovery.requireStillPair(after);
    }
  }

  private boolean isDesignated(SimulatedInstance instance) {
    return instance
        .source()
        .flatMap(
            source ->
                DisasterRecovery.designated(
                    InstanceDocument.stored(source), managed.replicasOf(source)))
        .filter(instance::equals)
        .isPresent();
  }

  /** Starts or stops the database. */
  private SimulatedOperation activate(
      GoogleCall route,
      SimulatedInstance instance,
      ObjectNode before,
      ObjectNode after,
      String policy) {
    InstanceRules.require(policy.equals("ALWAYS") || policy.equals("NEVER"), POLICY);
    ObjectNode rest = after.deepCopy();
    for (String field : Set.of(POLICY, "settingsVersion")) {
      ((ObjectNode) rest.get("settings")).set(field, before.path("settings").path(field));
    }
    if (!rest.equals(before)) {
      throw new NotSimulatedException(POLICY + " together with other settings in one patch");
    }
    SimulatedOperation operation =
        policy.equals("NEVER")
            ? managed.lifeCycle(route.call()).stop(instance.key())
            : managed.lifeCycle(route.call()).start(instance.key());
    instance.putAttribute(InstanceDocument.ATTRIBUTE, after);
    return operation;
  }
}
