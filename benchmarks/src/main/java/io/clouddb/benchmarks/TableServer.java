/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.security.SecretRef;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.Table;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The simulated DynamoDB in a process of its own, so that what it allocates is nobody's, with a
 * table and two ways to it: ours, and the SDK's client as it comes.
 */
final class TableServer implements AutoCloseable {
  static final String TABLE = "bench";
  static final String ACCESS_KEY = SimulatedAws.ACCESS_KEY;
  private static final String REGION = "us-east-1";

  static final GlobalTableSpec SPEC =
      GlobalTableSpec.builder(TABLE, Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING))
          .build();

  private final Process process;
  final URI endpoint;
  final String secret;
  final CloudDb cloud;
  final Table table;
  final DynamoDbAsyncClient raw;

  TableServer() throws IOException {
    this(Duration.ZERO);
  }

  /**
   * Starts it.
   *
   * @param later by how much each request is handled later, as by a network and a service
   */
  TableServer(Duration later) throws IOException {
    process =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    TableServer.class.getName(),
                    later.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    endpoint = URI.create(line(said));
    secret = line(said);
    cloud = cloud(endpoint, secret);
    cloud.tables().create(SPEC).await(Duration.ofMinutes(5));
    table = cloud.tables().open(SPEC);
    raw = client(endpoint, secret);
  }

  private static String line(BufferedReader said) throws IOException {
    String line = said.readLine();
    if (line == null) {
      throw new IOException("The simulator did not start");
    }
    return line;
  }

  static CloudDb cloud(URI endpoint, String secret) {
    return CloudDb.open(
        CloudConfig.builder("aws", REGION)
            .endpoint(endpoint)
            .endpointSecret(SecretRef.literal(secret))
            .build());
  }

  /** The SDK's client as its documentation makes it. */
  static DynamoDbAsyncClient client(URI endpoint, String secret) {
    return DynamoDbAsyncClient.builder()
        .region(Region.of(REGION))
        .endpointOverride(endpoint)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, secret)))
        .build();
  }

  /**
   * The other process.
   *
   * @param arguments by how much each request is handled later
   * @throws InterruptedException when it is to end
   */
  public static void main(String[] arguments) throws InterruptedException {
    try (SimulatedAws aws = SimulatedAws.start()) {
      Duration later = Duration.parse(arguments[0]);
      if (!later.isZero()) {
        aws.faults().onAny().times(Integer.MAX_VALUE).slow(later);
      }
      System.out.println(aws.endpoint());
      System.out.println(aws.secret().resolve());
      // Until the process is ended.
      new CountDownLatch(1).await();
    }
  }

  @Override
  public void close() {
    try {
      cloud.close();
      raw.close();
    } finally {
      process.destroy();
    }
  }
}
