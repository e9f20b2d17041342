/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.PASSWORD;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Insights;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.instance.TlsMode;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every field that is set, in the request that carries it. */
class RequestsOnTheWireTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final AzureOnThisMachine azure = new AzureOnThisMachine();

  @AfterEach
  void close() {
    try {
      assertThat(azure.azure.bugs()).isEmpty();
      assertThat(azure.azure.notSimulated()).isEmpty();
      assertThat(azure.azure.requests().toString())
          .doesNotContain(PASSWORD.resolve())
          .doesNotContain("An0ther-secret");
    } finally {
      azure.close();
    }
  }

  private static JsonNode json(String text) throws Exception {
    return MAPPER.readTree(text.replace('\'', '"'));
  }

  private JsonNode body(int index) throws Exception {
    return MAPPER.readTree(azure.changes().get(index).body());
  }

  private List<String> calls() {
    return azure.changes().stream()
        .map(
            request ->
                request.operation() + request.path().replaceFirst(".*/flexibleServers/orders", ""))
        .toList();
  }

  private static String ask(Instance instance, String sql) throws Exception {
    try (Connection connection = instance.connection().connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void aCreationIsOneRequestForEachThingThatAzureKeepsApart() throws Exception {
    try (CloudDb cloud = CloudDb.open(azure.config().ids(() -> "attempt-1").build())) {
      Instance orders =
          cloud
              .instances()
              .create(
                  spec("orders")
                      .database("shop")
                      .availability(Availability.REGIONAL)
                      .backups(BackupPolicy.daily().retainDays(14).withPointInTime())
                      .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30)))
                      .network(Network.publicAccess("203.0.113.7/24", "198.51.100.4/32"))
                      .tls(TlsMode.OPTIONAL)
                      .logicalReplication(true)
                      .insights(Insights.enabled())
                      .parameter("work_mem", "8192")
                      .tag("environment", "production")
                      .build())
              .await(LIMIT);
      assertThat(calls())
          .containsExactly(
              "Servers_Create",
              "Databases_Create/databases/shop",
              "FirewallRules_CreateOrUpdate/firewallRules/" + "clouddb-198-51-100-4-198-51-100-4",
              "FirewallRules_CreateOrUpdate/firewallRules/" + "clouddb-203-0-113-0-203-0-113-255",
              "Servers_Update",
              "Configurations_Put/configurations/pg_qs.query_capture_mode",
              "Configurations_Put/configurations/require_secure_transport",
              "Configurations_Put/configurations/wal_level",
              "Configurations_Put/configurations/work_mem",
              "Servers_Restart/restart");
      assertThat(azure.changes())
          .extracting(RecordedRequest::rawQuery)
          .containsOnly("api-version=2025-08-01");
      assertThat(body(0))
          .isEqualTo(
              json(
                  "{'location':'koreacentral',"
                      + "'tags':{'environment':'production','clouddb-attempt':'attempt-1'},"
                      + "'sku':{'name':'Standard_D2ds_v5','tier':'GeneralPurpose'},"
                      + "'properties':{'administratorLogin':'app_admin',"
                      + "'administratorLoginPassword':'***','version':'16',"
                      + "'storage':{'storageSizeGB':64},'backup':{'backupRetentionDays':14},"
                      + "'highAvailability':{'mode':'ZoneRedundant'},'createMode':'Create'}}"));
      assertThat(body(1))
          .isEqualTo(json("{'properties':{'charset':'UTF8','collation':'en_US.utf8'}}"));
      assertThat(body(3))
          .isEqualTo(
              json(
                  "{'properties':{'startIpAddress':'203.0.113.0',"
                      + "'endIpAddress':'203.0.113.255'}}"));
      assertThat(body(4))
          .isEqualTo(
              json(
                  "{'properties':{'maintenanceWindow':{'customWindow':'Enabled','startHour':4,"
                      + "'startMinute':30,'dayOfWeek':0}}}"));
      assertThat(body(5))
          .isEqualTo(json("{'properties':{'value':'top','source':'user-override'}}"));
      assertThat(body(6))
          .isEqualTo(json("{'properties':{'value':'off','source':'user-override'}}"));
      assertThat(body(7))
          .isEqualTo(json("{'properties':{'value':'logical','source':'user-override'}}"));
      assertThat(body(9)).isEqualTo(json("{'restartWithFailover':false}"));
      // The JDK's client sets the length that the library leaves to it.
      assertThat(azure.changes())
          .allSatisfy(request -> assertThat(request.headers()).containsKey("content-length"));
      assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
      assertThat(orders.database()).contains("shop");
      assertThat(orders.availability()).contains(Availability.REGIONAL);
      assertThat(orders.nativeSize()).contains("Standard_D2ds_v5");
      assertThat(orders.storageSize()).contains(DataSize.gib(64));
      assertThat(orders.tags()).containsOnlyKeys("environment");
      assertThat(orders.unwrap(ServerInner.class).backup().backupRetentionDays()).isEqualTo(14);
      assertThat(orders.unwrap(ServerInner.class).maintenanceWindow().dayOfWeek()).isZero();
      assertThat(ask(orders, "SELECT current_database()")).isEqualTo("shop");
      assertThat(ask(orders, "SHOW wal_level")).isEqualTo("logical");
      assertThat(ask(orders, "SHOW work_mem")).isEqualTo("8MB");
    }
  }

  @Test
  void aPrivateServerHasASubnetAndNoFirewallRules() throws Exception {
    String network = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
    String subnet = network + "/virtualNetworks/v/subnets/db";
    String zone = network + "/privateDnsZones/shop.postgres.database.azure.com";
    try (CloudDb cloud = azure.open()) {
      cloud
          .instances()
          .create(
              spec("orders")
                  .network(Network.privateNetwork(subnet).dnsZone(zone))
                  .size(InstanceSize.named("Standard_B2s"))
                  .database("postgres")
                  .build())
          .await(LIMIT);
    }
    assertThat(calls()).containsExactly("Servers_Create");
    assertThat(body(0).at("/properties/network"))
        .isEqualTo(
            json(
                "{'delegatedSubnetResourceId':'"
                    + subnet
                    + "','privateDnsZoneArmResourceId':'"
                    + zone
                    + "'}"));
    assertThat(body(0).at("/sku")).isEqualTo(json("{'name':'Standard_B2s','tier':'Burstable'}"));
    assertThat(body(0).at("/properties/highAvailability/mode").asText()).isEqualTo("Disabled");
    assertThat(body(0).at("/properties/backup").isMissingNode()).isTrue();
  }

  @Test
  void aChangeIsOnePatchAndOneOfTheDiskAndItsParameters() throws Exception {
    try (CloudDb cloud = azure.open()) {
      Instance orders = cloud.instances().create(spec("orders").tag("a", "1").build()).await(LIMIT);
      PublishedDefinition.check(azure.azure.requests());
      azure.azure.clearRequests();
      Instance changed =
          cloud
              .instances()
              .modify(
                  orders.id(),
                  InstanceChange.builder()
                      .size(InstanceSize.atLeast(2, DataSize.gib(16)))
                      .storageSize(DataSize.gib(128))
                      .availability(Availability.REGIONAL)
                      .adminPassword(SecretRef.literal("An0ther-secret"))
                      .backups(BackupPolicy.daily().retainDays(30))
                      .maintenance(
                          MaintenanceWindow.weekly(DayOfWeek.SATURDAY, LocalTime.of(23, 0)))
                      .tag("b", "2")
                      .tls(TlsMode.REQUIRED)
                      .logicalReplication(false)
                      .build())
              .await(LIMIT);
      // wal_level was replica, so nothing is pending and nothing is restarted.
      assertThat(calls())
          .containsExactly(
              "Servers_Update",
              "Servers_Update",
              "Configurations_Put/configurations/require_secure_transport",
              "Configurations_Put/configurations/wal_level");
      assertThat(body(1)).isEqualTo(json("{'properties':{'storage':{'storageSizeGB':128}}}"));
      JsonNode patch = body(0);
      String attempt = patch.at("/tags/clouddb-attempt").asText();
      assertThat(attempt).isNotEmpty();
      assertThat(patch)
          .isEqualTo(
              json(
                  "{'sku':{'name':'Standard_E2ds_v5','tier':'MemoryOptimized'},"
                      + "'tags':{'a':'1','b':'2','clouddb-attempt':'"
                      + attempt
                      + "'},"
                      + "'properties':{'administratorLoginPassword':'***',"
                      + "'backup':{'backupRetentionDays':30},"
                      + "'highAvailability':{'mode':'ZoneRedundant'},"
                      + "'maintenanceWindow':{'customWindow':'Enabled','startHour':23,"
                      + "'startMinute':0,'dayOfWeek':6}}}"));
      assertThat(changed.tags()).containsEntry("a", "1").containsEntry("b", "2");
      assertThat(changed.nativeSize()).contains("Standard_E2ds_v5");
      assertThatThrownBy(
              () ->
                  cloud
                      .instances()
                      .modify(
                          orders.id(),
                          InstanceChange.builder().storageSize(DataSize.gib(32)).build()))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("128 GiB and cannot shrink");
      PublishedDefinition.check(azure.azure.requests());
      azure.azure.clearRequests();
      assertThatThrownBy(
              () ->
                  cloud
                      .instances()
                      .modify(
                          orders.id(),
                          InstanceChange.builder()
                              .size(InstanceSize.named("standard_b2s"))
                              .build()))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining("the server has one");
      assertThat(azure.changes()).isEmpty();
    }
  }

  @Test
  void theCallersOwnChangesToARequestAreSent() throws Exception {
    try (CloudDb cloud = azure.open()) {
      Instance orders =
          cloud
              .instances()
              .create(
                  spec("orders").build(),
                  Native.customize(
                      ServerInner.class, server -> server.sku().withName("Standard_D4ds_v5")))
              .await(LIMIT);
      assertThat(orders.nativeSize()).contains("Standard_D4ds_v5");
      PublishedDefinition.check(azure.azure.requests());
      azure.azure.clearRequests();
      cloud
          .instances()
          .modify(
              orders.id(),
              InstanceChange.builder().insights(Insights.enabled()).build(),
              Native.customize(
                  ServerForUpdate.class, update -> update.withTags(java.util.Map.of("x", "y"))))
          .await(LIMIT);
      assertThat(body(0)).isEqualTo(json("{'tags':{'x':'y'}}"));
      assertThatThrownBy(
              () ->
                  cloud
                      .instances()
                      .create(
                          spec("others").build(),
                          Native.customize(ServerForUpdate.class, update -> {})))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("create sends no " + ServerForUpdate.class.getName());
      assertThat(cloud.instances().find("others")).isEmpty();
    }
  }
}
