/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.security.SecretRef;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
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
import org.junit.jupiter.api.io.TempDir;

/** Handshakes with a server whose certificate an authority has signed that only some trust. */
class TrustedRootsFactoryTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path folder;
  private static KeyStore store;
  private static SSLServerSocket server;
  private static ExecutorService threads;

  @BeforeAll
  static void serve() throws Exception {
    keytool("ca", "-ext", "BC:critical=ca:true");
    keytool("other", "-ext", "BC:critical=ca:true");
    keytool("server", "-signer", "ca", "-ext", "SAN=dns:localhost,ip:127.0.0.1");
    store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("store"))) {
      store.load(in, PASSWORD);
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

  private static void keytool(String alias, String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-genkeypair"));
    command.addAll(List.of("-alias", alias, "-dname", "CN=" + alias, "-keyalg", "EC"));
    command.addAll(List.of("-groupname", "secp256r1", "-validity", "3650", "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", folder.resolve("store").toString()));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    command.addAll(List.of(more));
    Path output = folder.resolve(alias + ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
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
