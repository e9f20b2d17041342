/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.api.client.testing.http.MockHttpTransport;
import com.google.api.client.testing.http.MockLowLevelHttpRequest;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that got no connection had no effect; one that got no answer may have had. */
class UnsentRequestsTest {
  private static final int SHORT = 300;

  private static CloudConfig.Builder config(String scheme, int port) {
    return CloudConfig.builder("gcp", SimulatedCloudSql.REGION)
        .property("project", SimulatedCloudSql.PROJECT)
        .endpoint(URI.create(scheme + "://127.0.0.1:" + port))
        .using(
            HttpRequestInitializer.class,
            request -> request.setConnectTimeout(SHORT).setReadTimeout(SHORT));
  }

  private static CloudDbException insert(CloudConfig config) {
    try (CloudDb cloud = CloudDb.open(config)) {
      DatabaseInstance body = new DatabaseInstance().setName("orders");
      return catchThrowableOfType(
          CloudDbException.class, () -> SimulatedCloudSql.calls(cloud).insert(body));
    }
  }

  private static void assertUnsent(CloudDbException e) {
    assertThat(e.category()).as("%s", e).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(e.retryable()).isTrue();
    assertThat(e.details().outcomeKnown()).isTrue();
  }

  private static void assertUnknown(CloudDbException e) {
    assertThat(e.category()).as("%s", e).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    assertThat(e.details().outcomeKnown()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void aTimeLimitOfConnectingIsKnownToHaveHadNoEffect(String scheme) throws IOException {
    List<Socket> filling = new ArrayList<>();
    try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) slow.getLocalSocketAddress();
      // A queue that is full: the kernel drops what more comes.
      for (int i = 0; i < 8; i++) {
        Socket socket = new Socket();
        try {
          socket.connect(address, SHORT);
          filling.add(socket);
        } catch (SocketTimeoutException e) {
          socket.close();
          break;
        }
      }
      assertUnsent(insert(config(scheme, address.getPort()).build()));
    } finally {
      for (Socket each : filling) {
        each.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void aRefusedConnectionIsKnownToHaveHadNoEffect(String scheme) throws IOException {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = gone.getLocalPort();
    }
    assertUnsent(insert(config(scheme, port).build()));
  }

  @Test
  void aConnectionThatEndsBeforeTheRequestIsKnownToHaveHadNoEffect() throws Exception {
    try (ServerSocket rude = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> hangUp(rude));
      server.setDaemon(true);
      server.start();
      assertUnsent(insert(config("https", rude.getLocalPort()).build()));
    }
  }

  /** By http a connection is made, and the request with it. */
  @Test
  void anAnswerThatDoesNotComeLeavesTheOutcomeUnknown() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertUnknown(insert(config("http", silent.getLocalPort()).build()));
    }
  }

  /** In the middle of a handshake, since there is no request before its end. */
  @Test
  void aHandshakeThatDoesNotEndIsKnownToHaveHadNoEffect() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertUnsent(insert(config("https", silent.getLocalPort()).build()));
    }
  }

  private static void hangUp(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        // A reset, and no goodbye.
        socket.setSoLinger(true, 0);
        socket.close();
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  /** A transport that was handed in is nobody's to look into: its words have to tell. */
  @ParameterizedTest
  @CsvSource({"Connect timed out, true", "connect timed out, true", "Read timed out, false"})
  void theWordsOfATransportTell(String message, boolean unsent) {
    HttpTransport transport =
        new MockHttpTransport() {
          @Override
          public LowLevelHttpRequest buildRequest(String method, String url) {
            return new MockLowLevelHttpRequest() {
              @Override
              public LowLevelHttpResponse execute() throws IOException {
                throw new SocketTimeoutException(message);
              }
            };
          }
        };
    CloudDbException e = insert(config("http", 9).using(HttpTransport.class, transport).build());
    if (unsent) {
      assertUnsent(e);
    } else {
      assertUnknown(e);
    }
  }
}
