/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.HttpLogDetailLevel;
import com.azure.core.http.policy.HttpLogOptions;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.profile.AzureProfile;
import com.azure.identity.CredentialUnavailableException;
import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.PostgreSqlManagementClient;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.error.AuthenticationException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.testkit.simulator.arm.SimulatedAzure;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.net.URI;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class AzureProviderTest {
  private static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
  private static final String URL =
      "clouddb:azure:koreacentral?subscription=" + SUBSCRIPTION + "&resourceGroup=shop-rg";

  private final SimulatedClock clock = SimulatedClock.scaled(1);
  private final SimulatedAzure azure =
      SimulatedAzure.builder()
          .clock(clock)
          .subscription(SUBSCRIPTION)
          .resourceGroup("shop-rg")
          .start();

  @AfterEach
  void close() {
    // The last first; each of them, whatever another says.
    try (clock;
        azure) {
      // Closed by leaving.
    }
  }

  /** Sends what is meant for Azure's public address to the simulator. */
  private HttpClient redirecting(List<HttpRequest> seen) {
    HttpClient real = new JdkHttpClientBuilder().build();
    return request -> {
      seen.add(request.copy());
      String url = request.getUrl().toString();
      return real.send(
          request
              .copy()
              .setUrl(url.replace("https://management.azure.com", "" + azure.endpoint()))
              .setHeader(HttpHeaderName.AUTHORIZATION, "Bearer " + azure.secret().resolve()));
    };
  }

  private static TokenCredential credential() {
    return context ->
        Mono.just(new AccessToken("a-token", OffsetDateTime.now(ZoneOffset.UTC).plusHours(1)));
  }

  private static List<String> tokens(List<HttpRequest> requests) {
    return requests.stream()
        .map(request -> request.getHeaders().getValue(HttpHeaderName.AUTHORIZATION))
        .toList();
  }

  @Test
  void needsSubscriptionAndGroup() {
    assertThatThrownBy(() -> CloudDb.open("clouddb:azure:koreacentral?resourceGroup=x"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("subscription");
    assertThatThrownBy(() -> CloudDb.open("clouddb:azure:koreacentral?subscription=x"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("resourceGroup");
    assertThatThrownBy(() -> CloudDb.open(URL + "&project=x"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("project");
  }

  @Test
  void namesSubscriptionAndGroupInIds() {
    try (CloudDb opened =
        CloudDb.open(
            CloudConfig.fromUrl(URL + "&endpoint=" + azure.endpoint())
                .endpointSecret(azure.secret())
                .build())) {
      assertThat(opened.instances().find("orders")).isEmpty();
      assertThatThrownBy(() -> opened.instances().get("orders"))
          .hasMessageContaining("%2Fshop-rg:koreacentral:instance:orders");
    }
  }

  @Test
  void takesAnHttpClientAndACredential() {
    List<HttpRequest> seen = new ArrayList<>();
    CloudConfig config =
        CloudConfig.fromUrl(URL)
            .using(HttpClient.class, redirecting(seen))
            .using(TokenCredential.class, credential())
            .build();
    try (CloudDb opened = CloudDb.open(config)) {
      assertThat(opened.instances().list()).isEmpty();
    }
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).getUrl().getHost()).isEqualTo("management.azure.com");
    assertThat(tokens(seen)).containsExactly("Bearer a-token");
  }

  @Test
  void sendsNobodysTokenOverHttpButTheStandInsOwn() {
    List<HttpRequest> seen = new ArrayList<>();
    CloudConfig config =
        CloudConfig.fromUrl(URL)
            .endpoint(azure.endpoint())
            .endpointSecret(azure.secret())
            .using(HttpClient.class, redirecting(seen))
            .using(TokenCredential.class, credential())
            .build();
    try (CloudDb opened = CloudDb.open(config)) {
      assertThat(opened.instances().list()).isEmpty();
    }
    assertThat(tokens(seen)).containsExactly("Bearer " + azure.secret().resolve());
  }

  @Test
  void takesAPipeline() {
    HttpPipeline pipeline =
        new HttpPipelineBuilder().httpClient(redirecting(new ArrayList<>())).build();
    CloudConfig config = CloudConfig.fromUrl(URL).using(HttpPipeline.class, pipeline).build();
    try (CloudDb opened = CloudDb.open(config)) {
      assertThat(opened.instances().list()).isEmpty();
      assertThat(opened.unwrap(PostgreSqlManagementClient.class).getHttpPipeline().getHttpClient())
          .isSameAs(pipeline.getHttpClient());
    }
    assertThat(azure.requests().get(0).rawQuery()).isEqualTo("api-version=2025-08-01");
  }

  @Test
  void takesAManagerOfTheSameSubscription() {
    HttpPipeline pipeline =
        new HttpPipelineBuilder().httpClient(redirecting(new ArrayList<>())).build();
    PostgreSqlManager manager =
        PostgreSqlManager.authenticate(
            pipeline, new AzureProfile(null, SUBSCRIPTION, AzureEnvironment.AZURE));
    CloudConfig config = CloudConfig.fromUrl(URL).using(PostgreSqlManager.class, manager).build();
    try (CloudDb opened = CloudDb.open(config)) {
      assertThat(opened.instances().list()).isEmpty();
      assertThat(opened.unwrap(PostgreSqlManager.class)).isSameAs(manager);
      assertThat(azure.requests().get(0).rawQuery()).isEqualTo("api-version=2025-08-01");
      // The manager itself speaks what it always did.
      assertThat(manager.servers().listByResourceGroup("shop-rg")).isEmpty();
      assertThat(azure.requests().get(1).rawQuery()).isEqualTo("api-version=2022-12-01");
    }
    PostgreSqlManager other =
        PostgreSqlManager.authenticate(
            pipeline, new AzureProfile(null, "another", AzureEnvironment.AZURE));
    assertThatThrownBy(
            () ->
                CloudDb.open(
                    CloudConfig.fromUrl(URL).using(PostgreSqlManager.class, other).build()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("another");
  }

  @Test
  void refusesWhatAnObjectThatIsHandedInWouldNotUse() {
    HttpPipeline pipeline =
        new HttpPipelineBuilder().httpClient(redirecting(new ArrayList<>())).build();
    PostgreSqlManager manager =
        PostgreSqlManager.authenticate(
            pipeline, new AzureProfile(null, SUBSCRIPTION, AzureEnvironment.AZURE));
    List<CloudConfig.Builder> mixed =
        List.of(
            CloudConfig.fromUrl(URL)
                .using(PostgreSqlManager.class, manager)
                .endpoint(azure.endpoint()),
            CloudConfig.fromUrl(URL)
                .using(PostgreSqlManager.class, manager)
                .using(TokenCredential.class, credential()),
            CloudConfig.fromUrl(URL)
                .using(HttpPipeline.class, pipeline)
                .using(TokenCredential.class, credential()));
    for (CloudConfig.Builder config : mixed) {
      assertThatThrownBy(() -> CloudDb.open(config.build()))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("no others beside it");
    }
  }

  @Test
  void logsNoBodyWhateverTheEnvironmentSays() {
    for (HttpLogDetailLevel level : HttpLogDetailLevel.values()) {
      HttpLogOptions options = ArmConnection.withoutBodies(new HttpLogOptions().setLogLevel(level));
      assertThat(options.getLogLevel().shouldLogBody()).as("%s", level).isFalse();
      assertThat(options.getLogLevel().shouldLogHeaders())
          .as("%s", level)
          .isEqualTo(level.shouldLogHeaders());
    }
  }

  @Test
  void saysThatNoCredentialWasFound() {
    TokenCredential none =
        context -> Mono.error(new CredentialUnavailableException("nobody is logged in"));
    CloudConfig config =
        CloudConfig.fromUrl(URL)
            .retryPolicy(RetryPolicy.NONE)
            .using(HttpClient.class, redirecting(new ArrayList<>()))
            .using(TokenCredential.class, none)
            .build();
    try (CloudDb opened = CloudDb.open(config)) {
      AuthenticationException e =
          catchThrowableOfType(
              AuthenticationException.class, () -> opened.instances().find("orders"));
      assertThat(e).hasMessageContaining("nobody is logged in");
      assertThat(e.nextStep().orElseThrow()).contains("az login");
    }
    assertThat(azure.requests()).isEmpty();
  }

  @Test
  void knowsAzuresOtherCloudsByTheirEndpoint() {
    assertThat(ArmConnection.environment(null)).isSameAs(AzureEnvironment.AZURE);
    assertThat(ArmConnection.environment(URI.create("https://management.chinacloudapi.cn")))
        .isSameAs(AzureEnvironment.AZURE_CHINA);
    assertThat(
            ArmConnection.environment(URI.create("https://arm.example.com"))
                .getResourceManagerEndpoint())
        .isEqualTo("https://arm.example.com/");
  }
}
