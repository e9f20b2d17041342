/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionsAfterCloseTest {
  /** The JDK opens a connection without a socket; that comes when the body is written. */
  @Test
  void whatWasOpenedBeforeClosingAndHasNoSocketYetSendsNothing() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      ClosableConnections connections = new ClosableConnections();
      HttpURLConnection connection =
          connections.openConnection(
              URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/instances")
                  .toURL());
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      connections.close();
      Throwable failure =
          catchThrowable(
              () -> {
                connection.getOutputStream().write("{}".getBytes(StandardCharsets.UTF_8));
                connection.getResponseCode();
              });
      assertThat(requests).as("requests after close(), failure: %s", failure).hasValue(0);
    } finally {
      server.stop(0);
    }
  }
}
