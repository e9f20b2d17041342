/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.testing.http.MockHttpTransport;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.InvalidArgumentException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As it is in a company: Google is reached through a proxy. */
class CloseBehindAProxyTest {
  /** Of Google's client: by it, the client takes the proxy itself. */
  private static final String FLAG = "com.google.api.client.should_use_proxy";

  @AfterEach
  void noProxy() {
    for (String name : List.of("https.proxyHost", "https.proxyPort", FLAG)) {
      System.clearProperty(name);
    }
  }

  private static CloudConfig.Builder behind(int port) {
    System.setProperty("https.proxyHost", "127.0.0.1");
    System.setProperty("https.proxyPort", "" + port);
    return CloudConfig.builder("gcp", "asia-northeast3")
        .property("project", "shop-project")
        .endpoint(URI.create("https://sqladmin.example.invalid"))
        .using(HttpRequestInitializer.class, request -> {});
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCallThatWaitsForTheProxyIsCutOff(boolean flagAfterOpen) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    try (ServerSocket proxy = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread silent =
          new Thread(
              () -> {
                try (Socket socket = proxy.accept()) {
                  // Of CONNECT.
                  assertThat(socket.getInputStream().read()).isEqualTo('C');
                  asked.countDown();
                  over.await();
                } catch (Exception e) {
                  asked.countDown();
                }
              });
      silent.setDaemon(true);
      silent.start();
      CloudDb cloud = CloudDb.open(behind(proxy.getLocalPort()).build());
      if (flagAfterOpen) {
        System.setProperty(FLAG, "true");
      }
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread caller =
          new Thread(() -> end.complete(catchThrowable(() -> cloud.instances().find("orders"))));
      caller.setDaemon(true);
      caller.start();
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(end).as("%s", end).isNotDone();
      cloud.close();
      // Less than the time limit of an answer, which is a minute.
      Throwable failure = end.get(20, TimeUnit.SECONDS);
      assertThat(failure).isInstanceOf(CloudDbException.class).hasMessageContaining("closed");
      for (Throwable each = failure; each != null; each = each.getCause()) {
        assertThat(each).isNotInstanceOf(NullPointerException.class);
      }
    } finally {
      over.countDown();
    }
  }

  @Test
  void whatWouldTakeTheEndFromItsConnectionsIsRefused() {
    System.setProperty(FLAG, "true");
    CloudConfig config = behind(9).build();
    assertThatThrownBy(() -> CloudDb.open(config).close())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(FLAG)
        .hasMessageContaining("https.proxyHost");
    CloudConfig own = behind(9).using(HttpTransport.class, new MockHttpTransport()).build();
    try (CloudDb cloud = CloudDb.open(own)) {
      assertThat(cloud.config()).isEqualTo(own);
    }
  }
}
