/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.GROUP;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.PASSWORD;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.SUBSCRIPTION;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.IdentityType;
import com.azure.resourcemanager.postgresqlflexibleserver.models.UserAssignedIdentity;
import com.azure.resourcemanager.postgresqlflexibleserver.models.UserIdentity;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Replicas through the library: made, listed, measured, promoted, deleted, and what is refused. */
@Tag("slow")
class AzureReplicasTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final AdminLogin LOGIN = AdminLogin.of("app_admin", PASSWORD);
  private static final String FAR = "westeurope";

  private final AzureOnThisMachine azure = new AzureOnThisMachine();
  private CloudDb cloud;
  private CloudDb far;
  private Instance orders;

  @BeforeEach
  void makeSource() throws Exception {
    cloud = azure.open();
    far = cloud.in(FAR);
    orders = cloud.instances().create(spec("orders").tag("of", "source").build()).await(LIMIT);
    run(orders, "CREATE TABLE t AS SELECT 1 AS a");
    forget();
  }

  @AfterEach
  void close() {
    try {
      cloud.close();
      assertThat(azure.azure.bugs()).isEmpty();
    } finally {
      azure.close();
    }
  }

  private void forget() {
    PublishedDefinition.check(azure.azure.requests());
    azure.azure.clearRequests();
  }

  private static void run(Instance instance, String sql) throws SQLException {
    try (Connection connection = instance.connection(LOGIN).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(Instance instance, String sql) throws SQLException {
    try (Connection connection = instance.connection(LOGIN).connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private EmbeddedPostgres postgres(String name) {
    return azure
        .azure
        .servers()
        .get(new ResourceKey(SUBSCRIPTION + "/" + GROUP, name))
        .server()
        .orElseThrow();
  }

  private Instance replica(CloudDb where, String name) {
    return where.replicas().create(orders.id(), ReplicaSpec.named(name)).await(LIMIT);
  }

  private static JsonNode json(String text) throws Exception {
    return MAPPER.readTree(text.replace('\'', '"'));
  }

  private List<String> calls() {
    return azure.changes().stream()
        .map(
            request ->
                request.operation() + request.path().replaceFirst(".*/flexibleServers/", " "))
        .toList();
  }

  @Test
  void isMadeInItsSourcesRegionWithAllThatItCanHave() throws Exception {
    Instance near =
        cloud
            .replicas()
            .create(
                orders.id(),
                ReplicaSpec.named("near")
                    .size(InstanceSize.atLeast(4, DataSize.gib(16)))
                    .availability(Availability.ZONAL)
                    .network(Network.publicAccess("198.51.100.0/24", "127.0.0.0/8"))
                    .deletionProtection(false)
                    .tag("of", "replica"))
            .await(LIMIT);
    assertThat(near.tags()).containsExactly(Map.entry("of", "replica"));
    assertThat(near.nativeSize()).contains("Standard_D4ds_v5");
    assertThat(near.id().location()).isEqualTo("koreacentral");
    JsonNode body = MAPPER.readTree(azure.changes().get(0).body());
    String attempt = body.at("/tags/clouddb-attempt").asText();
    assertThat(body)
        .isEqualTo(
            json(
                "{'location':'koreacentral','tags':{'of':'replica','clouddb-attempt':'"
                    + attempt
                    + "'},'sku':{'name':'Standard_D4ds_v5','tier':'GeneralPurpose'},"
                    + "'properties':{'createMode':'Replica','sourceServerResourceId':'"
                    + ServerArmId.of(orders.id())
                    + "','storage':{'storageSizeGB':64,'autoGrow':'Disabled'}}}"));
    assertThat(calls())
        .containsExactly(
            "Servers_Create near",
            "FirewallRules_CreateOrUpdate near/firewallRules/clouddb-127-0-0-0-127-255-255-255",
            "FirewallRules_CreateOrUpdate near/firewallRules/"
                + "clouddb-198-51-100-0-198-51-100-255");
    Replica shown = cloud.replicas().get(near.id());
    assertThat(shown.state()).isEqualTo(Replica.State.REPLICATING);
    assertThat(shown.nativeState()).isEqualTo("Active");
    assertThat(shown.source()).contains(orders.id());
    run(orders, "INSERT INTO t VALUES (2)");
    postgres("near").catchUp(Duration.ofSeconds(30));
    assertThat(ask(near, "SELECT sum(a) FROM t")).isEqualTo("3");
    assertThat(cloud.replicas().lag(near.id(), LOGIN).replayedAll()).isTrue();
  }

  /** As recorded of Azure's own client; a request without a network makes a public server. */
  @Test
  void ofAPrivateSourceIsInItsSubnetUnlessAnotherIsNamed() throws Exception {
    String network = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
    String subnet = network + "/virtualNetworks/v/subnets/db";
    String zone = network + "/privateDnsZones/shop.postgres.database.azure.com";
    Instance inside =
        cloud
            .instances()
            .create(spec("inside").network(Network.privateNetwork(subnet).dnsZone(zone)).build())
            .await(LIMIT);
    forget();
    Instance near = cloud.replicas().create(inside.id(), ReplicaSpec.named("near")).await(LIMIT);
    assertThat(MAPPER.readTree(azure.changes().get(0).body()).at("/properties/network"))
        .isEqualTo(
            json(
                "{'delegatedSubnetResourceId':'"
                    + subnet
                    + "','privateDnsZoneArmResourceId':'"
                    + zone
                    + "'}"));
    assertThat(near.unwrap(ServerInner.class).network().delegatedSubnetResourceId())
        .isEqualTo(subnet);
    forget();
    String own = subnet + "2";
    cloud
        .replicas()
        .create(
            inside.id(),
            ReplicaSpec.named("other").network(Network.privateNetwork(own).dnsZone(zone)))
        .await(LIMIT);
    assertThat(azure.changes().get(0).body()).contains(own);
    forget();
    assertThatThrownBy(() -> far.replicas().create(inside.id(), ReplicaSpec.named("orders-dr")))
        .isInstanceOfSatisfying(
            ConditionFailedException.class,
            e -> assertThat(e.nextStep().orElseThrow()).contains("Name a subnet of westeurope"));
    assertThat(azure.changes()).isEmpty();
  }

  @Test
  void growsByItselfWhereItsSourceDoes() {
    azure.patch("orders", Map.of("storage", Map.of("autoGrow", "Enabled")));
    forget();
    Instance near = replica(cloud, "near");
    assertThat(azure.changes().get(0).body())
        .contains("\"storage\":{\"storageSizeGB\":64,\"autoGrow\":\"Enabled\"}");
    assertThat(azure.runs().calls().disk(near.name()).autoGrow()).isEqualTo("Enabled");
  }

  @Test
  void hasOnlyTheFirewallRulesThatWereAskedFor() {
    Instance near =
        cloud
            .replicas()
            .create(
                orders.id(),
                ReplicaSpec.named("near").network(Network.publicAccess("198.51.100.4/32")))
            .await(LIMIT);
    assertThat(calls())
        .containsExactly(
            "Servers_Create near",
            "FirewallRules_CreateOrUpdate near/firewallRules/"
                + "clouddb-198-51-100-4-198-51-100-4",
            "FirewallRules_Delete near/firewallRules/clouddb-127-0-0-0-127-255-255-255");
    assertThat(azure.runs().calls().ruleNames(near.name()))
        .containsExactly("clouddb-198-51-100-4-198-51-100-4");
    assertThat(azure.runs().calls().ruleNames("orders"))
        .containsExactly("clouddb-127-0-0-0-127-255-255-255");
  }

  /** A replica with a lower one stops to replay; Azure ignores the case of a parameter's name. */
  @Test
  void aParameterIsHeldBesideThatOfTheOtherWhateverItsCase() {
    Instance near = replica(cloud, "near");
    forget();
    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .modify(
                        near.id(),
                        InstanceChange.builder().parameter("MAX_CONNECTIONS", "10").build()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("a replica has no lower max_connections than its source orders");
    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .modify(
                        orders.id(),
                        InstanceChange.builder().parameter("Max_Connections", "900").build()))
        .isInstanceOf(ConditionFailedException.class);
    assertThat(azure.changes()).isEmpty();
  }

  @Tag("slow")
  @Test
  void isMadeInAnotherRegionAndListedByItsSource() throws Exception {
    Instance dr = replica(far, "orders-dr");
    Instance near = replica(cloud, "near");
    assertThat(dr.id().location()).isEqualTo(FAR);
    assertThat(azure.changes().get(0).body()).contains(FAR);
    assertThat(cloud.replicas().list(orders.id())).containsExactlyInAnyOrder(dr.id(), near.id());
    assertThat(cloud.replicas().find("orders-dr")).isEmpty();
    assertThat(cloud.replicas().find("orders")).isEmpty();
    Replica shown = far.replicas().get(dr.id());
    assertThat(shown.source()).contains(orders.id());
    // Azure tells it at the source only, whose region is not asked.
    assertThat(shown.state()).isEqualTo(Replica.State.UNKNOWN);
    assertThat(cloud.replicas().list(near.id())).isEmpty();
  }

  @Test
  void isRefusedWithAllThatIsWrongBeforeAnythingIsDone() {
    Instance small =
        cloud
            .instances()
            .create(spec("small").size(InstanceSize.named("Standard_B2s")).build())
            .await(LIMIT);
    cloud.instances().stop(small.id()).await(LIMIT);
    Instance big =
        cloud
            .instances()
            .create(spec("big").size(InstanceSize.atLeast(8, DataSize.gib(32))).build())
            .await(LIMIT);
    forget();
    assertThatThrownBy(() -> cloud.replicas().create(small.id(), ReplicaSpec.named("replica-1")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("is Stopped")
        .hasMessageContaining("Burstable");
    String network = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
    assertThatThrownBy(
            () ->
                cloud
                    .replicas()
                    .create(
                        big.id(),
                        ReplicaSpec.named("replica-1")
                            .size(InstanceSize.named("Standard_D2ds_v5"))
                            .encryptionKey("https://shop.vault.azure.net/keys/k1")
                            .network(
                                Network.privateNetwork(network + "/virtualNetworks/v/subnets/db")
                                    .dnsZone(
                                        network
                                            + "/privateDnsZones/shop.postgres.database.azure.com"))))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("Standard_D2ds_v5 has less")
        .hasMessageContaining("no user assigned identity")
        .hasMessageContaining("could not reach a replica");
    assertThatThrownBy(() -> cloud.replicas().create(orders.id(), ReplicaSpec.named("big")))
        .isInstanceOf(AlreadyExistsException.class);
    ResourceId elsewhere = ResourceId.of("azure", orders.id().account(), FAR, "instance", "orders");
    assertThatThrownBy(() -> cloud.replicas().create(elsewhere, ReplicaSpec.named("replica-1")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no server orders in westeurope");
    ResourceId others =
        ResourceId.of("azure", SUBSCRIPTION + "/other", "koreacentral", "instance", "orders");
    assertThatThrownBy(() -> cloud.replicas().create(others, ReplicaSpec.named("replica-1")))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> cloud.replicas().promote(orders.id(), Promotion.forced()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("follows no other server");
    assertThatThrownBy(() -> far.replicas().promote(elsewhere, Promotion.forced()))
        .isInstanceOf(NotFoundException.class);
    assertThat(azure.changes()).isEmpty();
  }

  @Tag("slow")
  @Test
  void promotedAloneHasAllRowsAndLeavesTheOthers() throws Exception {
    Instance near = replica(cloud, "near");
    Instance other = replica(far, "other");
    run(orders, "INSERT INTO t VALUES (2)");
    forget();
    Promoted promoted =
        cloud.replicas().promote(near.id(), Promotion.standalone().login(LOGIN)).await(LIMIT);
    assertThat(calls()).containsExactly("Servers_Update near");
    assertThat(MAPPER.readTree(azure.changes().get(0).body()))
        .isEqualTo(
            json(
                "{'properties':{'replica':{'role':'None','promoteMode':'Standalone',"
                    + "'promoteOption':'Planned'}}}"));
    assertThat(promoted.formerSource()).contains(orders.id());
    assertThat(promoted.lastReplayed()).isPresent();
    assertThat(promoted.changes().toString())
        .contains("orders goes on as it was")
        .contains("still follow orders")
        .contains(other.id().toString());
    try (Connection connection = promoted.connection().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO t VALUES (4)");
    }
    assertThat(ask(promoted.instance(), "SELECT sum(a) FROM t")).isEqualTo("7");
    assertThat(cloud.replicas().find("near")).isEmpty();
    assertThat(cloud.replicas().list(orders.id())).containsExactly(other.id());
    assertThatThrownBy(() -> cloud.replicas().promote(near.id(), Promotion.standalone()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("follows no other server");
  }

  @Test
  void changesPlacesByAVirtualEndpointOfItsOwnAndBack() throws Exception {
    Instance dr = replica(far, "orders-dr");
    Instance third = replica(cloud, "third");
    run(orders, "INSERT INTO t VALUES (2)");
    forget();
    Promoted promoted =
        far.replicas().promote(dr.id(), Promotion.switchingRoles().login(LOGIN)).await(LIMIT);
    assertThat(azure.changes())
        .extracting(RecordedRequest::operation)
        .containsExactly("VirtualEndpoints_Create", "Servers_Update");
    assertThat(azure.changes().get(0).path()).contains("/orders/virtualendpoints/orders-");
    assertThat(promoted.formerSource()).contains(orders.id());
    assertThat(promoted.changes().toString())
        .contains("orders follows orders-dr now")
        .contains("made for the switchover")
        .contains(".writer.postgres.database.azure.com")
        .contains(third.id().toString());
    run(promoted.instance(), "INSERT INTO t VALUES (4)");
    assertThatThrownBy(() -> run(orders, "INSERT INTO t VALUES (8)"))
        .hasMessageContaining("read-only");
    postgres("orders").catchUp(Duration.ofSeconds(30));
    assertThat(ask(orders, "SELECT sum(a) FROM t")).isEqualTo("7");
    forget();
    Promoted back = cloud.replicas().promote(orders.id(), Promotion.switchingRoles()).await(LIMIT);
    assertThat(azure.changes())
        .extracting(RecordedRequest::operation)
        .containsExactly("Servers_Update");
    assertThat(back.formerSource()).contains(dr.id());
    run(orders, "INSERT INTO t VALUES (8)");
    forget();
    // Third is not what the endpoint reads from, and its readers stay where they are.
    assertThatThrownBy(() -> cloud.replicas().promote(third.id(), Promotion.switchingRoles()))
        .isInstanceOfSatisfying(
            ConditionFailedException.class,
            e -> assertThat(e.nextStep().orElseThrow()).contains("Have it read from third first"));
    assertThatThrownBy(
            () ->
                cloud
                    .replicas()
                    .promote(third.id(), Promotion.switchingRoles().byForce())
                    .await(LIMIT))
        .isInstanceOfSatisfying(
            InvalidArgumentException.class,
            e ->
                assertThat(e.nextStep().orElseThrow())
                    .contains("a virtual endpoint of orders reads from third")
                    .contains("Promotion.forced() needs none"))
        .hasMessageContaining("virtual endpoint");
    assertThat(cloud.replicas().get(third.id()).source()).contains(orders.id());
    forget();
    // Its primary is lost, and the endpoint reads from it already.
    postgres("orders-dr").catchUp(Duration.ofSeconds(30));
    postgres("orders").kill();
    Promoted forced =
        far.replicas().promote(dr.id(), Promotion.switchingRoles().byForce()).await(LIMIT);
    assertThat(forced.changes().toString()).contains("as soon as it is there again");
    assertThat(ask(forced.instance(), "SELECT sum(a) FROM t")).isEqualTo("15");
  }

  /** In one of the regions where a replica may have replicas itself. */
  @Test
  void aReplicaOfAReplicaChangesNoPlaces() {
    CloudDb cascading = cloud.in("westus2");
    Instance middle = replica(cascading, "middle");
    Instance leaf = cloud.replicas().create(middle.id(), ReplicaSpec.named("leaf")).await(LIMIT);
    forget();
    assertThatThrownBy(() -> cloud.replicas().promote(leaf.id(), Promotion.switchingRoles()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("only a primary changes places");
    Promoted promoted = cloud.replicas().promote(leaf.id(), Promotion.standalone()).await(LIMIT);
    assertThat(promoted.formerSource()).contains(middle.id());
    assertThat(azure.azure.requests())
        .extracting(RecordedRequest::operation)
        .doesNotContain("VirtualEndpoints_ListByServer");
  }

  /** "At least" means another size with a standby than without one. */
  @Tag("slow")
  @Test
  void aSourceWithAStandbyIsMeasuredByTheSizeThatItWouldHave() {
    InstanceChange least =
        InstanceChange.builder().size(InstanceSize.atLeast(1, DataSize.gib(1))).build();
    replica(cloud, "near");
    assertThatThrownBy(() -> cloud.instances().modify(orders.id(), least))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("Burstable sizes have no replicas");
    cloud
        .instances()
        .modify(orders.id(), InstanceChange.builder().availability(Availability.REGIONAL).build())
        .await(LIMIT);
    assertThat(cloud.instances().modify(orders.id(), least).await(LIMIT).nativeSize())
        .contains("Standard_D2ds_v5");
  }

  @Test
  void aFailedSwitchoverRemovesItsVirtualEndpoint() {
    Instance near = replica(cloud, "near");
    forget();
    azure
        .azure
        .faults()
        .on("Servers_Update")
        .operationFails("InvalidParameterValue", "not like this");
    assertThatThrownBy(
            () -> cloud.replicas().promote(near.id(), Promotion.switchingRoles()).await(LIMIT))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("not like this");
    assertThat(azure.changes())
        .extracting(RecordedRequest::operation)
        .startsWith("VirtualEndpoints_Create", "Servers_Update", "VirtualEndpoints_Delete");
    assertThat(cloud.replicas().get(near.id()).state()).isEqualTo(Replica.State.REPLICATING);
  }

  @Test
  void aSwitchoverOfUnlikeServersIsRefused() {
    Instance near =
        cloud
            .replicas()
            .create(
                orders.id(), ReplicaSpec.named("near").size(InstanceSize.named("Standard_D4ds_v5")))
            .await(LIMIT);
    forget();
    assertThatThrownBy(() -> cloud.replicas().promote(near.id(), Promotion.switchingRoles()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("only like servers change places");
    assertThat(azure.changes()).isEmpty();
  }

  /** Its region is gone: what is asked of it never answers. */
  @Tag("slow")
  @Test
  void takesOverWithoutItsSourceWhoseRegionDies() throws Exception {
    Instance dr = replica(far, "orders-dr");
    run(orders, "INSERT INTO t VALUES (2)");
    postgres("orders-dr").catchUp(Duration.ofSeconds(30));
    forget();
    postgres("orders").kill();
    azure.azure.faults().onAny().named("orders").times(1000).unavailable();
    azure.azure.faults().onAny().named("orders/replicas").times(1000).unavailable();
    assertThatThrownBy(() -> far.replicas().promote(dr.id(), Promotion.standalone()))
        .as("planned asks the source")
        .isInstanceOf(CloudDbException.class);
    forget();
    Promoted promoted =
        far.replicas().promote(dr.id(), Promotion.forced().login(LOGIN)).await(LIMIT);
    assertThat(azure.azure.requests())
        .extracting(RecordedRequest::path)
        .noneMatch(path -> path.matches(".*/flexibleServers/orders(/.*)?"));
    assertThat(MAPPER.readTree(azure.changes().get(0).body()).at("/properties/replica"))
        .isEqualTo(json("{'role':'None','promoteMode':'Standalone','promoteOption':'Forced'}"));
    assertThat(promoted.lastReplayed()).isPresent();
    assertThat(promoted.formerSource()).contains(orders.id());
    assertThat(promoted.changes().toString()).contains("had not received");
    try (Connection connection = promoted.connection().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO t VALUES (4)");
    }
    assertThat(ask(promoted.instance(), "SELECT sum(a) FROM t")).isEqualTo("7");
  }

  @Test
  void aLostAnswerMakesAndPromotesOnce() {
    azure.azure.faults().on("Servers_Create").connectionResetAfter();
    Instance near = replica(cloud, "near");
    azure.azure.faults().on("Servers_Update").connectionResetAfter();
    Promoted promoted = cloud.replicas().promote(near.id(), Promotion.standalone()).await(LIMIT);
    assertThat(promoted.formerSource()).contains(orders.id());
    assertThat(azure.azure.requests("Servers_Create")).hasSize(1);
    assertThat(azure.azure.requests("Servers_Update")).hasSize(1);
  }

  @Test
  void aSourceIsDeletedStoppedAndChangedAsItsReplicasAllow() {
    Instance near = replica(cloud, "near");
    Instance dr = replica(far, "orders-dr");
    forget();
    assertThatThrownBy(() -> cloud.instances().delete(orders.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining(near.id().toString())
        .hasMessageContaining(dr.id().toString());
    assertThatThrownBy(() -> cloud.instances().stop(near.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("wants the source stopped first");
    InstanceChange bigger =
        InstanceChange.builder()
            .size(InstanceSize.named("Standard_D4ds_v5"))
            .storageSize(DataSize.gib(128))
            .build();
    assertThatThrownBy(() -> cloud.instances().modify(orders.id(), bigger))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("more vCores than its replica near")
        .hasMessageContaining("a larger disk than its replica orders-dr");
    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .modify(near.id(), InstanceChange.builder().adminPassword(PASSWORD).build()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("password is that of its source");
    assertThat(azure.changes()).isEmpty();
    cloud.instances().modify(near.id(), bigger).await(LIMIT);
    far.instances().modify(dr.id(), bigger).await(LIMIT);
    cloud.instances().modify(orders.id(), bigger).await(LIMIT);
    cloud.instances().stop(orders.id()).await(LIMIT);
    InstanceChange more = InstanceChange.builder().parameter("max_connections", "900").build();
    assertThatThrownBy(() -> cloud.instances().modify(near.id(), more))
        .isInstanceOfSatisfying(
            ConditionFailedException.class,
            e -> {
              assertThat(e).hasMessageContaining("near cannot be changed so: its source orders is");
              assertThat(e.details().resource()).contains(near.id().toString());
              assertThat(e.nextStep().orElseThrow()).contains("Start orders first");
            });
    cloud.instances().stop(near.id()).await(LIMIT);
    assertThatThrownBy(() -> cloud.instances().start(orders.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("wants started first");
    cloud.instances().start(near.id()).await(LIMIT);
    cloud.instances().start(orders.id()).await(LIMIT);
    cloud.instances().delete(near.id()).await(LIMIT);
    far.instances().delete(dr.id()).await(LIMIT);
    cloud.instances().delete(orders.id()).await(LIMIT);
    assertThat(cloud.instances().list()).isEmpty();
  }

  /** The simulator knows no keys: what is sent is held beside the published definition. */
  @Test
  void aKeyIsSentWithTheIdentityThatTheCallerNames() throws Exception {
    String identity =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity"
            + "/userAssignedIdentities/reader";
    assertThatThrownBy(
            () ->
                far.replicas()
                    .create(
                        orders.id(),
                        ReplicaSpec.named("orders-dr")
                            .encryptionKey("https://v.vault.azure.net/keys/k"),
                        Native.customize(
                            ServerInner.class,
                            server -> {
                              server.dataEncryption().withPrimaryUserAssignedIdentityId(identity);
                              server.withIdentity(
                                  new UserAssignedIdentity()
                                      .withType(IdentityType.USER_ASSIGNED)
                                      .withUserAssignedIdentities(
                                          Map.of(identity, new UserIdentity())));
                            }))
                    .await(LIMIT))
        .isInstanceOf(CloudDbException.class);
    JsonNode body = MAPPER.readTree(azure.changes().get(0).body());
    assertThat(body.at("/properties/dataEncryption"))
        .isEqualTo(
            json(
                "{'primaryKeyURI':'https://v.vault.azure.net/keys/k',"
                    + "'primaryUserAssignedIdentityId':'"
                    + identity
                    + "','type':'AzureKeyVault'}"));
    assertThat(body.at("/identity"))
        .isEqualTo(
            json("{'userAssignedIdentities':{'" + identity + "':{}},'type':'UserAssigned'}"));
  }
}
