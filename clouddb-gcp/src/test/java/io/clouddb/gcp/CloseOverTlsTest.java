/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.api.client.http.HttpRequestInitializer;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As it is with Google itself: by https. */
class CloseOverTlsTest {
  private static SSLContext context(Path directory) throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    Certificate[] chain =
        factory
            .generateCertificates(
                new ByteArrayInputStream(Files.readAllBytes(directory.resolve("server.crt"))))
            .toArray(new Certificate[0]);
    String key =
        Files.readString(directory.resolve("server.key")).replaceAll("-----[^-]*-----", "");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server",
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key))),
        "changeit".toCharArray(),
        chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, "changeit".toCharArray());
    KeyStore roots = KeyStore.getInstance("PKCS12");
    roots.load(null, null);
    roots.setCertificateEntry(
        "ca",
        factory.generateCertificate(
            new ByteArrayInputStream(Files.readAllBytes(directory.resolve("ca.crt")))));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(roots);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCallThatWaitsIsCutOff(boolean shakesHands) throws Exception {
    SSLContext tls = context(EmbeddedPostgres.certificateAuthority().resolveSibling(""));
    SSLSocketFactory before = HttpsURLConnection.getDefaultSSLSocketFactory();
    HttpsURLConnection.setDefaultSSLSocketFactory(tls.getSocketFactory());
    CountDownLatch waits = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread server =
          new Thread(
              () -> {
                try (Socket plain = listener.accept()) {
                  if (shakesHands) {
                    SSLSocket socket =
                        (SSLSocket)
                            tls.getSocketFactory()
                                .createSocket(plain, "localhost", plain.getPort(), true);
                    socket.setUseClientMode(false);
                    socket.startHandshake();
                    assertThat(socket.getInputStream().read()).isEqualTo('G');
                  } else {
                    // The first byte of the client's hello.
                    assertThat(plain.getInputStream().read()).isEqualTo(22);
                  }
                  waits.countDown();
                  over.await();
                } catch (Exception e) {
                  waits.countDown();
                }
              });
      server.setDaemon(true);
      server.start();
      CloudDb cloud =
          CloudDb.open(
              CloudConfig.builder("gcp", "asia-northeast3")
                  .property("project", "shop-project")
                  .endpoint(URI.create("https://localhost:" + listener.getLocalPort()))
                  .using(HttpRequestInitializer.class, request -> {})
                  .build());
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread caller =
          new Thread(() -> end.complete(catchThrowable(() -> cloud.instances().find("orders"))));
      caller.setDaemon(true);
      caller.start();
      assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(end).as("%s", end).isNotDone();
      long began = System.nanoTime();
      cloud.close();
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began))
          .as("seconds of close()")
          .isLessThan(5);
      assertThat(end.get(5, TimeUnit.SECONDS)).hasMessageContaining("closed");
    } finally {
      over.countDown();
      HttpsURLConnection.setDefaultSSLSocketFactory(before);
    }
  }
}
