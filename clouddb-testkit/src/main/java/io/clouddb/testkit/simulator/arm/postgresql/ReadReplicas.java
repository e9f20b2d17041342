/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmJson;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.arm.KnownFields;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.Promotion;
import io.clouddb.testkit.simulator.server.ReplicaRequest;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests that make a read replica, or make it a server of its own. */
final class ReadReplicas {
  private static final Pattern SOURCE =
      Pattern.compile(
          "/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/"
              + ServerDocument.TYPE
              + "/([^/]+)",
          Pattern.CASE_INSENSITIVE);

  /** The others that the definitions have of a server are not sent for a replica, or refused. */
  private static final Set<String> CREATE =
      Set.of(
          "location",
          "name",
          "sku.name",
          "sku.tier",
          "tags.*",
          "properties.createMode",
          "properties.sourceServerResourceId",
          "properties.storage.storageSizeGB",
          "properties.network.delegatedSubnetResourceId",
          "properties.network.privateDnsZoneArmResourceId");

  private static final Set<String> PROMOTE =
      Set.of(
          "properties.administratorLoginPassword",
          "properties.replicationRole",
          "properties.replica.role",
          "properties.replica.promoteMode",
          "properties.replica.promoteOption");

  /** What the first version has of these. */
  private static final Set<String> PROMOTE_AT_FIRST =
      Set.of("properties.administratorLoginPassword", "properties.replicationRole");

  /** Of real time. */
  private static final Duration CATCH_UP = Duration.ofSeconds(30);

  private final ManagedServers managed;
  private final ReplicaRules rules;
  private final FirewallRules firewall;
  private final ArmChanges changes;

  ReadReplicas(
      ManagedServers managed, ReplicaRules rules, FirewallRules firewall, ArmChanges changes) {
    this.managed = managed;
    this.rules = rules;
    this.firewall = firewall;
    this.changes = changes;
  }

  /** Whether a request for a new server is one for a replica. */
  static boolean isReplica(ObjectNode body) {
    return body.at("/properties/createMode").asText().equals("Replica");
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

  /** What is to be done with the operation that makes a replica. */
  interface Begun {
    void creation(SimulatedInstance replica, SimulatedOperation operation);
  }

  /** As seen in reports, a PUT of a replica that exists does not change it. */
  static ArmRefusal exists(String name) {
    return new ArmRefusal(
        400,
        "ReadReplicaAlreadyExistWithGivenName",
        "Cannot create read replica '" + name + "' because a server with that name already exists");
  }

  SimulatedResponse create(ArmCall route, ObjectNode json, Begun begun) {
    KnownFields body = KnownFields.of(json, CREATE);
    SimulatedInstance source = source(body.required("properties.sourceServerResourceId"));
    ServerSettings settings = ServerDocument.settings(source).ofReplica(body);
    ResourceKey key = ServerDocument.key(route);
    return changes.begin(
        route,
        settings.location(),
        "CreateReadReplicaManagementOperation",
        () -> {
          rules.requireCreatable(source, settings);
          ArmChanges.requireReady(source);
          ReplicaRequest.Builder request =
              ReplicaRequest.of(key, source.key())
                  .holdSourceToTheEnd()
                  .attribute(ServerSettings.KEY, settings);
          source
              .attribute(Configurations.QUERY_STORE, String.class)
              .ifPresent(mode -> request.attribute(Configurations.QUERY_STORE, mode));
          SimulatedOperation operation = managed.replicas(route.call()).create(request.build());
          SimulatedInstance replica = managed.get(key);
          firewall.inherit(source, replica);
          begun.creation(replica, operation);
          return operation;
        });
  }

  private SimulatedInstance source(String id) {
    Matcher matcher = SOURCE.matcher(id);
    if (!matcher.matches()) {
      throw ArmRefusal.invalid("sourceServerResourceId", "it is no id of a flexible server");
    }
    String scope = matcher.group(1) + "/" + matcher.group(2).toLowerCase(Locale.ROOT);
    String name = matcher.group(3).toLowerCase(Locale.ROOT);
    return managed
        .find(new ResourceKey(scope, name))
        .orElseThrow(() -> FlexibleServers.notFound(name, matcher.group(2)));
  }

  SimulatedResponse promote(ArmCall route, SimulatedInstance replica) {
    boolean first = route.apiVersion().equals(ArmVersions.OLDEST);
    KnownFields body =
        KnownFields.of(ArmJson.body(route.request()), first ? PROMOTE_AT_FIRST : PROMOTE);
    boolean forced = isForced(body);
    SimulatedInstance source = rules.requirePromotable(replica);
    if (body.text("properties.administratorLoginPassword").isPresent()) {
      // Documented with the considerations of read replicas.
      throw ArmRefusal.invalid(
          "administratorLoginPassword", "it cannot be changed together with a promotion");
    }
    // Recorded: the URL of a promotion's operation names the region by its display name.
    return changes.begin(
        route,
        ServerDocument.region(ServerDocument.settings(replica).location()),
        "PromoteReadReplicaManagementOperation",
        () -> {
          ArmChanges.requireReady(replica);
          return managed.replicas(route.call()).promote(replica.key(), promotion(source, forced));
        });
  }

  /** Both servers have to be ready, but for a forced promotion where the source is lost. */
  private Promotion promotion(SimulatedInstance source, boolean forced) {
    Promotion.Builder promotion =
        Promotion.builder()
            .attribute(ServerDocument.BACKED_UP_SINCE, managed.engine().clock().instant());
    boolean lost =
        source.state() == InstanceState.FAILED
            || (source.state() == InstanceState.AVAILABLE && !runs(source));
    if (!lost) {
      ArmChanges.requireReady(source);
      promotion.holdSource();
    } else if (!forced) {
      throw ArmRefusal.later(
          "InternalServerError",
          "The source "
              + source.key().name()
              + " does not answer: only a forced promotion is possible.");
    }
    return forced ? promotion.build() : promotion.afterCatchingUp(CATCH_UP).build();
  }

  private static boolean runs(SimulatedInstance instance) {
    return instance.server().map(EmbeddedPostgres::isRunning).orElse(false);
  }

  /**
   * Reads how it is to be promoted. {@code replicationRole: None} alone is the older way.
   *
   * @see <a
   *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas-promote">Promote
   *     read replicas</a>
   */
  private static boolean isForced(KnownFields body) {
    Optional<String> role =
        body.text("properties.replica.role").or(() -> body.text("properties.replicationRole"));
    Optional<String> mode = lower(body, "properties.replica.promoteMode");
    Optional<String> option = lower(body, "properties.replica.promoteOption");
    if (mode.isPresent() && mode.get().equals("switchover")) {
      throw new NotSimulatedException("promoteMode Switchover, which needs virtual endpoints");
    }
    if (mode.isPresent() && !mode.get().equals("standalone")) {
      throw ArmRefusal.invalid("replica.promoteMode", mode.get());
    }
    if (option.isPresent() && !Set.of("planned", "forced").contains(option.get())) {
      throw ArmRefusal.invalid("replica.promoteOption", option.get());
    }
    if (role.isPresent() && !role.get().equals("None")) {
      throw ArmRefusal.invalid("replica.role", role.get() + " is none to promote a replica to");
    }
    if (mode.isEmpty() && role.isEmpty()) {
      throw ArmRefusal.missing("properties.replica.promoteMode");
    }
    return option.isPresent() && option.get().equals("forced");
  }

  /** Recorded: these words are taken in lower case, too, in which older definitions have them. */
  private static Optional<String> lower(KnownFields body, String field) {
    return body.text(field).map(value -> value.toLowerCase(Locale.ROOT));
  }
}
