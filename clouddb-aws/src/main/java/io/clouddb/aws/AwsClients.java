/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.CloudConfig;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The SDK's clients of one region: those that were handed in, others made when they are first
 * needed.
 */
final class AwsClients implements AutoCloseable {
  /** A control plane answers within seconds; what hangs longer is given up, outcome unknown. */
  private static final Duration CALL_TIMEOUT = Duration.ofMinutes(1);

  /** The name by which a stand-in knows its user. The secret is what it checks. */
  private static final String STAND_IN_KEY = "clouddb";

  private static final SecretRef NO_SECRET = SecretRef.literal("stand-in");

  private final CloudConfig config;
  private @Nullable RdsClient rds;
  private @Nullable SecretsManagerClient secrets;
  private boolean closed;

  AwsClients(CloudConfig config) {
    this.config = config;
  }

  synchronized RdsClient rds() {
    requireOpen();
    RdsClient client = config.object(RdsClient.class).orElse(rds);
    if (client == null) {
      client = configured(RdsClient.builder()).build();
      rds = client;
    }
    return client;
  }

  synchronized SecretsManagerClient secrets() {
    requireOpen();
    SecretsManagerClient client = config.object(SecretsManagerClient.class).orElse(secrets);
    if (client == null) {
      client = configured(SecretsManagerClient.builder()).build();
      secrets = client;
    }
    return client;
  }

  private void requireOpen() {
    if (closed) {
      throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, config + " is closed")
          .retryable(false)
          .toException();
    }
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configured(
      B builder) {
    builder
        .region(Region.of(config.location()))
        .overrideConfiguration(
            override ->
                override
                    .retryStrategy(DefaultRetryStrategy.doNotRetry())
                    .apiCallTimeout(CALL_TIMEOUT));
    config
        .object(AwsCredentialsProvider.class)
        .or(this::credentialsOfAStandIn)
        .ifPresent(builder::credentialsProvider);
    config.endpoint().ifPresent(builder::endpointOverride);
    config
        .object(SdkHttpClient.class)
        .ifPresentOrElse(
            builder::httpClient, () -> builder.httpClientBuilder(Apache5HttpClient.builder()));
    return builder;
  }

  /**
   * What is spoken to without TLS is on this machine (CloudConfig makes sure of it) and stands in
   * for AWS: nobody's own credentials go there, and none have to be there.
   */
  private Optional<AwsCredentialsProvider> credentialsOfAStandIn() {
    return config
        .endpoint()
        .filter(endpoint -> "http".equals(endpoint.getScheme()))
        .map(
            endpoint -> {
              SecretRef secret = config.endpointSecret().orElse(NO_SECRET);
              return () -> AwsBasicCredentials.create(STAND_IN_KEY, secret.resolve());
            });
  }

  /** Closes what was made here, and nothing that was handed in. */
  @Override
  public synchronized void close() {
    closed = true;
    if (rds != null) {
      rds.close();
    }
    if (secrets != null) {
      secrets.close();
    }
  }
}
