/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.sql.TlsVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever answers in the server's place hears no password. */
class ImpostorTest {
  private static final SecretRef PASSWORD = SecretRef.literal("hunter2");

  /** A certificate for another host, and its authority. */
  @TempDir private static Path elsewhere;

  @BeforeAll
  static void certificates() throws IOException {
    ServerCertificate.writeTo(elsewhere, "dns:db.example.com,ip:192.0.2.1");
  }

  /** A certificate for this host, whose authority is not the one that is named. */
  private static Path own() {
    return EmbeddedPostgres.certificateAuthority().resolveSibling("");
  }

  private static String plainUrl(int port) {
    return "jdbc:postgresql://localhost:" + port + "/shop";
  }

  private static ConnectionDetails url(String url) {
    return ConnectionDetails.ofJdbcUrl(url, "app", PASSWORD);
  }

  private static ConnectionDetails.Builder to(int port) {
    return ConnectionDetails.postgresql("localhost", port, "shop", "app", PASSWORD);
  }

  /** All ways that say nothing of who is trusted. */
  private static List<IntFunction<ConnectionDetails>> defaults() {
    return List.of(
        port -> to(port).build(),
        port -> url(plainUrl(port)),
        port -> url(plainUrl(port) + "?ssl=true"),
        port -> url(plainUrl(port) + "?ssl"),
        port -> url(plainUrl(port) + "?sslmode=verify-full"),
        port -> to(port).parameter("replication", "database").build());
  }

  /** All ways to name the authority of the certificate for elsewhere. */
  private static List<IntFunction<ConnectionDetails>> naming(Path authority) throws IOException {
    String pem = Files.readString(authority);
    return List.of(
        port -> to(port).rootCertificate(authority).build(),
        port -> to(port).rootCertificates(pem).build(),
        port -> url(to(port).rootCertificates(pem).build().jdbcUrl()),
        port -> url(plainUrl(port) + "?sslrootcert=" + authority),
        port -> to(port).rootCertificate(authority).build().toBuilder().database("more").build());
  }

  private static Optional<String> heard(Impostor impostor, ConnectionDetails details, String says)
      throws Exception {
    try (impostor) {
      assertThatThrownBy(details::connect)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining(says)
          .hasMessageNotContaining("hunter2");
      return impostor.heard();
    }
  }

  @Test
  void nothingWithoutTls() throws Exception {
    for (IntFunction<ConnectionDetails> details : defaults()) {
      Impostor impostor = Impostor.plain();
      assertThat(heard(impostor, details.apply(impostor.port()), "sslmode=disable")).isEmpty();
    }
  }

  @Test
  void nothingWithACertificateOfItsOwn() throws Exception {
    for (IntFunction<ConnectionDetails> details : defaults()) {
      Impostor impostor = Impostor.withCertificateOf(own());
      assertThat(heard(impostor, details.apply(impostor.port()), "sslrootcert")).isEmpty();
    }
  }

  @Test
  void nothingWithACertificateOfAnotherAuthority() throws Exception {
    for (IntFunction<ConnectionDetails> details :
        naming(elsewhere.resolve(ServerCertificate.AUTHORITY))) {
      Impostor impostor = Impostor.withCertificateOf(own());
      assertThat(heard(impostor, details.apply(impostor.port()), "sslrootcert")).isEmpty();
    }
  }

  @Test
  void nothingWithACertificateForAnotherHost() throws Exception {
    for (IntFunction<ConnectionDetails> details :
        naming(elsewhere.resolve(ServerCertificate.AUTHORITY))) {
      Impostor impostor = Impostor.withCertificateOf(elsewhere);
      assertThat(heard(impostor, details.apply(impostor.port()), "another host")).isEmpty();
    }
  }

  /** Or else the tests above could pass because the impostor is deaf. */
  @Test
  void thePasswordWhenNobodyAsksWhoItIs() throws Exception {
    Path authority = elsewhere.resolve(ServerCertificate.AUTHORITY);
    List<IntFunction<ConnectionDetails>> trusting =
        List.of(
            port -> to(port).tls(TlsVerification.UNVERIFIED).build(),
            port -> url(plainUrl(port) + "?sslmode=require"),
            port -> to(port).rootCertificate(authority).tls(TlsVerification.VERIFY_CA).build(),
            port -> url(plainUrl(port) + "?sslmode=verify-ca&sslrootcert=" + authority));
    for (IntFunction<ConnectionDetails> details : trusting) {
      Impostor impostor = Impostor.withCertificateOf(elsewhere);
      assertThat(heard(impostor, details.apply(impostor.port()), "")).contains("hunter2");
    }
    Impostor plain = Impostor.plain();
    assertThat(heard(plain, url(plainUrl(plain.port()) + "?sslmode=disable"), ""))
        .contains("hunter2");
  }

  @Test
  void nothingOfAPasswordThatHasToBeProvedOverTheChannel() throws Exception {
    Impostor impostor = Impostor.withCertificateOf(elsewhere);
    ConnectionDetails bound =
        to(impostor.port())
            .tls(TlsVerification.UNVERIFIED)
            .parameter("channelBinding", "require")
            .build();

    assertThat(heard(impostor, bound, "")).isEmpty();
  }

  @Test
  void nothingOfTheSuperusersPasswordWithoutTls() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).ssl(true).start()) {
      Impostor impostor = Impostor.plain();
      ConnectionDetails own =
          server.superuserWithoutTls().toBuilder().at("localhost", impostor.port()).build();

      assertThat(heard(impostor, own, "")).isEmpty();
    }
  }

  @Test
  void theServerItselfIsReachedInEveryWay() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).ssl(true).start()) {
      ConnectionDetails real = server.superuser();
      String pem = Files.readString(EmbeddedPostgres.certificateAuthority());
      for (ConnectionDetails way :
          List.of(
              real,
              real.toBuilder().at("localhost", real.port()).build(),
              real.toBuilder().rootCertificates(pem).build(),
              real.toBuilder().rootCertificates(pem).tls(TlsVerification.VERIFY_CA).build(),
              real.toBuilder().parameter("channelBinding", "require").build(),
              real.toBuilder().parameter("replication", "database").build())) {
        way.connect().close();
      }
    }
  }
}
