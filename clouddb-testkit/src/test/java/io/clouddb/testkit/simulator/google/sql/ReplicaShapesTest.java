/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That what is said of replicas, and of those who have some, is shaped as the service says it. */
class ReplicaShapesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PORT = "ipAddresses[].port is not in the service's answers";
  private static final String PRIMARY =
      """
      {"name": "west", "region": "us-west1", "databaseVersion": "POSTGRES_16",
       "instanceType": "CLOUD_SQL_INSTANCE", "replicationCluster": {},
       "settings": {"tier": "db-perf-optimized-N-2", "edition": "ENTERPRISE_PLUS",
         "userLabels": {"team": "one"}}}
      """;

  /** With the members that Config Connector sent when it was recorded. */
  private static final String REPLICA =
      """
      {"name": "east", "region": "us-east1", "databaseVersion": "POSTGRES_16",
       "instanceType": "READ_REPLICA_INSTANCE", "kind": "sql#instance",
       "masterInstanceName": "shop-project:west",
       "settings": {"activationPolicy": "ALWAYS", "availabilityType": "ZONAL",
         "connectorEnforcement": "NOT_REQUIRED", "dataDiskType": "PD_SSD",
         "edition": "ENTERPRISE_PLUS", "kind": "sql#settings", "pricingPlan": "PER_USE",
         "ipConfiguration": {"ipv4Enabled": true, "sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED"},
         "locationPreference": {"kind": "sql#locationPreference", "zone": "us-east1-c"},
         "replicationType": "SYNCHRONOUS", "storageAutoResize": true,
         "tier": "db-perf-optimized-N-2", "userLabels": {"team": "one"}}}
      """;

  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  private final SimulatedGoogle google = SimulatedGoogle.builder().clock(clock).start();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    // The last first; each of them, whatever another says.
    try (clock;
        google) {
      assertThat(google.bugs()).isEmpty();
      assertThat(google.notSimulated()).isEmpty();
    }
  }

  private JsonNode send(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(google.endpoint().resolve("/v1/projects/shop-project/" + path))
            .header("Authorization", "Bearer " + google.secret().resolve())
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private JsonNode done(JsonNode begun) throws Exception {
    clock.advanceUntilIdle();
    JsonNode operation = send("GET", "operations/" + begun.path("name").asText(), "");
    assertThat(operation.path("status").asText()).as(begun.toString()).isEqualTo("DONE");
    assertThat(operation.has("error")).isFalse();
    return operation;
  }

  @Test
  void answersHaveTheShapesOfTheRealService() throws Exception {
    RecordedShapes shapes = new RecordedShapes();
    JsonNode alone = done(send("POST", "instances", PRIMARY));
    assertThat(shapes.differences("operation DONE", alone)).isEmpty();
    JsonNode creation = send("POST", "instances", REPLICA);
    assertThat(shapes.differences("operation PENDING", creation)).isEmpty();
    assertThat(shapes.differences("operation DONE", done(creation))).isEmpty();
    JsonNode designation =
        send(
            "PATCH",
            "instances/west",
            "{\"replicationCluster\": {\"failoverDrReplicaName\": \"east\"}}");
    done(designation);

    JsonNode west = send("GET", "instances/west", "");
    assertThat(shapes.differences("instance", west)).containsExactly(PORT);
    assertThat(west.path("replicaNames")).hasSize(1);
    assertThat(west.at("/replicationCluster/failoverDrReplicaName").asText())
        .isEqualTo("shop-project:east");
    JsonNode east = send("GET", "instances/east", "");
    assertThat(shapes.differences("instance", east)).containsExactly(PORT);
    assertThat(east.path("masterInstanceName").asText()).isEqualTo("shop-project:west");
    assertThat(east.at("/replicationCluster/drReplica").asBoolean()).isTrue();
    assertThat(shapes.differences("users", send("GET", "instances/east/users", ""))).isEmpty();
    JsonNode refused = send("DELETE", "instances/west", "");
    assertThat(shapes.differences("error", refused)).isEmpty();
    JsonNode switchover = send("POST", "instances/east/switchover", "");
    assertThat(shapes.differences("operation PENDING", switchover)).isEmpty();
    done(switchover);
    for (String name : new String[] {"west", "east"}) {
      assertThat(shapes.differences("instance", send("GET", "instances/" + name, "")))
          .containsExactly(PORT);
    }
    assertThat(
            shapes.differences(
                "operation DONE", done(send("POST", "instances/west/promoteReplica", ""))))
        .isEmpty();
    assertThat(send("GET", "instances", "").path("items")).hasSize(2);
  }
}
