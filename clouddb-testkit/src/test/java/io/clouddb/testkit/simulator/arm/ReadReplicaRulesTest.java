/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import static io.clouddb.testkit.simulator.arm.ArmWire.id;
import static io.clouddb.testkit.simulator.arm.ArmWire.json;
import static io.clouddb.testkit.simulator.arm.ArmWire.refused;
import static io.clouddb.testkit.simulator.arm.ArmWire.replica;
import static io.clouddb.testkit.simulator.arm.ArmWire.size;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Azure refuses of read replicas and their sources, in its documents and in recordings. */
class ReadReplicaRulesTest {
  private static final String INVALID = "InvalidParameterValue";
  private static final String PROMOTE = "{'properties':{'replica':{%s}}}";
  private static final String STANDALONE = "'promoteMode':'Standalone','promoteOption':'Planned'";

  private final ArmWire wire = new ArmWire();

  @AfterEach
  void close() {
    try {
      assertThat(wire.azure.bugs()).isEmpty();
    } finally {
      wire.close();
    }
  }

  private HttpResponse<String> create(String name, String body) throws Exception {
    return wire.send("PUT", name, body);
  }

  private HttpResponse<String> patch(String server, String body) throws Exception {
    return wire.send("PATCH", server, body);
  }

  private HttpResponse<String> promote(String server, String how) throws Exception {
    return patch(server, PROMOTE.formatted(how));
  }

  @Test
  void refusesReplicasThatCannotBe() throws Exception {
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    String plain = replica("orders", "eastus");
    refused(
        400,
        "MissingRequiredParameter",
        "location",
        create("rd1", plain.replace("location", "name")));
    refused(
        400,
        "MissingRequiredParameter",
        "sourceServerResourceId",
        create("rd1", plain.replace(id("orders"), "")));
    refused(400, INVALID, "no id", create("rd1", plain.replace("/providers", "")));
    refused(404, "ResourceNotFound", "/nobody'", create("rd1", replica("nobody", "eastus")));
    refused(400, INVALID, "serverName", create("R", plain));
    refused(400, "ParameterOutOfRange", "128", create("rd1", storage(plain, 64)));
    refused(
        400,
        INVALID,
        "vCores",
        create("rd1", replica("orders", "eastus", ",", size("Standard_D2ds_v5"))));
    refused(
        400,
        INVALID,
        "Burstable",
        create("rd1", replica("orders", "eastus", ",", size("Standard_B4ms"))));
    // What a replica has from its source, and what it cannot have, is not taken.
    for (String member :
        new String[] {
          "'administratorLoginPassword':'" + ArmWire.PASSWORD + "'",
          "'version':'16'",
          "'highAvailability':{'mode':'ZoneRedundant'}",
          "'pointInTimeUTC':'2026-01-01T00:00:00Z'"
        }) {
      refused(
          501,
          "NotSimulated",
          "",
          create("rd1", plain.replace("'createMode'", member + ",'createMode'")));
    }
    assertThat(json(wire.send("GET", "orders/replicas", "")).at("/value")).isEmpty();

    wire.done("PUT", "rd1", storage(plain, 256));
    refused(400, "ReadReplicaAlreadyExistWithGivenName", "'rd1'", create("rd1", plain));
    refused(400, "ReadReplicaAlreadyExistWithGivenName", "'orders'", create("orders", plain));
    refused(400, INVALID, "may not have replicas", create("rd2", replica("rd1", "eastus")));
    for (int i = 2; i <= 5; i++) {
      wire.done("PUT", "rd" + i, plain);
    }
    refused(400, INVALID, "5 replicas", create("rd6", plain));
    refused(
        400,
        "ReadReplicaServersExistForSourceServer",
        "'orders' has '5' active replicas",
        wire.send("DELETE", "orders", ""));

    wire.server("small", "eastus", "Standard_B2s");
    refused(400, INVALID, "Burstable", create("rd7", replica("small", "eastus")));
  }

  private static String storage(String body, int gib) {
    return body.replace("'createMode'", "'storage':{'storageSizeGB':" + gib + "},'createMode'");
  }

  @Test
  void keepsAPrivateServersReplicasInASubnetOfTheirRegion() throws Exception {
    String network =
        "'network':{'delegatedSubnetResourceId':'%s','privateDnsZoneArmResourceId':'/z/shop.postgres.database.azure.com'},";
    wire.done(
        "PUT",
        "orders",
        ("{'location':'eastus','properties':{'administratorLogin':'app_admin','version':'16',"
            + network.formatted("here")
            + "'administratorLoginPassword':'"
            + ArmWire.PASSWORD
            + "','storage':{'storageSizeGB':128}},"
            + size("Standard_D4ds_v5")
            + "}"));
    // As recorded: a replica's request names the network, also where it is its source's.
    String near = replica("orders", "East US");
    refused(400, "MissingRequiredParameter", "delegatedSubnetResourceId", create("near", near));
    wire.done(
        "PUT", "near", near.replace("'createMode'", network.formatted("here") + "'createMode'"));
    assertThat(wire.show("near", "/network/delegatedSubnetResourceId")).isEqualTo("here");
    String far = replica("orders", "westeurope");
    refused(400, "MissingRequiredParameter", "delegatedSubnetResourceId", create("far", far));
    wire.done(
        "PUT", "far", far.replace("'createMode'", network.formatted("there") + "'createMode'"));
    assertThat(wire.show("far", "/network/delegatedSubnetResourceId")).isEqualTo("there");
    String other = near.replace("'createMode'", network.formatted("here") + "'createMode'");
    wire.failed(
        "PrivateDnsZoneNameNotValid", create("other", other.replace("/z/shop.", "/z/other.")));
    refused(
        400,
        "PrivateDnsZoneHasWrongZoneSuffix",
        "does not end with .postgres.database.azure.com",
        create("other", other.replace("/z/shop.postgres.database.azure.com", "/z/shop.internal")));
    wire.server("open", "eastus", "Standard_D4ds_v5");
    refused(
        501,
        "NotSimulated",
        "private replica of a public server",
        create(
            "inside",
            replica("open", "eastus")
                .replace("'createMode'", network.formatted("here") + "'createMode'")));
  }

  @Test
  void refusesChangesByWhichAReplicaAndItsSourceWouldNotFit() throws Exception {
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    wire.done("PUT", "reader", replica("orders", "eastus"));
    refused(
        400,
        INVALID,
        "password",
        patch("reader", "{'properties':{'administratorLoginPassword':'An0ther-secret!'}}"));
    refused(
        400,
        INVALID,
        "high availability",
        patch("reader", "{'properties':{'highAvailability':{'mode':'SameZone'}}}"));
    refused(
        400,
        INVALID,
        "backups",
        patch("reader", "{'properties':{'backup':{'backupRetentionDays':14}}}"));
    refused(400, INVALID, "vCores", patch("reader", "{" + size("Standard_D2ds_v5") + "}"));
    refused(400, INVALID, "Burstable", patch("reader", "{" + size("Standard_B4ms") + "}"));
    refused(400, INVALID, "Burstable", patch("orders", "{" + size("Standard_B4ms") + "}"));
    refused(400, INVALID, "vCores", patch("orders", "{" + size("Standard_D8ds_v5") + "}"));
    String disk = "{'properties':{'storage':{'storageSizeGB':256}}}";
    refused(400, INVALID, "storage", patch("orders", disk));
    // First the replica, then its source; down the other way round.
    wire.done("PATCH", "reader", "{" + size("Standard_E8ds_v5") + "}");
    wire.done("PATCH", "reader", disk);
    wire.done("PATCH", "orders", disk);
    wire.done("PATCH", "orders", "{" + size("Standard_D8ds_v5") + "}");
    wire.done("PATCH", "orders", "{" + size("Standard_D2ds_v5") + "}");
    wire.done("PATCH", "reader", "{" + size("Standard_D2ds_v5") + "}");
    wire.done("PATCH", "orders", "{'properties':{'administratorLoginPassword':'An0ther-secret!'}}");
    refused(
        400, INVALID, "read-only", wire.send("PUT", "reader/databases/shop", "{'properties':{}}"));
    assertThat(wire.azure.notSimulated()).isEmpty();

    String few = "{'properties':{'value':'50'}}";
    String many = "{'properties':{'value':'200'}}";
    refused(
        501, "NotSimulated", "", wire.send("PUT", "reader/configurations/max_connections", few));
    refused(
        501, "NotSimulated", "", wire.send("PUT", "orders/configurations/max_connections", many));
    wire.done("PUT", "reader/configurations/max_connections", many);
    refused(
        501, "NotSimulated", "", wire.send("PUT", "orders/configurations/max_connections", many));
    wire.done("POST", "reader/restart", "");
    wire.done("PUT", "orders/configurations/max_connections", many);
    wire.done("POST", "orders/restart", "");
    assertThat(wire.instance("reader").lag()).isPresent();
  }

  @Test
  void aReplicasDiskGrowsByItselfWhereItsSourcesDoes() throws Exception {
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    String plain = replica("orders", "eastus");
    String grows = "{'properties':{'storage':{'autoGrow':'%s'}}}";
    wire.done("PUT", "reader", plain);
    refused(400, INVALID, "soon", patch("orders", grows.formatted("soon")));
    refused(400, INVALID, "autoGrow", patch("orders", grows.formatted("Enabled")));
    wire.done("PATCH", "reader", grows.formatted("Enabled"));
    wire.done("PATCH", "orders", grows.formatted("Enabled"));
    assertThat(wire.show("orders", "/storage/autoGrow")).isEqualTo("Enabled");
    refused(400, INVALID, "autoGrow", patch("reader", grows.formatted("Disabled")));
    refused(400, INVALID, "autoGrow", create("other", plain));
    wire.done(
        "PUT",
        "other",
        plain.replace("'createMode'", "'storage':{'autoGrow':'Enabled'},'createMode'"));
  }

  @Test
  void refusesPromotionsThatCannotBe() throws Exception {
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    wire.done("PUT", "reader", replica("orders", "eastus"));
    refused(400, INVALID, "no read replica", promote("orders", STANDALONE));
    refused(404, "ResourceNotFound", "nobody", promote("nobody", STANDALONE));
    refused(400, INVALID, "promoteMode", promote("reader", "'promoteMode':'sideways'"));
    refused(
        400,
        INVALID,
        "promoteOption",
        promote("reader", "'promoteMode':'standalone','promoteOption':'soon'"));
    refused(400, INVALID, "role", promote("reader", STANDALONE + ",'role':'Primary'"));
    refused(
        400,
        "MissingRequiredParameter",
        "promoteMode",
        promote("reader", "'promoteOption':'forced'"));
    refused(
        400,
        INVALID,
        "together",
        patch(
            "reader",
            "{'properties':{'administratorLoginPassword':'An0ther-secret!','replica':{"
                + STANDALONE
                + "}}}"));
    refused(
        501,
        "NotSimulated",
        "tags",
        patch("reader", "{'tags':{'a':'b'},'properties':{'replica':{" + STANDALONE + "}}}"));
    wire.version = ArmWire.OLDEST;
    refused(501, "NotSimulated", "replica.promoteMode", promote("reader", STANDALONE));
    refused(400, INVALID, "role", patch("reader", "{'properties':{'replicationRole':'Primary'}}"));
    assertThat(wire.show("reader", "/replicationRole")).isEqualTo("AsyncReplica");
  }

  /** Documented, and seen in reports: "Current Server State = Updating". */
  @Test
  void isBusyAsItsSourceIsDuringWhatIsDoneToAReplica() throws Exception {
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    String plain = replica("orders", "eastus");
    create("reader", plain);
    wire.failed("ServerIsNotReady", wire.send("POST", "orders/restart", ""));
    wire.failed("ServerBusy", patch("orders", "{'tags':{'a':'b'}}"));
    wire.failed("ServerBusy", create("other", plain));
    wire.failed("ServerBusy", promote("reader", STANDALONE));
    wire.failed("ServerBusy", wire.send("DELETE", "reader", ""));
    refused(400, "ReadReplicaServersExistForSourceServer", "", wire.send("DELETE", "orders", ""));
    wire.clock.advanceUntilIdle();
    wire.send("POST", "orders/restart", "");
    wire.failed("ServerBusy", promote("reader", STANDALONE));
    wire.failed("ServerBusy", wire.send("DELETE", "reader", ""));
    wire.clock.advanceUntilIdle();
    promote("reader", STANDALONE);
    wire.failed("ServerBusy", promote("reader", STANDALONE));
    wire.failed("ServerBusy", create("other", plain));
    wire.clock.advanceUntilIdle();
    wire.done("PUT", "other", plain);
    assertThat(wire.azure.notSimulated()).isEmpty();
  }

  @Test
  void letsItsSourceGoWhenAnOperationFails() throws Exception {
    wire.server("orders", "eastus", "Standard_D4ds_v5");
    String plain = replica("orders", "eastus");
    wire.azure.faults().failStarts(1);
    HttpResponse<String> created = create("reader", plain);
    wire.clock.advanceUntilIdle();
    wire.failed("InternalServerError", created);
    assertThat(wire.show("orders", "/state")).isEqualTo("Ready");
    assertThat(wire.show("reader", "/state")).isEqualTo("Disabled");
    assertThat(
            json(wire.send("GET", "orders/replicas", ""))
                .at("/value/0/properties/replica/replicationState")
                .asText())
        .isEqualTo("Broken");
    wire.done("DELETE", "reader", "");

    wire.done("PUT", "reader", plain);
    wire.azure.faults().on(Verb.PROMOTE, Call.INSTANCE).operationFails("Oops", "not now");
    wire.failed("Oops", promote("reader", STANDALONE));
    assertThat(wire.show("orders", "/state")).isEqualTo("Ready");
    assertThat(wire.show("reader", "/replica/role")).isEqualTo("AsyncReplica");
    wire.done("PATCH", "reader", PROMOTE.formatted(STANDALONE));
    wire.done("DELETE", "orders", "");
  }
}
