/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the SDK's client, without the SDK's own retries: {@link io.clouddb.spi.RemoteCalls} is the
 * only layer that repeats a request.
 *
 * <p>The SDK's client over the JDK's logs a warning for each body: it passes no Content-Length on,
 * and the JDK sends the same one by itself. Without the header the JDK would send chunks, so it
 * stays, and a program that minds sets the logger {@code
 * com.azure.core.http.jdk.httpclient.JdkHttpClient} to errors.
 */
final class ArmConnection {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration RESPONSE = Duration.ofSeconds(60);

  private ArmConnection() {}

  static PostgreSqlManager open(CloudConfig config, String subscription) {
    AzureEnvironment environment = environment(config.endpoint().orElse(null));
    String tenant = config.property(AzureProvider.TENANT).orElse(null);
    HttpPipeline pipeline =
        config.object(HttpPipeline.class).orElseGet(() -> pipeline(config, environment, tenant));
    return PostgreSqlManager.authenticate(
        pipeline, new AzureProfile(tenant, subscription, environment));
  }

  /** Over the same pipeline and endpoint, in the API version that the driver speaks. */
  static PostgreSqlManager inSpokenVersion(PostgreSqlManager manager) {
    PostgreSqlManagementClient client = manager.serviceClient();
    return PostgreSqlManager.authenticate(
        ArmPipeline.before(client.getHttpPipeline()),
        new AzureProfile(
            null, client.getSubscriptionId(), environment(URI.create(client.getEndpoint()))));
  }

  private static HttpPipeline pipeline(
      CloudConfig config, AzureEnvironment environment, @Nullable String tenant) {
    HttpClient http =
        config
            .object(HttpClient.class)
            .orElseGet(
                () ->
                    new JdkHttpClientBuilder()
                        .connectionTimeout(CONNECT)
                        .responseTimeout(RESPONSE)
                        .readTimeout(RESPONSE)
                        .build());
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
      TokenCredential credential =
          config
              .object(TokenCredential.class)
              .orElseGet(
                  () -> {
                    DefaultAzureCredentialBuilder builder =
                        new DefaultAzureCredentialBuilder()
                            .httpClient(http)
                            .authorityHost(environment.getActiveDirectoryEndpoint());
                    return (tenant == null ? builder : builder.tenantId(tenant)).build();
                  });
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

  /** The environment can ask for bodies in the log, and a server's holds its password. */
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
