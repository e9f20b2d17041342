/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import static io.clouddb.testkit.simulator.arm.ArmWire.id;
import static io.clouddb.testkit.simulator.arm.ArmWire.json;
import static io.clouddb.testkit.simulator.arm.ArmWire.operation;
import static io.clouddb.testkit.simulator.arm.ArmWire.refused;
import static io.clouddb.testkit.simulator.arm.ArmWire.replica;
import static io.clouddb.testkit.simulator.arm.ArmWire.size;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a replica and its primary change places where a virtual endpoint reads from it. */
class SwitchoverTest {
  private static final String INVALID = "InvalidParameterValue";
  private static final String SWITCH =
      "{'properties':{'replica':{'role':'Primary','promoteMode':'%s','promoteOption':'%s'}}}";
  private static final String PLANNED = SWITCH.formatted("Switchover", "Planned");
  private static final String MEMBERS =
      "{'properties':{'endpointType':'ReadWrite','members':['%s']}}";

  private final RecordedShapes shapes = new RecordedShapes("replica-shapes.txt");
  private final ArmWire wire = new ArmWire();

  @BeforeEach
  void makeServers() throws Exception {
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    wire.run("orders", "CREATE TABLE t AS SELECT 1 AS a");
    wire.done("PUT", "reader", replica("orders", "westeurope"));
  }

  @AfterEach
  void close() {
    try {
      assertThat(wire.azure.bugs()).isEmpty();
    } finally {
      wire.close();
    }
  }

  private void readFrom(String server) throws Exception {
    wire.done("PUT", "orders/virtualendpoints/shop", MEMBERS.formatted(server));
  }

  private JsonNode members(String primary) throws Exception {
    return json(wire.send("GET", primary + "/virtualendpoints/shop", "")).at("/properties/members");
  }

  @Test
  void isMadeShownChangedAndDeletedAsRecorded() throws Exception {
    shapes.check(
        "VirtualEndpoints_ListByServer without one",
        wire.send("GET", "orders/virtualendpoints", ""));
    HttpResponse<String> created =
        wire.send("PUT", "orders/virtualendpoints/shop", MEMBERS.formatted("orders"));
    shapes.check("VirtualEndpoints_Create", created);
    assertThat(created.body()).contains("VirtualEndpointCreateManagementOperation");
    assertThat(operation(created)).contains("/locations/eastus/");
    HttpResponse<String> shown = wire.send("GET", "orders/virtualendpoints/shop", "");
    shapes.check("VirtualEndpoints_Get", shown);
    assertThat(json(shown).at("/properties/virtualEndpoints"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "shop.writer.postgres.database.azure.com", "shop.reader.postgres.database.azure.com");
    assertThat(members("orders")).extracting(JsonNode::asText).containsExactly("orders");
    assertThat(
            wire.done("PATCH", "orders/virtualendpoints/shop", MEMBERS.formatted("reader")).body())
        .contains("VirtualEndpointUpdateManagementOperation");
    assertThat(members("orders")).extracting(JsonNode::asText).containsExactly("orders", "reader");
    assertThat(json(wire.send("GET", "orders/virtualendpoints", "")).at("/value")).hasSize(1);

    refused(400, INVALID, "is a replica", wire.send("GET", "reader/virtualendpoints", ""));
    refused(
        400,
        INVALID,
        "already",
        wire.send("PUT", "orders/virtualendpoints/other", MEMBERS.formatted("orders")));
    refused(
        400,
        INVALID,
        "no replica",
        wire.send("PUT", "orders/virtualendpoints/shop", MEMBERS.formatted("nobody")));
    wire.server("other", "eastus", "Standard_D4ds_v5");
    refused(
        400,
        INVALID,
        "taken",
        wire.send("PUT", "other/virtualendpoints/shop", MEMBERS.formatted("other")));
    wire.send("POST", "orders/restart", "");
    wire.failed(
        "", wire.send("PATCH", "orders/virtualendpoints/shop", MEMBERS.formatted("orders")));
    wire.clock.advanceUntilIdle();
    wire.version = ArmWire.OLDEST;
    refused(
        400,
        "NoRegisteredProviderFound",
        "virtualendpoints",
        wire.send("GET", "orders/virtualendpoints", ""));
    wire.version = ArmWire.NEWEST;

    assertThat(wire.done("DELETE", "orders/virtualendpoints/shop", "").body())
        .contains("VirtualEndpointDropManagementOperation");
    assertThat(wire.send("DELETE", "orders/virtualendpoints/shop", "").statusCode()).isEqualTo(204);
    assertThat(wire.send("GET", "orders/virtualendpoints/shop", "").statusCode()).isEqualTo(404);
  }

  @Test
  void namesAreThoseOfTheDefinition() throws Exception {
    for (String name : new String[] {"sh", "-shop", "shop-", "s.hop", "s".repeat(64)}) {
      refused(
          400,
          INVALID,
          "virtualEndpointName",
          wire.send("PUT", "orders/virtualendpoints/" + name, MEMBERS.formatted("orders")));
    }
    wire.done("PUT", "orders/virtualendpoints/" + "s".repeat(63), MEMBERS.formatted("orders"));
  }

  /** Another one of its name is another server. */
  @Test
  void aReplicaThatWasDeletedIsReadNoMore() throws Exception {
    readFrom("reader");
    wire.done("DELETE", "reader", "");
    assertThat(members("orders")).extracting(JsonNode::asText).containsExactly("orders");
    wire.done("PUT", "reader", replica("orders", "westeurope"));
    assertThat(members("orders")).extracting(JsonNode::asText).containsExactly("orders");
    refused(400, INVALID, "virtual endpoint", wire.send("PATCH", "reader", PLANNED));
  }

  /** Documented: who is made a server of its own is part of no endpoint, which stays. */
  @Test
  void aFormerPrimaryThatLeavesTakesNoEndpointAlong() throws Exception {
    readFrom("reader");
    wire.done("PATCH", "reader", PLANNED);
    wire.done(
        "PATCH", "orders", PLANNED.replace("Switchover", "Standalone").replace("Primary", "None"));
    assertThat(members("reader")).extracting(JsonNode::asText).containsExactly("reader");
    assertThat(wire.send("GET", "orders/virtualendpoints/shop", "").statusCode()).isEqualTo(404);
  }

  @Test
  void changesThePlacesOfTheServersAndBack() throws Exception {
    wire.done("PUT", "third", replica("orders", "eastus"));
    wire.done("PATCH", "orders", "{'properties':{'highAvailability':{'mode':'ZoneRedundant'}}}");
    readFrom("reader");
    wire.run("orders", "INSERT INTO t VALUES (2)");
    int port = wire.instance("orders").port().orElseThrow();
    HttpResponse<String> accepted = wire.send("PATCH", "reader", PLANNED);
    shapes.check("Servers_Update promotion", accepted);
    assertThat(accepted.body()).contains("ReadReplicaSiteSwapManagementOperation");
    assertThat(operation(accepted)).contains("/locations/West%20Europe/");
    assertThat(wire.show("reader", "/state")).isEqualTo("Updating");
    assertThat(wire.show("orders", "/state")).isEqualTo("Updating");
    wire.clock.advanceUntilIdle();
    assertThat(json(wire.send("GET", operation(accepted), "")).at("/status").asText())
        .isEqualTo("Succeeded");

    assertThat(wire.show("reader", "/replica/role")).isEqualTo("Primary");
    assertThat(wire.show("reader", "/sourceServerResourceId")).isEmpty();
    assertThat(wire.show("orders", "/replica/role")).isEqualTo("GeoAsyncReplica");
    assertThat(wire.show("orders", "/sourceServerResourceId")).isEqualTo(id("reader"));
    assertThat(wire.show("orders", "/highAvailability/mode")).isEqualTo("Disabled");
    assertThat(wire.show("third", "/sourceServerResourceId")).isEqualTo(id("reader"));
    assertThat(wire.instance("orders").port()).hasValue(port);
    assertThat(members("reader")).extracting(JsonNode::asText).containsExactly("reader", "orders");
    wire.run("reader", "INSERT INTO t VALUES (4)");
    for (String each : new String[] {"orders", "third"}) {
      wire.instance(each).server().orElseThrow().catchUp(Duration.ofSeconds(30));
      assertThat(wire.ask(each, "SELECT sum(a) FROM t")).isEqualTo("7");
    }

    // As recorded: in lower case, and forced although the primary is there.
    wire.done("PATCH", "orders", SWITCH.formatted("switchover", "forced"));
    assertThat(wire.show("orders", "/replica/role")).isEqualTo("Primary");
    assertThat(members("orders")).extracting(JsonNode::asText).containsExactly("orders", "reader");
    wire.run("orders", "INSERT INTO t VALUES (8)");

    // Who is made a server of its own is read from no more.
    wire.done(
        "PATCH", "reader", PLANNED.replace("Switchover", "Standalone").replace("Primary", "None"));
    assertThat(members("orders")).extracting(JsonNode::asText).containsExactly("orders");
    assertThat(wire.azure.notSimulated()).isEmpty();
  }

  @Test
  void isRefusedWhereTheServersAreNotPrepared() throws Exception {
    refused(400, INVALID, "virtual endpoint", wire.send("PATCH", "reader", PLANNED));
    readFrom("orders");
    refused(400, INVALID, "virtual endpoint", wire.send("PATCH", "reader", PLANNED));
    readFrom("reader");
    refused(400, INVALID, "role", wire.send("PATCH", "reader", PLANNED.replace("Primary", "None")));
    wire.done("PATCH", "reader", "{" + size("Standard_D8ds_v5") + "}");
    refused(400, INVALID, "differ", wire.send("PATCH", "reader", PLANNED));
    wire.done("PATCH", "reader", "{" + size("Standard_D4ds_v5") + "}");
    wire.done("PUT", "reader/configurations/max_connections", "{'properties':{'value':'200'}}");
    refused(400, INVALID, "max_connections", wire.send("PATCH", "reader", PLANNED));
    wire.done("POST", "reader/restart", "");
    wire.done("PUT", "orders/configurations/max_connections", "{'properties':{'value':'200'}}");
    wire.done("POST", "orders/restart", "");

    wire.send("POST", "orders/restart", "");
    wire.failed("ServerBusy", wire.send("PATCH", "reader", PLANNED));
    wire.clock.advanceUntilIdle();
    wire.azure.faults().on(Verb.SWITCH_OVER, Call.INSTANCE).operationFails("Oops", "not now");
    wire.failed("Oops", wire.send("PATCH", "reader", PLANNED));
    assertThat(wire.show("orders", "/state")).isEqualTo("Ready");
    assertThat(wire.show("reader", "/replica/role")).isEqualTo("GeoAsyncReplica");
  }

  /** Documented: a forced one asks for neither the primary nor whether the two are alike. */
  @Test
  void aForcedOneTakesThePlaceOfALostPrimary() throws Exception {
    wire.done("PUT", "third", replica("orders", "eastus"));
    readFrom("reader");
    wire.done("PATCH", "reader", "{" + size("Standard_D8ds_v5") + "}");
    wire.instance("reader").server().orElseThrow().catchUp(Duration.ofSeconds(30));
    wire.instance("orders").server().orElseThrow().kill();
    refused(400, INVALID, "differ", wire.send("PATCH", "reader", PLANNED));
    wire.done("PATCH", "reader", "{" + size("Standard_D4ds_v5") + "}");
    wire.failed("InternalServerError", wire.send("PATCH", "reader", PLANNED));
    wire.done("PATCH", "reader", "{" + size("Standard_D8ds_v5") + "}");
    wire.done("PATCH", "reader", SWITCH.formatted("Switchover", "Forced"));
    assertThat(wire.show("reader", "/replica/role")).isEqualTo("Primary");
    assertThat(wire.show("orders", "/sourceServerResourceId")).isEqualTo(id("reader"));
    assertThat(wire.show("orders", "/state")).isEqualTo("Disabled");
    assertThat(wire.show("third", "/sourceServerResourceId")).isEqualTo(id("orders"));
    assertThat(members("reader")).extracting(JsonNode::asText).containsExactly("reader", "orders");
    wire.run("reader", "INSERT INTO t VALUES (4)");
    assertThat(wire.ask("reader", "SELECT sum(a) FROM t")).isEqualTo("5");
    // It does not come back.
    wire.done("DELETE", "third", "");
    wire.done("DELETE", "orders", "");
    wire.done("PUT", "again", replica("reader", "eastus"));
    assertThat(wire.azure.notSimulated()).isEmpty();
  }
}
