/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import static io.clouddb.testkit.simulator.arm.ArmWire.id;
import static io.clouddb.testkit.simulator.arm.ArmWire.json;
import static io.clouddb.testkit.simulator.arm.ArmWire.operation;
import static io.clouddb.testkit.simulator.arm.ArmWire.replica;
import static io.clouddb.testkit.simulator.arm.ArmWire.size;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Read replicas of flexible servers, with recorded answers beside the simulator's. */
class ReadReplicaTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String PROMOTE =
      "{'properties':{'replica':{'role':'None','promoteMode':'Standalone','promoteOption':'%s'}}}";

  private final RecordedShapes shapes = new RecordedShapes("replica-shapes.txt");
  private final ArmWire wire = new ArmWire();

  @AfterEach
  void close() {
    try {
      assertThat(wire.azure.bugs()).isEmpty();
      assertThat(wire.azure.notSimulated()).isEmpty();
    } finally {
      wire.close();
    }
  }

  private EmbeddedPostgres postgres(String server) {
    return wire.instance(server).server().orElseThrow();
  }

  private JsonNode replicas(String source) throws Exception {
    return json(wire.send("GET", source + "/replicas", "")).at("/value");
  }

  @Test
  void isMadeListedPromotedAndDeletedAsRecorded() throws Exception {
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    assertThat(replicas("orders")).isEmpty();
    wire.run("orders", "CREATE TABLE t AS SELECT 1 AS a");
    HttpResponse<String> created = wire.send("PUT", "reader", replica("orders", "eastus"));
    shapes.check("Servers_Create replica", created);
    assertThat(created.body()).contains("CreateReadReplicaManagementOperation");
    assertThat(operation(created)).contains("/locations/eastus/azureAsyncOperation/");
    assertThat(wire.show("orders", "/state")).isEqualTo("Updating");
    assertThat(replicas("orders"))
        .extracting(entry -> entry.at("/properties/replica/replicationState").asText())
        .containsExactly("Provisioning");
    wire.clock.advanceUntilIdle();
    assertThat(json(wire.send("GET", operation(created), "")).at("/status").asText())
        .isEqualTo("Succeeded");

    HttpResponse<String> shown = wire.send("GET", "reader", "");
    shapes.check("Servers_Get replica", shown);
    JsonNode reader = json(shown);
    assertThat(reader.at("/location").asText()).isEqualTo("East US");
    assertThat(reader.at("/sku/name").asText()).isEqualTo("Standard_D4ds_v5");
    JsonNode properties = reader.at("/properties");
    assertThat(properties.at("/replica/role").asText()).isEqualTo("AsyncReplica");
    assertThat(properties.at("/replica/capacity").asInt()).isZero();
    assertThat(properties.at("/replicationRole").asText()).isEqualTo("AsyncReplica");
    assertThat(properties.at("/sourceServerResourceId").asText()).isEqualTo(id("orders"));
    assertThat(properties.at("/administratorLogin").asText()).isEqualTo("app_admin");
    assertThat(properties.at("/storage/storageSizeGB").asInt()).isEqualTo(128);
    assertThat(properties.at("/state").asText()).isEqualTo("Ready");
    assertThat(wire.show("orders", "/state")).isEqualTo("Ready");
    assertThat(wire.show("orders", "/replica/role")).isEqualTo("Primary");

    JsonNode list = replicas("orders");
    assertThat(list).hasSize(1);
    shapes.checkLeaves("Replicas_ListByServer entry", list.get(0));
    assertThat(list.get(0).at("/name").asText()).isEqualTo("reader");
    assertThat(list.get(0).at("/location").asText()).isEqualTo("eastus");
    assertThat(list.get(0).at("/sku/name").asText()).isEmpty();
    assertThat(list.get(0).at("/properties/replica/replicationState").asText()).isEqualTo("Active");

    shapes.check("Servers_Delete with replicas", wire.send("DELETE", "orders", ""));

    HttpResponse<String> promoted = wire.send("PATCH", "reader", PROMOTE.formatted("Planned"));
    shapes.check("Servers_Update promotion", promoted);
    assertThat(promoted.body()).contains("PromoteReadReplicaManagementOperation");
    assertThat(operation(promoted)).contains("/locations/East%20US/azureAsyncOperation/");
    assertThat(wire.show("reader", "/state")).isEqualTo("Updating");
    assertThat(wire.show("reader", "/replica/role")).isEqualTo("AsyncReplica");
    assertThat(wire.show("orders", "/state")).isEqualTo("Updating");
    wire.clock.advanceUntilIdle();
    JsonNode alone = json(wire.send("GET", "reader", "")).at("/properties");
    assertThat(alone.at("/replica/role").asText()).isEqualTo("Primary");
    assertThat(alone.at("/replica/capacity").asInt()).isEqualTo(5);
    assertThat(alone.has("sourceServerResourceId")).isFalse();
    // Recorded: there is no backup of it yet.
    assertThat(alone.at("/backup").has("earliestRestoreDate")).isFalse();
    wire.clock.advance(Duration.ofMinutes(10));
    assertThat(wire.show("reader", "/backup/earliestRestoreDate")).startsWith("2026-01-01T00:");
    assertThat(replicas("orders")).isEmpty();
    wire.run("reader", "INSERT INTO t VALUES (2)");
    assertThat(wire.ask("orders", "SELECT sum(a) FROM t")).isEqualTo("1");

    wire.done("PUT", "other", replica("orders", "eastus"));
    HttpResponse<String> deleted = wire.send("DELETE", "other", "");
    shapes.check("Servers_Delete replica", deleted);
    assertThat(deleted.body()).contains("DropReadReplicaManagementOperation");
    assertThat(operation(deleted)).contains("/locations/East%20US/azureAsyncOperation/");
    assertThat(wire.show("orders", "/state")).isEqualTo("Updating");
    wire.clock.advanceUntilIdle();
    assertThat(wire.send("GET", "other", "").statusCode()).isEqualTo(404);
    assertThat(wire.done("DELETE", "orders", "").body()).contains("DropServerManagementOperation");
    assertThat(wire.done("DELETE", "reader", "").body()).contains("DropServerManagementOperation");
  }

  @Test
  void followsItsSourceInAnotherRegionAndGroupWithItsSettings() throws Exception {
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    String rule = "{'properties':{'startIpAddress':'10.0.0.1','endIpAddress':'10.0.0.9'}}";
    wire.done("PUT", "orders/firewallRules/office", rule);
    wire.done("PUT", "orders/configurations/work_mem", "{'properties':{'value':'8192'}}");
    wire.run("orders", "CREATE TABLE t AS SELECT 1 AS a");
    wire.azure.addResourceGroup(ArmWire.SUBSCRIPTION, "Far-rg", "westeurope");
    String far = id("Far-rg", "far");
    wire.done(
        "PUT",
        far,
        replica("orders", "westeurope", ",'tags':{'a':'b'},", size("Standard_E8ds_v5")));
    JsonNode shown = json(wire.send("GET", far, ""));
    assertThat(shown.at("/location").asText()).isEqualTo("West Europe");
    assertThat(shown.at("/sku/name").asText()).isEqualTo("Standard_E8ds_v5");
    assertThat(shown.at("/tags/a").asText()).isEqualTo("b");
    assertThat(shown.at("/properties/replica/role").asText()).isEqualTo("GeoAsyncReplica");
    assertThat(shown.at("/properties/replicationRole").asText()).isEqualTo("GeoAsyncReplica");
    assertThat(shown.at("/properties/sourceServerResourceId").asText()).isEqualTo(id("orders"));
    assertThat(replicas("orders").get(0).at("/id").asText()).isEqualTo(far);
    assertThat(json(wire.send("GET", far + "/firewallRules/office", "")).at("/name").asText())
        .isEqualTo("office");
    assertThat(
            json(wire.send("GET", far + "/configurations/work_mem", ""))
                .at("/properties/value")
                .asText())
        .isEqualTo("8192");
    assertThat(json(wire.send("GET", far + "/databases", "")).at("/value")).hasSize(1);

    var standby = wire.azure.servers().list(ArmWire.SUBSCRIPTION + "/far-rg").get(0);
    EmbeddedPostgres server = standby.server().orElseThrow();
    wire.run("orders", "INSERT INTO t VALUES (2)");
    server.catchUp(LIMIT);
    var reader =
        server.connection(
            "postgres", "app_admin", io.clouddb.security.SecretRef.literal(ArmWire.PASSWORD));
    try (var connection = reader.connect();
        var statement = connection.createStatement()) {
      try (var rows = statement.executeQuery("SELECT sum(a) FROM t")) {
        rows.next();
        assertThat(rows.getInt(1)).isEqualTo(3);
      }
      assertThatThrownBy(() -> statement.execute("INSERT INTO t VALUES (4)"))
          .hasMessageContaining("read-only");
    }
    // From here on each has its own.
    wire.done("PUT", far + "/configurations/work_mem", "{'properties':{'value':'9216'}}");
    wire.done("DELETE", far + "/firewallRules/office", "");
    assertThat(wire.ask("orders", "SHOW work_mem")).isEqualTo("8MB");
    assertThat(wire.send("GET", "orders/firewallRules/office", "").statusCode()).isEqualTo(200);
    wire.done(
        "PATCH",
        far,
        "{'tags':{'c':'d'},'properties':{'maintenanceWindow':"
            + "{'customWindow':'Enabled','dayOfWeek':1,'startHour':2,'startMinute':0}}}");
    wire.done("DELETE", far, "");
    wire.done("DELETE", "orders", "");
  }

  @Test
  void isPromotedTheOlderWayAndShownWithoutTheNewerMembers() throws Exception {
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    wire.version = ArmWire.OLDEST;
    wire.done("PUT", "reader", replica("orders", "eastus"));
    JsonNode shown = json(wire.send("GET", "reader", "")).at("/properties");
    assertThat(shown.has("replica")).isFalse();
    assertThat(shown.at("/replicationRole").asText()).isEqualTo("AsyncReplica");
    JsonNode entry = replicas("orders").get(0).at("/properties");
    assertThat(entry.has("replica")).isFalse();
    assertThat(entry.at("/replicationRole").asText()).isEqualTo("AsyncReplica");
    wire.done("PATCH", "reader", "{'properties':{'replicationRole':'None'}}");
    assertThat(wire.show("reader", "/replicationRole")).isEqualTo("Primary");
    assertThat(replicas("orders")).isEmpty();
  }

  @Test
  void isPromotedByForceWhereItsSourceIsLost() throws Exception {
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    wire.run("orders", "CREATE TABLE t AS SELECT 1 AS a");
    wire.done("PUT", "reader", replica("orders", "westeurope"));
    postgres("orders").kill();
    assertThat(replicas("orders").get(0).at("/properties/replica/replicationState").asText())
        .isEqualTo("Broken");
    wire.failed("InternalServerError", wire.send("PATCH", "reader", PROMOTE.formatted("planned")));
    assertThat(wire.show("reader", "/replica/role")).isEqualTo("GeoAsyncReplica");
    wire.done("PATCH", "reader", PROMOTE.formatted("forced").replace("'role':'None',", ""));
    assertThat(wire.show("reader", "/replica/role")).isEqualTo("Primary");
    wire.run("reader", "INSERT INTO t VALUES (2)");
    assertThat(wire.ask("reader", "SELECT sum(a) FROM t")).isEqualTo("3");
  }

  @Test
  void waitsForAllOfItsSourceWhereThatIsPlanned() throws Exception {
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    wire.done("PUT", "reader", replica("orders", "eastus"));
    wire.run("orders", "CREATE TABLE t AS SELECT generate_series(1, 20000) AS a");
    wire.done("PATCH", "reader", PROMOTE.formatted("Planned"));
    assertThat(wire.ask("reader", "SELECT count(*) FROM t")).isEqualTo("20000");
  }

  @Test
  void isStoppedAndStartedAsItsSource() throws Exception {
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    wire.run("orders", "CREATE TABLE t AS SELECT 1 AS a");
    wire.done("PUT", "reader", replica("orders", "eastus"));
    wire.done("POST", "orders/stop", "");
    assertThat(replicas("orders").get(0).at("/properties/replica/replicationState").asText())
        .isEqualTo("Active");
    wire.failed("", wire.send("PATCH", "reader", PROMOTE.formatted("Forced")));
    wire.done("POST", "reader/stop", "");
    assertThat(replicas("orders").get(0).at("/properties/state").asText()).isEqualTo("Stopped");
    wire.done("POST", "reader/start", "");
    wire.done("POST", "orders/start", "");
    wire.done("POST", "reader/restart", "");
    wire.run("orders", "INSERT INTO t VALUES (2)");
    postgres("reader").catchUp(LIMIT);
    assertThat(wire.ask("reader", "SELECT sum(a) FROM t")).isEqualTo("3");
    assertThat(replicas("orders").get(0).at("/properties/replica/replicationState").asText())
        .isEqualTo("Active");
  }

  /** In preview, in some regions, on two levels. */
  @Test
  void hasReplicasItselfWhereThatIsOffered() throws Exception {
    wire.server("orders", "canadacentral", "Standard_D4ds_v5");
    wire.run("orders", "CREATE TABLE t AS SELECT 1 AS a");
    wire.done("PUT", "middle", replica("orders", "canadacentral"));
    assertThat(wire.show("middle", "/replica/capacity")).isEqualTo("5");
    wire.done("PUT", "last", replica("middle", "canadacentral"));
    assertThat(wire.show("last", "/replica/capacity")).isEqualTo("0");
    assertThat(wire.show("last", "/sourceServerResourceId")).isEqualTo(id("middle"));
    assertThat(replicas("orders")).hasSize(1);
    assertThat(replicas("middle")).hasSize(1);
    wire.run("orders", "INSERT INTO t VALUES (2)");
    postgres("middle").catchUp(LIMIT);
    postgres("last").catchUp(LIMIT);
    assertThat(wire.ask("last", "SELECT sum(a) FROM t")).isEqualTo("3");
    ArmWire.refused(
        400,
        "InvalidParameterValue",
        "may not have replicas",
        wire.send("PUT", "more", replica("last", "canadacentral")));
    ArmWire.refused(
        400,
        "InvalidParameterValue",
        "has replicas itself",
        wire.send("PATCH", "middle", PROMOTE.formatted("Planned")));
    ArmWire.refused(
        400,
        "ReadReplicaServersExistForSourceServer",
        "'middle' has '1' active replicas",
        wire.send("DELETE", "middle", ""));
    wire.done("DELETE", "last", "");
    wire.done("DELETE", "middle", "");
    wire.done("DELETE", "orders", "");
  }
}
