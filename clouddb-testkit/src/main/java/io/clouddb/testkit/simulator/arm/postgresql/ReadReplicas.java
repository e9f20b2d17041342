/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.arm.KnownFields;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.ReplicaRequest;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests that make a read replica. */
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
          "properties.storage.autoGrow",
          "properties.network.publicNetworkAccess",
          "properties.network.delegatedSubnetResourceId",
          "properties.network.privateDnsZoneArmResourceId");

  private final ManagedServers managed;
  private final ReplicaRules rules;
  private final FirewallRules firewall;
  private final ArmChanges changes;
  private final AutomatedBackups automated;

  ReadReplicas(
      ManagedServers managed,
      ReplicaRules rules,
      FirewallRules firewall,
      ArmChanges changes,
      AutomatedBackups automated) {
    this.managed = managed;
    this.rules = rules;
    this.firewall = firewall;
    this.changes = changes;
    this.automated = automated;
  }

  /** Whether a request for a new server is one for a replica. */
  static boolean isReplica(ObjectNode body) {
    return body.at("/properties/createMode").asText().equals("Replica");
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
          settings.requireZoneFor(route.part("server"));
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
          // None as long as it is a replica, and from its promotion on.
          automated.begin(key);
          begun.creation(replica, operation);
          return operation;
        });
  }

  private SimulatedInstance source(String id) {
    ResourceKey key = key(id);
    return managed.find(key).orElseThrow(() -> FlexibleServers.notFound(key.name(), group(id)));
  }

  /** As it was written. */
  private static String group(String id) {
    return id.split("/", -1)[4];
  }

  /** Which server an id names. */
  static ResourceKey key(String id) {
    Matcher matcher = SOURCE.matcher(id);
    if (!matcher.matches()) {
      throw ArmRefusal.invalid("sourceServerResourceId", "it is no id of a flexible server");
    }
    String scope = matcher.group(1) + "/" + matcher.group(2).toLowerCase(Locale.ROOT);
    String name = matcher.group(3).toLowerCase(Locale.ROOT);
    return new ResourceKey(scope, name);
  }
}
