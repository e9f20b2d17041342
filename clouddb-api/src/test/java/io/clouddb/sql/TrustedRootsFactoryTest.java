/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.security.SecretRef;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Handshakes with a server whose certificate an authority has signed that only some trust. {@code
 * roots.p12} is for this test alone, with keys that nobody trusts: two authorities, and what the
 * first of them has signed for localhost, for a hundred years. It was made by {@code keytool
 * -genkeypair -keyalg EC -groupname secp256r1 -validity 36500 -alias ca -dname CN=ca -ext
 * BC:critical=ca:true}, the same for {@code other}, and {@code -alias server -dname CN=server
 * -signer ca -ext SAN=dns:localhost,ip:127.0.0.1}.
 */
class TrustedRootsFactoryTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private static KeyStore store;
  private static SSLServerSocket server;
  private static ExecutorService threads;

  @BeforeAll
  static void serve() throws Exception {
    store = KeyStore.getInstance("PKCS12");
    try (InputStream in = TrustedRootsFactoryTest.class.getResourceAsStream("roots.p12")) {
      store.load(Objects.requireNonNull(in), PASSWORD);
    }
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry(
        "server", store.getKey("server", PASSWORD), PASSWORD, store.getCertificateChain("server"));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    threads = Executors.newSingleThreadExecutor();
  }

  @AfterAll
  static void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }

  private static String pem(String alias) throws Exception {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(store.getCertificate(alias).getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  /** A client's handshake through the factory, as the driver makes it: over an open socket. */
  private static void connect(String roots) throws Exception {
    Future<?> answer =
        threads.submit(
            () -> {
              try (SSLSocket accepted = (SSLSocket) server.accept()) {
                accepted.startHandshake();
                accepted.getOutputStream().write('!');
              }
              return null;
            });
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
        SSLSocket client =
            (SSLSocket)
                new TrustedRootsFactory(TrustedRootsFactory.argument(roots))
                    .createSocket(plain, "localhost", server.getLocalPort(), true)) {
      client.setSoTimeout(60_000);
      client.startHandshake();
      assertThat(client.getInputStream().read()).isEqualTo('!');
      answer.get(1, TimeUnit.MINUTES);
    }
  }

  @Test
  void aServerIsTrustedByEachOfTheRootsThatAreGiven() throws Exception {
    connect(pem("ca"));
    connect("a word before\n" + pem("other") + pem("ca"));
  }

  @Test
  void aServerThatComesFromAnotherRootIsNotTrusted() {
    assertThatThrownBy(() -> connect(pem("other")))
        .isInstanceOf(SSLHandshakeException.class)
        .hasStackTraceContaining("CertPath");
  }

  @Test
  void theRootsAreInTheUrlAndReadFromIt() throws Exception {
    ConnectionDetails details =
        ConnectionDetails.postgresql("db", 5432, "shop", "app", SecretRef.literal("x"))
            .rootCertificates(pem("ca") + pem("other"))
            .build();
    String url = details.jdbcUrl();
    assertThat(details.rootCertificate()).isEmpty();
    assertThat(url).contains("sslmode=verify-full&sslfactory=" + factory() + "&sslfactoryarg=");
    ConnectionDetails read = ConnectionDetails.ofJdbcUrl(url, "app", SecretRef.literal("x"));
    assertThat(read.jdbcUrl()).isEqualTo(url);
    String argument = Objects.requireNonNull(url.split("sslfactoryarg=", -1)[1]);
    assertThat(new TrustedRootsFactory(argument).getDefaultCipherSuites()).isNotEmpty();

    assertThatThrownBy(
            () ->
                ConnectionDetails.ofJdbcUrl(
                    url + "&sslrootcert=/ca.pem", "app", SecretRef.literal("x")))
        .hasMessageContaining("it decides who is trusted");
  }

  private static String factory() {
    return TrustedRootsFactory.class.getName();
  }

  @Test
  void whatIsNoCertificateIsNoRoot() {
    assertThatThrownBy(() -> TrustedRootsFactory.argument("no certificate"))
        .isInstanceOf(CertificateException.class);
    assertThatThrownBy(() -> TrustedRootsFactory.argument(""))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("no certificate in it");
    assertThatThrownBy(() -> TrustedRootsFactory.check("not base64!"))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("base64");
  }
}
