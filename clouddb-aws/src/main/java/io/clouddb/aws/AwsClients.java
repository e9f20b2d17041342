/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.CloudConfig;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsClient;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The SDK's clients of one account: those that were handed in, which serve their own region, and
 * others, made for each region when they are first needed.
 */
final class AwsClients implements AutoCloseable {
  /** A control plane answers within seconds; what hangs longer is given up, outcome unknown. */
  private static final Duration CALL_TIMEOUT = Duration.ofMinutes(1);

  /** The name by which a stand-in knows its user. The secret is what it checks. */
  private static final String STAND_IN_KEY = "clouddb";

  private static final SecretRef NO_SECRET = SecretRef.literal("stand-in");

  private final CloudConfig config;
  private final Map<String, RdsClient> rds = new HashMap<>();
  private final Map<String, SecretsManagerClient> secrets = new HashMap<>();
  private final Map<String, StsClient> sts = new HashMap<>();
  private boolean closed;

  AwsClients(CloudConfig config) {
    this.config = config;
  }

  synchronized RdsClient rds(String region) {
    requireOpen();
    // A client that was handed in would answer for its own region, whatever is asked.
    config
        .object(RdsClient.class)
        .ifPresent(client -> requireRegion(config.in(region), RdsClient.class, regionOf(client)));
    return config
        .object(RdsClient.class)
        .orElseGet(
            () -> rds.computeIfAbsent(region, in -> configured(RdsClient.builder(), in).build()));
  }

  synchronized SecretsManagerClient secrets(String region) {
    requireOpen();
    return config
        .object(SecretsManagerClient.class)
        .orElseGet(
            () ->
                secrets.computeIfAbsent(
                    region, in -> configured(SecretsManagerClient.builder(), in).build()));
  }

  /** One that was handed in serves every region: the account is the same in all of them. */
  synchronized StsClient sts(String region) {
    requireOpen();
    return config
        .object(StsClient.class)
        .orElseGet(
            () -> sts.computeIfAbsent(region, in -> configured(StsClient.builder(), in).build()));
  }

  /**
   * Checks that a region is the one of the clients that were handed in.
   *
   * @param there the region's configuration
   * @throws io.clouddb.error.InvalidArgumentException when one of them is for another region
   */
  static void requireRegion(CloudConfig there) {
    there
        .object(RdsClient.class)
        .ifPresent(client -> requireRegion(there, RdsClient.class, regionOf(client)));
    there
        .object(SecretsManagerClient.class)
        .ifPresent(client -> requireRegion(there, SecretsManagerClient.class, regionOf(client)));
  }

  private static @Nullable Region regionOf(AwsClient client) {
    try {
      return client.serviceClientConfiguration().region();
    } catch (UnsupportedOperationException e) {
      // One that stands in for a client and does not say.
      return null;
    }
  }

  private static void requireRegion(
      CloudConfig there, Class<? extends AwsClient> type, @Nullable Region its) {
    if (its == null || its.id().equals(there.location())) {
      return;
    }
    throw ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT,
            "The configuration of "
                + there
                + " is invalid: the "
                + type.getSimpleName()
                + " that is handed in is for "
                + its.id()
                + ", and serves no other region than that")
        .nextStep(
            "Hand in a client for "
                + there.location()
                + ", or none: then one is made for each region.")
        .toException();
  }

  private void requireOpen() {
    if (closed) {
      throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, config + " is closed")
          .retryable(false)
          .toException();
    }
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configured(
      B builder, String region) {
    builder
        .region(Region.of(region))
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
    try {
      rds.values().forEach(RdsClient::close);
    } finally {
      try {
        secrets.values().forEach(SecretsManagerClient::close);
      } finally {
        sts.values().forEach(StsClient::close);
      }
    }
  }
}
