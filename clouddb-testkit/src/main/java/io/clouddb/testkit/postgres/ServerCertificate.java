/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.internal.file.PrivateFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** A self-signed certificate for this machine's loopback, made by the JDK's own keytool. */
final class ServerCertificate {
  static final String CERTIFICATE = "server.crt";
  static final String KEY = "server.key";
  private static final String ALIAS = "server";
  // Protects the key store between two lines of this class; the key is then written in clear,
  // as the server wants it.
  private static final String STORE_PASSWORD = "changeit";

  private ServerCertificate() {}

  /** Writes certificate and key as PEM into a directory. */
  static void writeTo(Path directory) throws IOException {
    Path store = directory.resolve("server.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Command.Result result =
        Command.run(
            List.of(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "3650",
                "-dname",
                "CN=localhost, O=clouddb testkit",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-ext",
                "BC=ca:true",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                STORE_PASSWORD),
            Duration.ofMinutes(2));
    if (!result.succeeded()) {
      throw new IOException("keytool made no certificate: " + result.output());
    }
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keyStore = KeyStore.getInstance("PKCS12");
      keyStore.load(in, STORE_PASSWORD.toCharArray());
      writePem(
          directory.resolve(CERTIFICATE),
          "CERTIFICATE",
          keyStore.getCertificate(ALIAS).getEncoded());
      writePem(
          directory.resolve(KEY),
          "PRIVATE KEY",
          keyStore.getKey(ALIAS, STORE_PASSWORD.toCharArray()).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IOException("The certificate could not be read back", e);
    }
    Files.delete(store);
  }

  private static void writePem(Path file, String kind, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    PrivateFile.create(
        file, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
  }
}
