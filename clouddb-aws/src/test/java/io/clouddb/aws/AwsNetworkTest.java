/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.aws.internal.AwsErrors;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.OutcomeUnknownException;
import io.clouddb.error.UnavailableException;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.rds.RdsClient;

/** What a change may have done that went nowhere, and one whose answer did not come. */
class AwsNetworkTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  /** A change, sent by the HTTP client that the provider makes, with its own words for errors. */
  private static CloudDbException failureOfAChangeAt(int port) {
    RemoteCalls calls =
        new RemoteCalls("aws", RetryPolicy.NONE, ObservationRegistry.NOOP, AwsErrors.ofChanges());
    try (RdsClient client =
        RdsClient.builder()
            .region(Region.of(RdsTestCloud.REGION))
            .endpointOverride(URI.create("http://127.0.0.1:" + port))
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .httpClientBuilder(
                Apache5HttpClient.builder().connectionTimeout(SHORT).socketTimeout(SHORT))
            .build()) {
      return catchThrowableOfType(
          CloudDbException.class,
          () ->
              calls.once(
                  "rds.StopDBInstance",
                  "orders",
                  () -> client.stopDBInstance(r -> r.dbInstanceIdentifier("orders"))));
    }
  }

  @Test
  void whatNobodyTookWasNotDone() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertHadNoEffect(failureOfAChangeAt(port));
  }

  /** A full queue: the system answers to no further attempt to connect. */
  @Test
  void whatDidNotGetAConnectionInTimeWasNotDone() throws IOException {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      try {
        while (waiting.size() < 100) {
          Socket socket = new Socket();
          waiting.add(socket);
          socket.connect(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort()),
              (int) SHORT.toMillis());
        }
      } catch (SocketTimeoutException e) {
        assertThat(waiting).hasSizeGreaterThan(1);
      }
      CloudDbException e = failureOfAChangeAt(full.getLocalPort());
      assertHadNoEffect(e);
      assertThat(e).hasStackTraceContaining("ConnectTimeoutException");
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  private static void assertHadNoEffect(CloudDbException e) {
    assertThat(e).isInstanceOf(UnavailableException.class);
    assertThat(e.details().outcomeKnown()).isTrue();
    assertThat(e.retryable()).isTrue();
  }

  @Test
  void whatGotNoAnswerInTimeMayHaveBeenDone() throws IOException {
    // Accepted by the system, and read by nobody.
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      CloudDbException e = failureOfAChangeAt(silent.getLocalPort());
      assertThat(e).isInstanceOf(OutcomeUnknownException.class);
      assertThat(e.details().outcomeKnown()).isFalse();
    }
  }
}
