/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import static io.clouddb.testkit.simulator.google.sql.InstanceRules.require;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.google.GoogleCall;
import io.clouddb.testkit.simulator.google.GoogleRefusal;
import io.clouddb.testkit.simulator.google.GoogleRoutes;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.Promotion;
import io.clouddb.testkit.simulator.server.ReplicaRequest;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** The methods on replicas: they are made, promoted, and change places with their primary. */
final class ReplicaMethods {
  /** "You can have up to 10 read replicas per primary instance", of the page on replication. */
  private static final int MOST_REPLICAS = 10;

  /** "up to four levels of cascading read replicas, including the primary instance". */
  private static final int MOST_LEVELS = 4;

  /** How long a real server may take to catch up. */
  private static final Duration MOST_CATCHING_UP = Duration.ofSeconds(30);

  private final SqlAdminService service;
  private final ManagedServers managed;
  private final OperationLog operations;

  ReplicaMethods(SqlAdminService service, ManagedServers managed, OperationLog operations) {
    this.service = service;
    this.managed = managed;
    this.operations = operations;
  }

  void register(GoogleRoutes.Under table, String one) {
    table
        .add(
            "instances.promoteReplica",
            Verb.PROMOTE,
            Call.INSTANCE,
            "POST",
            one + "/promoteReplica",
            this::promote)
        .add(
            "instances.switchover",
            Verb.SWITCH_OVER,
            Call.INSTANCE,
            "POST",
            one + "/switchover",
            this::switchOver);
  }

  /** Makes a replica. The operation is its primary's, which takes no other one meanwhile. */
  synchronized ObjectNode insert(GoogleCall route, ObjectNode body) {
    SimulatedInstance source = source(route, body.path(ReplicaRules.MASTER).asText());
    ObjectNode primary = InstanceDocument.stored(source);
    ObjectNode replica = ReplicaRules.complete(body, primary);
    InstanceRules.check(replica);
    ReplicaRules.checkSource(primary);
    ReplicaRules.checkNew(replica, primary);
    require(levels(source) < MOST_LEVELS, "a replica at a level beyond " + MOST_LEVELS);
    require(
        managed.replicasOf(source).size() < MOST_REPLICAS,
        "the instance has " + MOST_REPLICAS + " replicas, as many as it may have");
    ResourceKey key = new ResourceKey(route.project(), replica.path("name").asText());
    service.requireNameFree(key);
    service.requireIdle(source);
    InsideInstances.requireRunning(source.state());
    ReplicaRequest request =
        ReplicaRequest.of(key, source.key())
            .parameters(SizeFlags.parameters(replica))
            .tlsOnly(InstanceRules.tlsOnly(replica))
            .attribute(InstanceDocument.ATTRIBUTE, replica)
            .build();
    return operations.add(
        route,
        "CREATE_REPLICA",
        source.key().name(),
        managed.replicas(route.call()).create(request));
  }

  private SimulatedInstance source(GoogleCall route, String name) {
    int colon = name.indexOf(':');
    if (colon >= 0 && !name.substring(0, colon).equals(route.project())) {
      throw new NotSimulatedException("a replica in another project than its primary's");
    }
    ResourceKey key = new ResourceKey(route.project(), name.substring(colon + 1));
    return managed
        .find(key)
        .orElseThrow(
            // As callers have met it: hashicorp/terraform-provider-google, issue 1069.
            () ->
                new GoogleRefusal(
                    403, "notAuthorized", "The client is not authorized to make this request."));
  }

  private static int levels(SimulatedInstance instance) {
    int levels = 1;
    Optional<SimulatedInstance> above = instance.source();
    while (above.isPresent()) {
      levels++;
      above = above.get().source();
    }
    return levels;
  }

  private ObjectNode promote(GoogleCall route) {
    SimulatedInstance replica = service.get(route);
    if (replica.source().isEmpty()) {
      throw SqlRefusals.invalidOperation();
    }
    if (route.request().query("failover").filter("true"::equals).isPresent()) {
      return failOver(route, replica);
    }
    InsideInstances.requireRunning(replica.state());
    ObjectNode standalone = InstanceDocument.stored(replica);
    ReplicaRules.becomeStandalone(standalone);
    InstanceRules.countChange(standalone);
    Promotion promotion =
        Promotion.builder().attribute(InstanceDocument.ATTRIBUTE, standalone).build();
    ObjectNode operation =
        service.change(
            route,
            "PROMOTE_REPLICA",
            () -> managed.replicas(route.call()).promote(replica.key(), promotion));
    BackupSchedules.apply(managed, replica.key(), standalone);
    return operation;
  }

  /**
   * A primary that runs is there again at once, and so its data is all there, as after a
   * switchover. One that is stopped or lost becomes a replica when it is started: "attempts to add
   * the original primary instance as a replica of the promoted DR replica when the original primary
   * instance comes back online", of the method's definition.
   */
  private ObjectNode failOver(GoogleCall route, SimulatedInstance replica) {
    SimulatedInstance primary = replica.source().orElseThrow(SqlRefusals::invalidOperation);
    boolean lost = isLost(primary);
    if (primary.state() == InstanceState.AVAILABLE && !lost) {
      return changePlaces(route, replica, "PROMOTE_REPLICA", MOST_CATCHING_UP);
    }
    if (primary.state() != InstanceState.STOPPED && !lost) {
      throw new NotSimulatedException("a failover from a primary that is " + primary.state());
    }
    requireDesignated(replica, primary);
    managed.replicasOf(primary).forEach(each -> InsideInstances.requireRunning(each.state()));
    ObjectNode next = DisasterRecovery.primaryOf(replica, primary);
    Promotion promotion = Promotion.builder().attribute(InstanceDocument.ATTRIBUTE, next).build();
    ObjectNode operation =
        service.change(
            route,
            "PROMOTE_REPLICA",
            () ->
                managed
                    .replicas(route.call())
                    .failOver(replica.key(), promotion, () -> rejoining(primary, replica)));
    BackupSchedules.apply(managed, replica.key(), next);
    return operation;
  }

  /** Whether it is gone by itself, and not because anybody asked for it. */
  private static boolean isLost(SimulatedInstance primary) {
    boolean runs = primary.server().map(EmbeddedPostgres::isRunning).orElse(false);
    return primary.state() == InstanceState.FAILED
        || (primary.state() == InstanceState.AVAILABLE && !runs);
  }

  private static ReplicaRequest rejoining(SimulatedInstance former, SimulatedInstance primary) {
    ObjectNode document = DisasterRecovery.replicaOf(former);
    // It is asked for while the former primary is started.
    ((ObjectNode) document.get("settings")).put("activationPolicy", "ALWAYS");
    return ReplicaRequest.of(former.key(), primary.key())
        .parameters(SizeFlags.parameters(document))
        .tlsOnly(InstanceRules.tlsOnly(document))
        .attribute(InstanceDocument.ATTRIBUTE, document)
        .build();
  }

  private ObjectNode switchOver(GoogleCall route) {
    return changePlaces(route, service.get(route), "SWITCHOVER", limit(route));
  }

  private ObjectNode changePlaces(
      GoogleCall route, SimulatedInstance replica, String type, Duration limit) {
    SimulatedInstance primary = replica.source().orElseThrow(SqlRefusals::invalidOperation);
    requireDesignated(replica, primary);
    InsideInstances.requireRunning(primary.state());
    // One that failed would be waited for without end.
    managed.replicasOf(primary).forEach(each -> InsideInstances.requireRunning(each.state()));
    service.requireIdle(primary);
    ObjectNode next = DisasterRecovery.primaryOf(replica, primary);
    Promotion promotion =
        Promotion.builder()
            .afterCatchingUp(limit)
            .attribute(InstanceDocument.ATTRIBUTE, next)
            .formerAttribute(InstanceDocument.ATTRIBUTE, DisasterRecovery.replicaOf(primary))
            .build();
    ObjectNode operation =
        service.change(
            route, type, () -> managed.replicas(route.call()).switchOver(replica.key(), promotion));
    BackupSchedules.apply(managed, replica.key(), next);
    return operation;
  }

  private void requireDesignated(SimulatedInstance replica, SimulatedInstance primary) {
    ObjectNode document = InstanceDocument.stored(primary);
    boolean designated =
        DisasterRecovery.designated(document, managed.replicasOf(primary))
            .filter(replica::equals)
            .isPresent();
    require(designated, "the instance is not the disaster recovery replica of its primary");
    DisasterRecovery.check(document, InstanceDocument.stored(replica));
  }

  /** What the databases may take: ten minutes, and at most a day, by the method's definition. */
  private static Duration limit(GoogleCall route) {
    Optional<String> asked = route.request().query("dbTimeout");
    if (asked.isEmpty()) {
      return MOST_CATCHING_UP;
    }
    String text = asked.get();
    require(text.matches("[0-9]{1,6}(?:\\.[0-9]{1,9})?s"), "dbTimeout " + text);
    BigDecimal seconds = new BigDecimal(text.substring(0, text.length() - 1));
    Duration limit = Duration.ofMillis(seconds.movePointRight(3).longValue());
    require(limit.compareTo(Duration.ofDays(1)) <= 0, "dbTimeout " + text);
    return limit.compareTo(MOST_CATCHING_UP) < 0 ? limit : MOST_CATCHING_UP;
  }
}
