/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmHandler;
import io.clouddb.testkit.simulator.arm.ArmJson;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.arm.ArmRoutes;
import io.clouddb.testkit.simulator.arm.KnownFields;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.Promotion;
import io.clouddb.testkit.simulator.server.Replicas;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Duration;
import java.util.Set;

/**
 * Requests that make a read replica a server of its own, or have it change places with its source.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas-promote">Promote
 *     read replicas</a>
 */
final class Promotions {
  private static final Set<String> FIELDS =
      Set.of(
          "properties.administratorLoginPassword",
          "properties.replicationRole",
          "properties.replica.role",
          "properties.replica.promoteMode",
          "properties.replica.promoteOption");

  /** What the first version has of these. */
  private static final Set<String> FIELDS_AT_FIRST =
      Set.of("properties.administratorLoginPassword", "properties.replicationRole");

  /** Of real time. */
  private static final Duration CATCH_UP = Duration.ofSeconds(30);

  private final ManagedServers managed;
  private final ReplicaRules rules;
  private final VirtualEndpoints endpoints;
  private final ArmChanges changes;

  Promotions(
      ManagedServers managed, ReplicaRules rules, VirtualEndpoints endpoints, ArmChanges changes) {
    this.managed = managed;
    this.rules = rules;
    this.endpoints = endpoints;
    this.changes = changes;
  }

  /** Adds the routes, which come before those of other changes. */
  void register(ArmRoutes.Under table, FlexibleServers servers) {
    ArmHandler handler = route -> promote(route, servers.existing(route));
    String update = "Servers_Update";
    String path = "{server}";
    table
        .addWhen(
            Promotions::isSwitchover,
            update,
            Verb.SWITCH_OVER,
            Call.INSTANCE,
            "PATCH",
            path,
            handler)
        .addWhen(
            Promotions::isPromotion, update, Verb.PROMOTE, Call.INSTANCE, "PATCH", path, handler);
  }

  /** Whether a change of a server is a promotion. */
  static boolean isPromotion(SimulatedRequest request) {
    try {
      ObjectNode body = ArmJson.body(request);
      return !body.at("/properties/replica").isEmpty()
          || body.at("/properties/replicationRole").isTextual();
    } catch (ArmRefusal e) {
      // It is refused as any change is.
      return false;
    }
  }

  /** The same, and the two servers change places. */
  static boolean isSwitchover(SimulatedRequest request) {
    return isPromotion(request)
        && ArmJson.body(request)
            .at("/properties/replica/promoteMode")
            .asText()
            .equalsIgnoreCase("switchover");
  }

  SimulatedResponse promote(ArmCall route, SimulatedInstance replica) {
    boolean first = route.apiVersion().equals(ArmVersions.OLDEST);
    KnownFields body =
        KnownFields.of(ArmJson.body(route.request()), first ? FIELDS_AT_FIRST : FIELDS);
    PromotionWords words = PromotionWords.of(body);
    SimulatedInstance source = rules.requirePromotable(replica);
    if (body.text("properties.administratorLoginPassword").isPresent()) {
      // Documented with the considerations of read replicas.
      throw ArmRefusal.invalid(
          "administratorLoginPassword", "it cannot be changed together with a promotion");
    }
    if (words.switchover()) {
      rules.requireReader(replica, endpoints);
      // Documented: one that is forced in an outage skips it.
      if (!words.forced() || !isLost(source)) {
        rules.requireAlike(source, replica);
      }
    }
    endpoints.settle();
    // Recorded: the URL of these operations names the region by its display name.
    return changes.begin(
        route,
        ServerDocument.region(ServerDocument.settings(replica).location()),
        words.switchover()
            ? "ReadReplicaSiteSwapManagementOperation"
            : "PromoteReadReplicaManagementOperation",
        () -> {
          ArmChanges.requireReady(replica);
          boolean lost = isLost(source);
          if (!lost) {
            ArmChanges.requireReady(source);
          }
          if (lost && !words.forced()) {
            throw ArmRefusal.later(
                "InternalServerError",
                "The source "
                    + source.key().name()
                    + " does not answer: only a forced promotion is possible.");
          }
          Replicas begins = managed.replicas(route.call());
          if (!words.switchover()) {
            return begins.promote(replica.key(), standalone(words.forced(), lost));
          }
          return lost
              ? begins.takeOver(replica.key(), switchover(source))
              : begins.switchOver(replica.key(), switchover(source));
        });
  }

  /** Whether it is gone by itself, and not because anybody asked for it. */
  private static boolean isLost(SimulatedInstance source) {
    boolean runs = source.server().map(EmbeddedPostgres::isRunning).orElse(false);
    return source.state() == InstanceState.FAILED
        || (source.state() == InstanceState.AVAILABLE && !runs);
  }

  private Promotion standalone(boolean forced, boolean lost) {
    Promotion.Builder promotion = Promotion.builder();
    if (!lost) {
      promotion.holdSource();
    }
    return forced ? promotion.build() : promotion.afterCatchingUp(CATCH_UP).build();
  }

  private Promotion switchover(SimulatedInstance source) {
    return Promotion.builder()
        .afterCatchingUp(CATCH_UP)
        // Documented: high availability is switched off.
        .formerAttribute(ServerSettings.KEY, ServerDocument.settings(source).withoutStandby())
        .build();
  }
}
