/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnavailableException;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ListTablesResponse;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** The asynchronous client of DynamoDB: whose it is, and what is left of it. */
class DynamoClientTest {
  private static final String REGION = "us-east-1";
  private static final long PATIENCE = Duration.ofSeconds(20).toNanos();

  @Test
  void aCloudLeavesNoThreadBehind() {
    try (SimulatedAws aws = SimulatedAws.start()) {
      Set<Thread> before = threads();
      try (CloudDb cloud = CloudDb.open(aws.config(REGION).build())) {
        DynamoDbAsyncClient client = cloud.unwrap(DynamoDbAsyncClient.class);
        assertThat(client).isSameAs(cloud.unwrap(DynamoDbAsyncClient.class));
        client.listTables().join();
        cloud.in("eu-west-1").unwrap(DynamoDbAsyncClient.class).listTables().join();
        assertThat(threads()).hasSizeGreaterThan(before.size());
      }
      long deadline = System.nanoTime() + PATIENCE;
      Set<Thread> left = threads();
      left.removeAll(before);
      while (!left.isEmpty() && System.nanoTime() < deadline) {
        Thread.onSpinWait();
        left = threads();
        left.removeAll(before);
      }
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aCloudIsClosedTwice() {
    try (SimulatedAws aws = SimulatedAws.start()) {
      CloudDb cloud = CloudDb.open(aws.config(REGION).build());
      cloud.unwrap(DynamoDbAsyncClient.class).listTables().join();
      cloud.close();
      assertThatCode(cloud::close).doesNotThrowAnyException();
    }
  }

  /** Those of the SDK and of Netty, and none of the JVM's. */
  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread ->
                thread.getName().startsWith("clouddb-aws")
                    || thread.getName().contains("sdk")
                    || thread.getName().contains("globalEventExecutor"))
        .collect(Collectors.toSet());
  }

  @Test
  void aCloudClosesItsConnections() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Integer> end = new CompletableFuture<>();
      Thread listener = new Thread(() -> answerOnce(server, end));
      listener.start();
      URI here = URI.create("http://127.0.0.1:" + server.getLocalPort());
      try (CloudDb cloud =
          CloudDb.open(CloudConfig.builder("aws", REGION).endpoint(here).build())) {
        assertThat(cloud.unwrap(DynamoDbAsyncClient.class).listTables().join().tableNames())
            .containsExactly("app");
        assertThat(end).isNotDone();
      }
      assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
      listener.join();
    }
  }

  /** Netty logs what it cannot tell anybody any more. */
  @Test
  void aCloudThatIsClosedDuringACallSaysNothing() throws Exception {
    PrintStream usual = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> asked = new CompletableFuture<>();
      Thread listener = new Thread(() -> answerNever(server, asked));
      listener.start();
      URI here = URI.create("http://127.0.0.1:" + server.getLocalPort());
      System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
      CompletableFuture<ListTablesResponse> call;
      try (CloudDb cloud =
          CloudDb.open(CloudConfig.builder("aws", REGION).endpoint(here).build())) {
        call = cloud.unwrap(DynamoDbAsyncClient.class).listTables();
        asked.get(20, TimeUnit.SECONDS);
      }
      assertThat(call).isCompletedExceptionally();
      listener.join();
    } finally {
      System.setErr(usual);
    }
    assertThat(logged.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  private static void answerNever(ServerSocket server, CompletableFuture<Void> asked) {
    try (Socket socket = server.accept()) {
      InputStream in = socket.getInputStream();
      int next = in.read();
      while (next >= 0) {
        if (next == '{') {
          asked.complete(null);
        }
        next = in.read();
      }
    } catch (IOException e) {
      asked.completeExceptionally(e);
    }
  }

  private static void answerOnce(ServerSocket server, CompletableFuture<Integer> end) {
    try (Socket socket = server.accept()) {
      InputStream in = socket.getInputStream();
      StringBuilder request = new StringBuilder();
      while (!request.toString().endsWith("\r\n\r\n{}")) {
        request.append((char) in.read());
      }
      String body = "{\"TableNames\":[\"app\"]}";
      socket
          .getOutputStream()
          .write(
              ("HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      end.complete(in.read());
    } catch (IOException e) {
      end.completeExceptionally(e);
    }
  }

  @Test
  void aClosedCloudGivesNoClient() {
    CloudDb cloud = CloudDb.open(standIn().build());
    cloud.close();
    assertThatThrownBy(() -> cloud.unwrap(DynamoDbAsyncClient.class))
        .isInstanceOf(UnavailableException.class);
  }

  private static CloudConfig.Builder standIn() {
    return CloudConfig.builder("aws", REGION).endpoint(URI.create("http://127.0.0.1:9"));
  }

  private static AwsCredentialsProvider credentials(SimulatedAws aws) {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(SimulatedAws.ACCESS_KEY, aws.secret().resolve()));
  }

  @Test
  void aClientThatIsHandedInStaysOpen() {
    try (SimulatedAws aws = SimulatedAws.start();
        DynamoDbAsyncClient client =
            DynamoDbAsyncClient.builder()
                .region(Region.of(REGION))
                .endpointOverride(aws.endpoint())
                .credentialsProvider(credentials(aws))
                .build();
        StsClient sts = StsClient.builder().region(Region.of(REGION)).build()) {
      CloudConfig.Builder config =
          CloudConfig.builder("aws", REGION).using(DynamoDbAsyncClient.class, client);
      assertThatThrownBy(() -> CloudDb.open(config.build()))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("StsClient");
      config.using(StsClient.class, sts);
      try (CloudDb cloud = CloudDb.open(config.build())) {
        assertThat(cloud.unwrap(DynamoDbAsyncClient.class)).isSameAs(client);
        assertThatThrownBy(() -> cloud.in("eu-west-1"))
            .isInstanceOf(InvalidArgumentException.class)
            .hasMessageContaining("DynamoDbAsyncClient");
        assertThatThrownBy(() -> cloud.unwrap(RdsClient.class))
            .isInstanceOf(InvalidArgumentException.class)
            .hasMessageContaining("RdsClient");
      }
      assertThat(client.listTables().join().tableNames()).isEmpty();
    }
  }

  @Test
  void aTransportThatIsHandedInIsUsedAndStaysOpen() {
    try (SimulatedAws aws = SimulatedAws.start();
        SdkAsyncHttpClient http = NettyNioAsyncHttpClient.create()) {
      for (int i = 0; i < 2; i++) {
        try (CloudDb cloud =
            CloudDb.open(aws.config(REGION).using(SdkAsyncHttpClient.class, http).build())) {
          assertThat(cloud.unwrap(DynamoDbAsyncClient.class).listTables().join().tableNames())
              .isEmpty();
        }
      }
    }
  }
}
