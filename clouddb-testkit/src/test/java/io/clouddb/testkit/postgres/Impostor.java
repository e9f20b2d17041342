/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who answers in a server's place and asks for the password in clear text, as PostgreSQL's
 * protocol lets any server do. It serves one client.
 */
final class Impostor implements AutoCloseable {
  private static final int SSL_REQUEST = 80_877_103;
  private static final int GSS_REQUEST = 80_877_104;
  private static final String STORE_PASSWORD = "changeit";

  private final ServerSocket listener;
  private final @Nullable SSLContext tls;
  private final CompletableFuture<Optional<String>> heard = new CompletableFuture<>();

  private Impostor(@Nullable SSLContext tls) throws IOException {
    this.tls = tls;
    this.listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "impostor");
    thread.setDaemon(true);
    thread.start();
  }

  /** Says that it has no TLS. */
  static Impostor plain() throws IOException {
    return new Impostor(null);
  }

  /** Has TLS, with the certificate and key of a directory. */
  static Impostor withCertificateOf(Path directory) throws IOException, GeneralSecurityException {
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    byte[] pem = Files.readAllBytes(directory.resolve(ServerCertificate.CERTIFICATE));
    Certificate[] chain =
        certificates
            .generateCertificates(new ByteArrayInputStream(pem))
            .toArray(new Certificate[0]);
    String key =
        Files.readString(directory.resolve(ServerCertificate.KEY))
            .replaceAll("-----[^-]*-----", "");
    PrivateKey secret =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key)));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("server", secret, STORE_PASSWORD.toCharArray(), chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, STORE_PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return new Impostor(context);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** What it was told as the password; empty when the client went away without saying it. */
  Optional<String> heard() throws InterruptedException, ExecutionException, TimeoutException {
    return heard.get(20, TimeUnit.SECONDS);
  }

  private void serve() {
    try (Socket client = listener.accept()) {
      heard.complete(converse(client));
    } catch (IOException e) {
      // The client hung up, in the midst of the handshake or before it said its password.
      heard.complete(Optional.empty());
    }
  }

  private Optional<String> converse(Socket client) throws IOException {
    Socket socket = client;
    SSLContext secure = tls;
    while (true) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      int length = in.readInt();
      int code = in.readInt();
      if (code == GSS_REQUEST) {
        out.writeByte('N');
      } else if (code == SSL_REQUEST && secure == null) {
        out.writeByte('N');
      } else if (code == SSL_REQUEST && secure != null) {
        out.writeByte('S');
        SSLSocket secured =
            (SSLSocket)
                secure.getSocketFactory().createSocket(socket, "127.0.0.1", socket.getPort(), true);
        secured.setUseClientMode(false);
        secured.startHandshake();
        socket = secured;
      } else {
        in.skipNBytes(length - 8);
        // AuthenticationCleartextPassword
        out.writeByte('R');
        out.writeInt(8);
        out.writeInt(3);
        out.flush();
        if (in.readByte() != 'p') {
          return Optional.empty();
        }
        byte[] password = in.readNBytes(in.readInt() - 4);
        return Optional.of(new String(password, 0, password.length - 1, StandardCharsets.UTF_8));
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    heard.complete(Optional.empty());
  }
}
