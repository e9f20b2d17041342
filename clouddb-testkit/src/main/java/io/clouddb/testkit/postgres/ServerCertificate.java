/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.internal.file.PrivateFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate for this machine's loopback, and that of the authority which has signed it and
 * whose key nobody has: made by the JDK's own keytool.
 */
final class ServerCertificate {
  static final String CERTIFICATE = "server.crt";
  static final String KEY = "server.key";
  static final String AUTHORITY = "ca.crt";

  private static final String SERVER = "server";
  private static final String SIGNER = "ca";
  private static final String LOOPBACK = "dns:localhost,ip:127.0.0.1,ip:::1";
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int PASSWORD_BYTES = 24;

  private ServerCertificate() {}

  /** Writes both certificates, and the server's key, as PEM into a directory. */
  static void writeTo(Path directory) throws IOException {
    writeTo(directory, LOOPBACK);
  }

  /**
   * Writes them for other hosts.
   *
   * @param hosts as keytool wants them, for example {@code dns:localhost,ip:127.0.0.1}
   */
  static void writeTo(Path directory, String hosts) throws IOException {
    Path store = directory.resolve("server.p12");
    // Guards the authority's key, which is in the store until that is deleted, and is handed over
    // by
    // a file: everybody sees the arguments of a program.
    Path passwordFile = directory.resolve("server.p12.password");
    String password = randomPassword();
    PrivateFile.create(passwordFile, password);
    try {
      List<String> protection =
          List.of("-keystore", store.toString(), "-storepass:file", passwordFile.toString());
      generate(protection, SIGNER, "CN=clouddb testkit CA", "BC:critical=ca:true", List.of());
      generate(
          protection,
          SERVER,
          "CN=clouddb testkit database",
          "SAN=" + hosts,
          List.of("-signer", SIGNER));
      writeParts(store, password.toCharArray(), directory);
    } finally {
      Files.deleteIfExists(store);
      Files.deleteIfExists(passwordFile);
    }
  }

  private static String randomPassword() {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  private static void writeParts(Path store, char[] password, Path directory) throws IOException {
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keyStore = KeyStore.getInstance("PKCS12");
      keyStore.load(in, password);
      writePem(
          directory.resolve(AUTHORITY),
          "CERTIFICATE",
          keyStore.getCertificate(SIGNER).getEncoded());
      writePem(
          directory.resolve(CERTIFICATE),
          "CERTIFICATE",
          keyStore.getCertificate(SERVER).getEncoded());
      writePem(
          directory.resolve(KEY), "PRIVATE KEY", keyStore.getKey(SERVER, password).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IOException("The certificate could not be read back", e);
    }
  }

  private static void generate(
      List<String> protection, String alias, String name, String extension, List<String> signer)
      throws IOException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> command = new ArrayList<>();
    command.add(keytool.toString());
    // It is a JVM, whose compiler and heap would take longer than its work.
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(
        List.of(
            "-genkeypair",
            "-alias",
            alias,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-validity",
            "3650",
            "-dname",
            name + ", O=clouddb testkit",
            "-ext",
            extension,
            "-storetype",
            "PKCS12"));
    command.addAll(protection);
    command.addAll(signer);
    Command.Result result = Command.run(command, LIMIT);
    if (!result.succeeded()) {
      throw new IOException("keytool made no certificate: " + result.output());
    }
  }

  private static void writePem(Path file, String kind, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    PrivateFile.create(
        file, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
  }
}
