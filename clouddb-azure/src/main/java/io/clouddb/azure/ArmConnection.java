/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.policy.HttpLogDetailLevel;
import com.azure.core.http.policy.HttpLogOptions;
import com.azure.core.http.policy.HttpLoggingPolicy;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.http.policy.RequestIdPolicy;
import com.azure.core.http.policy.UserAgentPolicy;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.http.policy.ArmChallengeAuthenticationPolicy;
import com.azure.core.management.profile.AzureProfile;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.PostgreSqlManagementClient;
import io.clouddb.CloudConfig;
import io.clouddb.azure.internal.ArmPipeline;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the SDK's client, without the SDK's own retries: {@link io.clouddb.spi.RemoteCalls} is the
 * only layer that repeats a request. Closing it ends what was made for the client, and nothing that
 * was handed in.
 */
final class ArmConnection implements AutoCloseable {
  private final CloudConfig config;
  private final PostgreSqlManager manager;
  private @Nullable ArmTransport transport;
  private @Nullable ExecutorService logins;

  ArmConnection(CloudConfig config, String subscription) {
    this.config = config;
    AzureEnvironment environment = environment(config.endpoint().orElse(null));
    String tenant = config.property(AzureProvider.TENANT).orElse(null);
    HttpPipeline pipeline =
        config.object(HttpPipeline.class).orElseGet(() -> pipeline(environment, tenant));
    this.manager =
        PostgreSqlManager.authenticate(
            pipeline, new AzureProfile(tenant, subscription, environment));
  }

  PostgreSqlManager manager() {
    return manager;
  }

  /** Over the same pipeline and endpoint, in the API version that the driver speaks. */
  static PostgreSqlManager inSpokenVersion(PostgreSqlManager manager) {
    PostgreSqlManagementClient client = manager.serviceClient();
    return PostgreSqlManager.authenticate(
        ArmPipeline.before(client.getHttpPipeline()),
        new AzureProfile(
            null, client.getSubscriptionId(), environment(URI.create(client.getEndpoint()))));
  }

  private HttpPipeline pipeline(AzureEnvironment environment, @Nullable String tenant) {
    HttpClient http = config.object(HttpClient.class).orElse(null);
    if (http == null) {
      transport = new ArmTransport();
      http = transport;
    }
    List<HttpPipelinePolicy> policies = new ArrayList<>();
    policies.add(new UserAgentPolicy("clouddb"));
    policies.add(new RequestIdPolicy());
    if (isPlain(config.endpoint().orElse(null))) {
      // The SDK refuses to send a token over http, which is right: such an endpoint is on this
      // machine (CloudConfig makes sure of it), stands in for Azure, and has a secret of its own.
      config
          .endpointSecret()
          .ifPresent(
              secret -> policies.add(new StandInToken(config.endpoint().orElseThrow(), secret)));
    } else {
      TokenCredential credential = config.object(TokenCredential.class).orElse(null);
      if (credential == null) {
        credential = found(http, environment, tenant);
      }
      policies.add(
          new ArmChallengeAuthenticationPolicy(
              credential, environment.getManagementEndpoint() + "/.default"));
    }
    policies.add(new HttpLoggingPolicy(withoutBodies(new HttpLogOptions())));
    return new HttpPipelineBuilder()
        .httpClient(http)
        .policies(policies.toArray(new HttpPipelinePolicy[0]))
        .build();
  }

  private TokenCredential found(
      HttpClient http, AzureEnvironment environment, @Nullable String tenant) {
    // The SDK's own threads would stay for the process.
    logins = Executors.newCachedThreadPool(ArmConnection::daemon);
    DefaultAzureCredentialBuilder builder =
        new DefaultAzureCredentialBuilder()
            .httpClient(http)
            .httpLogOptions(withoutBodies(new HttpLogOptions()))
            .executorService(logins)
            .authorityHost(environment.getActiveDirectoryEndpoint());
    return (tenant == null ? builder : builder.tenantId(tenant)).build();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "clouddb-azure-login");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    if (transport != null) {
      transport.close();
    }
    if (logins != null) {
      logins.shutdownNow();
    }
  }

  /**
   * The environment can ask for bodies in the log, and a server's holds its password, a login's the
   * client's secret and the token.
   */
  static HttpLogOptions withoutBodies(HttpLogOptions options) {
    return switch (options.getLogLevel()) {
      case BODY -> options.setLogLevel(HttpLogDetailLevel.BASIC);
      case BODY_AND_HEADERS -> options.setLogLevel(HttpLogDetailLevel.HEADERS);
      case NONE, BASIC, HEADERS -> options;
    };
  }

  private static boolean isPlain(@Nullable URI endpoint) {
    return endpoint != null && "http".equals(endpoint.getScheme());
  }

  /** One of Azure's clouds by its resource manager, or the public cloud at another address. */
  static AzureEnvironment environment(@Nullable URI endpoint) {
    if (endpoint == null) {
      return AzureEnvironment.AZURE;
    }
    String url = endpoint.toString().replaceAll("/+$", "") + "/";
    for (AzureEnvironment known : AzureEnvironment.knownEnvironments()) {
      if (known.getResourceManagerEndpoint().equalsIgnoreCase(url)) {
        return known;
      }
    }
    Map<String, String> endpoints = new LinkedHashMap<>(AzureEnvironment.AZURE.getEndpoints());
    endpoints.put(AzureEnvironment.Endpoint.RESOURCE_MANAGER.identifier(), url);
    return new AzureEnvironment(endpoints);
  }
}
