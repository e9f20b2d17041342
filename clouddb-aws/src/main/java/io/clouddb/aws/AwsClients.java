/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.CloudConfig;
import io.clouddb.aws.internal.SignedJsonClient;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.AwsClient;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.endpoints.AccountIdEndpointMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The SDK's clients of one account: those that were handed in, which serve their own region, and
 * others, made for each region when they are first needed.
 */
final class AwsClients implements AutoCloseable {
  /** A control plane answers within seconds; what hangs longer is given up, outcome unknown. */
  private static final Duration CALL_TIMEOUT = Duration.ofMinutes(1);

  /**
   * The data plane answers within milliseconds, a page of a megabyte within a second or two. Since
   * the SDK does not retry, this is the limit of an attempt as well.
   */
  private static final Duration DATA_TIMEOUT = Duration.ofSeconds(30);

  /** The name by which a stand-in knows its user. The secret is what it checks. */
  private static final String STAND_IN_KEY = "clouddb";

  private static final String SCALING = "application-autoscaling";
  private static final String SCALING_TARGETS = "AnyScaleFrontendService";

  private static final SecretRef NO_SECRET = SecretRef.literal("stand-in");

  private final CloudConfig config;
  private final Map<String, RdsClient> rds = new HashMap<>();
  private final Map<String, SecretsManagerClient> secrets = new HashMap<>();
  private final Map<String, StsClient> sts = new HashMap<>();
  private final Map<String, DynamoDbClient> tables = new HashMap<>();
  private final Map<String, SignedJsonClient> scaling = new HashMap<>();

  /** What the clients without a module of the SDK share; null until one is needed. */
  private @Nullable SdkHttpClient ownHttp;

  private @Nullable DefaultCredentialsProvider ownCredentials;
  private final Map<String, DynamoDbAsyncClient> dynamo = new ConcurrentHashMap<>();
  private final AsyncTransport transport = new AsyncTransport();
  private volatile boolean closed;

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
        .or(() -> refusedBeside(RdsClient.class))
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

  synchronized DynamoDbClient tables(String region) {
    requireOpen();
    config
        .object(DynamoDbClient.class)
        .ifPresent(
            client -> requireRegion(config.in(region), DynamoDbClient.class, regionOf(client)));
    return config
        .object(DynamoDbClient.class)
        .or(() -> refusedBeside(DynamoDbClient.class))
        .orElseGet(() -> tables.computeIfAbsent(region, in -> controlling(in).build()));
  }

  private DynamoDbClientBuilder controlling(String region) {
    DynamoDbClientBuilder builder = configured(DynamoDbClient.builder(), region);
    if (config.endpoint().isPresent()) {
      // What stands in for AWS has one address for all accounts.
      builder.accountIdEndpointMode(AccountIdEndpointMode.DISABLED);
    }
    return builder.endpointDiscoveryEnabled(false);
  }

  /** Application Auto Scaling, which scales DynamoDB's tables. */
  synchronized SignedJsonClient scaling(String region) {
    // Whose tables it scales, and where, is refused or not as for them.
    DynamoDbClient unused = tables(region);
    return scaling.computeIfAbsent(
        region,
        in ->
            new SignedJsonClient(
                this::http,
                scalingEndpoint(in),
                in,
                SCALING,
                SCALING_TARGETS,
                scalingCredentials()));
  }

  private URI scalingEndpoint(String region) {
    return config
        .endpoint()
        .or(this::standInOfAClient)
        .orElseGet(
            () ->
                URI.create(
                    "https://" + ServiceMetadata.of(SCALING).endpointFor(Region.of(region))));
  }

  /**
   * Where a client that was handed in speaks to something without TLS, that stands in for all of
   * AWS; another endpoint of its own is one of DynamoDB alone.
   */
  private Optional<URI> standInOfAClient() {
    return config
        .object(DynamoDbClient.class)
        .flatMap(client -> client.serviceClientConfiguration().endpointOverride())
        .filter(endpoint -> "http".equals(endpoint.getScheme()));
  }

  private IdentityProvider<? extends AwsCredentialsIdentity> scalingCredentials() {
    Optional<DynamoDbClient> handedIn = config.object(DynamoDbClient.class);
    if (handedIn.isPresent()) {
      return handedIn.get().serviceClientConfiguration().credentialsProvider();
    }
    return config
        .object(AwsCredentialsProvider.class)
        .or(this::credentialsOfAStandIn)
        .orElseGet(this::ownCredentials);
  }

  private AwsCredentialsProvider ownCredentials() {
    DefaultCredentialsProvider own = ownCredentials;
    if (own == null) {
      own = DefaultCredentialsProvider.builder().build();
      ownCredentials = own;
    }
    return own;
  }

  private synchronized SdkHttpClient http() {
    requireOpen();
    Optional<SdkHttpClient> handedIn = config.object(SdkHttpClient.class);
    if (handedIn.isPresent()) {
      return handedIn.get();
    }
    SdkHttpClient own = ownHttp;
    if (own == null) {
      own = Apache5HttpClient.builder().socketTimeout(CALL_TIMEOUT).build();
      ownHttp = own;
    }
    return own;
  }

  /**
   * A client that is made here has the default credentials, which may be of another account than
   * the one of the clients that were handed in, by which ids are made.
   */
  private <C> Optional<C> refusedBeside(Class<C> type) {
    if (config.object(StsClient.class).isEmpty()) {
      return Optional.empty();
    }
    throw ErrorDetails.of(
            ErrorCategory.INVALID_ARGUMENT,
            "No "
                + type.getSimpleName()
                + " is handed in to "
                + config
                + ", beside clients that are: it would be of another account, maybe")
        .nextStep("Hand in one with the same credentials, or no client at all.")
        .toException();
  }

  /** One that was handed in serves every region: the account is the same in all of them. */
  synchronized StsClient sts(String region) {
    requireOpen();
    return config
        .object(StsClient.class)
        .orElseGet(
            () -> sts.computeIfAbsent(region, in -> configured(StsClient.builder(), in).build()));
  }

  /** Asked for each call about data: a client that is there is found without a lock. */
  DynamoDbAsyncClient dynamo(String region) {
    requireOpen();
    DynamoDbAsyncClient client = dynamo.get(region);
    return client == null ? newDynamo(region) : client;
  }

  private synchronized DynamoDbAsyncClient newDynamo(String region) {
    requireOpen();
    return dynamo.computeIfAbsent(
        region,
        in -> {
          DynamoDbAsyncClient given = config.object(DynamoDbAsyncClient.class).orElse(null);
          if (given != null) {
            requireRegion(config.in(in), DynamoDbAsyncClient.class, regionOf(given));
            return given;
          }
          return refusedBeside(DynamoDbAsyncClient.class)
              .orElseGet(() -> asynchronous(DynamoDbAsyncClient.builder(), in).build());
        });
  }

  private DynamoDbAsyncClientBuilder asynchronous(
      DynamoDbAsyncClientBuilder builder, String region) {
    general(builder, region, DATA_TIMEOUT).endpointDiscoveryEnabled(false);
    if (config.endpoint().isPresent()) {
      // What stands in for AWS has one address for all accounts.
      builder.accountIdEndpointMode(AccountIdEndpointMode.DISABLED);
    }
    config
        .object(SdkAsyncHttpClient.class)
        .ifPresentOrElse(
            handedIn -> builder.httpClient(new WholeAnswers(handedIn)),
            () -> builder.httpClientBuilder(transport.forOneClient()));
    return builder;
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
        .object(DynamoDbClient.class)
        .ifPresent(client -> requireRegion(there, DynamoDbClient.class, regionOf(client)));
    there
        .object(SecretsManagerClient.class)
        .ifPresent(client -> requireRegion(there, SecretsManagerClient.class, regionOf(client)));
    there
        .object(DynamoDbAsyncClient.class)
        .ifPresent(client -> requireRegion(there, DynamoDbAsyncClient.class, regionOf(client)));
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
    general(builder, region, CALL_TIMEOUT);
    config
        .object(SdkHttpClient.class)
        .ifPresentOrElse(
            builder::httpClient, () -> builder.httpClientBuilder(Apache5HttpClient.builder()));
    return builder;
  }

  private <B extends AwsClientBuilder<B, C>, C> B general(
      B builder, String region, Duration timeout) {
    builder
        .region(Region.of(region))
        .overrideConfiguration(
            override ->
                override.retryStrategy(DefaultRetryStrategy.doNotRetry()).apiCallTimeout(timeout));
    config
        .object(AwsCredentialsProvider.class)
        .or(this::credentialsOfAStandIn)
        .ifPresent(builder::credentialsProvider);
    config.endpoint().ifPresent(builder::endpointOverride);
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
    List<SdkAutoCloseable> all = new ArrayList<>();
    all.addAll(rds.values());
    all.addAll(secrets.values());
    all.addAll(sts.values());
    all.addAll(tables.values());
    if (config.object(DynamoDbAsyncClient.class).isEmpty()) {
      all.addAll(dynamo.values());
    }
    all.add(transport::close);
    Optional.ofNullable(ownHttp).ifPresent(all::add);
    Optional.ofNullable(ownCredentials).ifPresent(all::add);
    closeAll(all.iterator());
  }

  /** All of them, whatever one of them throws. */
  private static void closeAll(Iterator<SdkAutoCloseable> all) {
    if (all.hasNext()) {
      try {
        all.next().close();
      } finally {
        closeAll(all);
      }
    }
  }
}
