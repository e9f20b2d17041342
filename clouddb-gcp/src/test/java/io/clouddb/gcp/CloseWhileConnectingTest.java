/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.api.client.http.HttpRequestInitializer;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

/** A network that takes its time: nothing answers a SYN, until it does. */
class CloseWhileConnectingTest {
  @Test
  void aCallThatStillConnectsIsCutOff() throws Exception {
    List<Socket> filling = new ArrayList<>();
    try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) slow.getLocalSocketAddress();
      // A queue that is full: the kernel drops what more comes, and it is sent again.
      for (int i = 0; i < 8; i++) {
        Socket socket = new Socket();
        try {
          socket.connect(address, 300);
          filling.add(socket);
        } catch (SocketTimeoutException e) {
          socket.close();
          break;
        }
      }
      CloudDb cloud =
          CloudDb.open(
              CloudConfig.builder("gcp", "asia-northeast3")
                  .property("project", "shop-project")
                  .endpoint(URI.create("https://127.0.0.1:" + address.getPort()))
                  .using(HttpRequestInitializer.class, request -> {})
                  .build());
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread caller =
          new Thread(() -> end.complete(catchThrowable(() -> cloud.instances().find("orders"))));
      caller.setDaemon(true);
      caller.start();
      Instant limit = Instant.now().plus(Duration.ofSeconds(15));
      while (!Arrays.toString(caller.getStackTrace()).contains("NioSocketImpl.connect")) {
        assertThat(Instant.now()).as("%s", end).isBefore(limit);
        Thread.onSpinWait();
      }
      cloud.close();
      assertThat(end.get(5, TimeUnit.SECONDS)).hasMessageContaining("closed");
    } finally {
      for (Socket each : filling) {
        each.close();
      }
    }
  }

  @Test
  void afterTheEndThereAreNoMoreSockets() throws Exception {
    ClosableSockets sockets = new ClosableSockets((SSLSocketFactory) SSLSocketFactory.getDefault());
    Socket connecting = sockets.createSocket();
    sockets.close();
    assertThat(connecting.isClosed()).isTrue();
    assertThatThrownBy(sockets::createSocket).hasMessageContaining("closed");
    // As through a proxy, whose socket is not made here.
    Socket toProxy = new Socket();
    assertThatThrownBy(() -> sockets.createSocket(toProxy, "localhost", 443, true))
        .hasMessageContaining("closed");
    assertThat(toProxy.isClosed()).isTrue();
  }
}
