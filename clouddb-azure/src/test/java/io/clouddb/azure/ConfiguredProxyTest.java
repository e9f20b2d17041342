/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.http.ProxyOptions;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfiguredProxyTest {
  private static ConfiguredProxy at(int port) {
    return ConfiguredProxy.of(
        new ProxyOptions(
            ProxyOptions.Type.HTTP, InetSocketAddress.createUnresolved("localhost", port)));
  }

  /** Who asks holds what close() waits for, and a name can take as long as it likes. */
  @Test
  void namesTheProxyWithoutLookingItsNameUp() {
    List<Proxy> chosen = at(3128).select(URI.create("https://management.example.invalid/"));
    assertThat(chosen).hasSize(1);
    assertThat(((InetSocketAddress) chosen.get(0).address()).isUnresolved()).isTrue();
  }

  @Test
  void theJdksClientLooksItUp() throws Exception {
    HttpServer proxy =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
    proxy.createContext(
        "/",
        exchange -> {
          byte[] asked = exchange.getRequestURI().toString().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, asked.length);
          exchange.getResponseBody().write(asked);
          exchange.close();
        });
    proxy.start();
    try {
      HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
      at(proxy.getAddress().getPort()).use(builder);
      String url = "http://management.example.invalid/subscriptions";
      assertThat(
              builder
                  .build()
                  .send(
                      HttpRequest.newBuilder(URI.create(url)).build(),
                      HttpResponse.BodyHandlers.ofString())
                  .body())
          .isEqualTo(url);
    } finally {
      proxy.stop(0);
    }
  }
}
