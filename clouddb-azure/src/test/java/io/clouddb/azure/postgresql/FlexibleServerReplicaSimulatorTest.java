/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.Region;
import com.azure.core.management.exception.ManagementException;
import com.azure.core.management.profile.AzureProfile;
import com.azure.core.util.Context;
import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import com.azure.resourcemanager.postgresqlflexibleserver.models.CreateMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ReplicationRole;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Server;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerState;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerVersion;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Storage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.azure.internal.ArmPipeline;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.arm.SimulatedAzure;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Read replicas of simulated Azure, by the SDK itself; nothing of this library is between them. */
@Tag("slow")
class FlexibleServerReplicaSimulatorTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
  private static final String GROUP = "shop-rg";
  private static final String PASSWORD = "Sup3r-secret!";
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Region KOREA = Region.fromName("koreacentral");
  private static final Region EUROPE = Region.fromName("westeurope");

  private final SimulatedClock clock = SimulatedClock.scaled(1200);
  private final SimulatedAzure azure =
      SimulatedAzure.builder()
          .clock(clock)
          .region("koreacentral")
          .subscription(SUBSCRIPTION)
          .resourceGroup(GROUP)
          .shownAfter(Duration.ZERO)
          .start();
  private final HttpPipelinePolicy token =
      (context, next) -> {
        context
            .getHttpRequest()
            .setHeader(HttpHeaderName.AUTHORIZATION, "Bearer " + azure.secret().resolve());
        return next.process();
      };
  private final HttpPipeline pipeline =
      new HttpPipelineBuilder()
          .httpClient(new JdkHttpClientBuilder().build())
          .policies(token)
          .build();
  private final AzureProfile profile =
      new AzureProfile(
          null,
          SUBSCRIPTION,
          new AzureEnvironment(Map.of("resourceManagerEndpointUrl", azure.endpoint().toString())));
  private final PostgreSqlManager sdk = PostgreSqlManager.authenticate(pipeline, profile);

  @BeforeEach
  void makeSource() throws Exception {
    // The version that the SDK speaks by itself has no later PostgreSQL than 14.
    Server orders =
        PostgreSqlManager.authenticate(ArmPipeline.before(pipeline), profile)
            .servers()
            .define("orders")
            .withRegion(KOREA)
            .withExistingResourceGroup(GROUP)
            .withSku(new Sku().withName("Standard_D2ds_v5").withTier(SkuTier.GENERAL_PURPOSE))
            .withAdministratorLogin("app_admin")
            .withAdministratorLoginPassword(PASSWORD)
            .withVersion(ServerVersion.fromString("16"))
            .withStorage(new Storage().withStorageSizeGB(64))
            .withCreateMode(CreateMode.CREATE)
            .create();
    assertThat(orders.replicationRole()).isEqualTo(ReplicationRole.PRIMARY);
    assertThat(orders.replicaCapacity()).isEqualTo(5);
    run(orders, "CREATE TABLE t AS SELECT 1 AS a");
  }

  @AfterEach
  void close() {
    try (clock;
        azure) {
      assertThat(azure.bugs()).isEmpty();
      assertThat(azure.notSimulated()).isEmpty();
      assertThat(azure.requests().toString()).doesNotContain(PASSWORD);
    }
  }

  private Server orders() {
    return sdk.servers().getByResourceGroup(GROUP, "orders");
  }

  private Server replica(String name, Region region) {
    return sdk.servers()
        .define(name)
        .withRegion(region)
        .withExistingResourceGroup(GROUP)
        .withCreateMode(CreateMode.REPLICA)
        .withSourceServerResourceId(orders().id())
        .create();
  }

  private EmbeddedPostgres postgres(String name) {
    return azure
        .servers()
        .get(new ResourceKey(SUBSCRIPTION + "/" + GROUP, name))
        .server()
        .orElseThrow();
  }

  /** By what the server itself says of its address. */
  private static ConnectionDetails admin(Server server) {
    String[] address = server.fullyQualifiedDomainName().split(":", -1);
    return ConnectionDetails.postgresql(
            address[0],
            Integer.parseInt(address[1]),
            "postgres",
            "app_admin",
            SecretRef.literal(PASSWORD))
        .rootCertificate(EmbeddedPostgres.certificateAuthority())
        .build();
  }

  private static void run(Server server, String sql) throws Exception {
    try (Connection connection = admin(server).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int sum(Server server) throws Exception {
    try (Connection connection = admin(server).connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT sum(a) FROM t")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void theSdkCreatesListsPromotesAndDeletesThem() throws Exception {
    Server near = replica("near", KOREA);
    Server far = replica("far", EUROPE);
    assertThat(near.replicationRole()).isEqualTo(ReplicationRole.ASYNC_REPLICA);
    assertThat(far.replicationRole()).isEqualTo(ReplicationRole.GEO_ASYNC_REPLICA);
    assertThat(far.regionName()).isEqualToIgnoringCase("West Europe");
    for (Server each : new Server[] {near, far}) {
      assertThat(each.state()).isEqualTo(ServerState.READY);
      assertThat(each.sourceServerResourceId()).isEqualTo(orders().id());
      assertThat(each.replicaCapacity()).isZero();
      assertThat(each.version()).isEqualTo(ServerVersion.fromString("16"));
      assertThat(each.administratorLogin()).isEqualTo("app_admin");
      assertThat(each.sku().name()).isEqualTo("Standard_D2ds_v5");
    }
    assertThat(sdk.replicas().listByServer(GROUP, "orders"))
        .extracting(Server::name, Server::replicationRole, Server::sourceServerResourceId)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "near", ReplicationRole.ASYNC_REPLICA, orders().id()),
            org.assertj.core.groups.Tuple.tuple(
                "far", ReplicationRole.GEO_ASYNC_REPLICA, orders().id()));

    run(orders(), "INSERT INTO t VALUES (2)");
    postgres("far").catchUp(LIMIT);
    assertThat(sum(far)).isEqualTo(3);
    assertThatThrownBy(() -> run(far, "INSERT INTO t VALUES (4)"))
        .hasMessageContaining("read-only");

    assertThatThrownBy(() -> sdk.servers().deleteByResourceGroup(GROUP, "orders"))
        .isInstanceOfSatisfying(
            ManagementException.class,
            e -> {
              assertThat(e.getResponse().getStatusCode()).isEqualTo(400);
              assertThat(e.getValue().getCode())
                  .isEqualTo("ReadReplicaServersExistForSourceServer");
              assertThat(e.getValue().getMessage()).contains("'2' active replicas");
            });

    Server alone = far.update().withReplicationRole(ReplicationRole.NONE).apply();
    assertThat(alone.replicationRole()).isEqualTo(ReplicationRole.PRIMARY);
    assertThat(alone.sourceServerResourceId()).isNull();
    run(alone, "INSERT INTO t VALUES (4)");
    run(orders(), "INSERT INTO t VALUES (8)");
    assertThat(sum(alone)).isEqualTo(7);
    assertThat(sum(orders())).isEqualTo(11);

    sdk.servers().deleteByResourceGroup(GROUP, "near");
    assertThat(sdk.replicas().listByServer(GROUP, "orders")).isEmpty();
    sdk.servers().deleteByResourceGroup(GROUP, "orders");
    assertThat(sdk.servers().listByResourceGroup(GROUP))
        .extracting(Server::name)
        .containsExactly("far");
  }

  /** What a change of the source's meets while its replica is made. */
  @Test
  void theSdkSeesTheSourceUpdating() {
    var creation =
        sdk.serviceClient()
            .getServers()
            .beginCreate(
                GROUP,
                "near",
                new com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner()
                    .withLocation("koreacentral")
                    .withCreateMode(CreateMode.REPLICA)
                    .withSourceServerResourceId(orders().id()));
    assertThat(orders().state()).isEqualTo(ServerState.UPDATING);
    assertThatThrownBy(() -> orders().update().withTags(Map.of("a", "b")).apply())
        .isInstanceOfSatisfying(
            ManagementException.class,
            e -> assertThat(e.getValue().getCode()).isEqualTo("ServerBusy"));
    assertThat(creation.waitForCompletion(LIMIT).getStatus().isComplete()).isTrue();
    assertThat(creation.getFinalResult().replicationRole())
        .isEqualTo(ReplicationRole.ASYNC_REPLICA);
    assertThat(orders().state()).isEqualTo(ServerState.READY);
  }

  /** In the version that this library speaks, for which this SDK has no models. */
  @Test
  void areSeenAndPromotedInTheNewerVersionToo() throws Exception {
    replica("near", KOREA);
    JsonNode list = send(HttpMethod.GET, "orders/replicas", null).path("value");
    assertThat(list).hasSize(1);
    JsonNode entry = list.get(0).path("properties");
    assertThat(entry.at("/replica/role").asText()).isEqualTo("AsyncReplica");
    assertThat(entry.at("/replica/replicationState").asText()).isEqualTo("Active");
    JsonNode near = send(HttpMethod.GET, "near", null).path("properties");
    assertThat(near.at("/replica/role").asText()).isEqualTo("AsyncReplica");
    send(
        HttpMethod.PATCH,
        "near",
        "{\"properties\":{\"replica\":{\"role\":\"None\",\"promoteMode\":\"Standalone\","
            + "\"promoteOption\":\"Planned\"}}}");
    Server promoted = await("near");
    assertThat(promoted.replicationRole()).isEqualTo(ReplicationRole.PRIMARY);
    run(promoted, "INSERT INTO t VALUES (2)");
    assertThat(sum(promoted)).isEqualTo(3);
  }

  private JsonNode send(
      HttpMethod method, String path, @org.jspecify.annotations.Nullable String body)
      throws Exception {
    HttpRequest request =
        new HttpRequest(
            method,
            azure.endpoint()
                + "/subscriptions/"
                + SUBSCRIPTION
                + "/resourceGroups/"
                + GROUP
                + "/providers/Microsoft.DBforPostgreSQL/flexibleServers/"
                + path
                + "?api-version="
                + ArmPipeline.API_VERSION);
    if (body != null) {
      request.setHeader(HttpHeaderName.CONTENT_TYPE, "application/json").setBody(body);
    }
    try (HttpResponse response = pipeline.sendSync(request, Context.NONE)) {
      assertThat(response.getStatusCode()).isIn(200, 202);
      return MAPPER.readTree(response.getBodyAsBinaryData().toBytes());
    }
  }

  private Server await(String name) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < end) {
      Server server = sdk.servers().getByResourceGroup(GROUP, name);
      if (Optional.ofNullable(server.sourceServerResourceId()).isEmpty()
          && server.state().equals(ServerState.READY)) {
        return server;
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    throw new AssertionError(name + " was not promoted within " + LIMIT);
  }
}
