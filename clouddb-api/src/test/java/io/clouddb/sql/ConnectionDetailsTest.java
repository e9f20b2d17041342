/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.security.SecretRef;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionDetailsTest {
  private static final SecretRef PASSWORD = SecretRef.literal("hunter2");

  @Test
  void showsNoPassword() {
    ConnectionDetails details =
        ConnectionDetails.postgresql("db", 5432, "shop", "app", PASSWORD).build();
    assertThat(details.toString()).contains("app").doesNotContain("hunter2");
    assertThat(details.jdbcUrl()).doesNotContain("hunter2").contains("sslmode=verify-full");
    assertThat(details.credentials().getProperty("password")).isEqualTo("hunter2");
  }

  @Test
  void asksForThePasswordAtEveryConnection() {
    int[] asked = new int[1];
    ConnectionDetails details =
        ConnectionDetails.postgresql("db", 5432, "shop", "app", PASSWORD)
            .login("app", () -> "token-" + ++asked[0])
            .build();
    assertThat(details.credentials().getProperty("password")).isEqualTo("token-1");
    assertThat(details.credentials().getProperty("password")).isEqualTo("token-2");
  }

  @Test
  void saysWhichDriverIsMissing() {
    ConnectionDetails details =
        ConnectionDetails.postgresql("localhost", 5432, "shop", "app", SecretRef.literal("secret"))
            .build();

    assertThatThrownBy(() -> details.dataSource().getConnection())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("org.postgresql:postgresql")
        .hasMessageNotContaining("secret");
  }

  @Test
  void anInterfacesNameMayHaveAFullStop() {
    ConnectionDetails details =
        ConnectionDetails.postgresql("fe80::1%eth0.100", 5432, "shop", "app", PASSWORD).build();
    assertThat(details.jdbcUrl()).contains("//[fe80::1%eth0.100]:5432/shop");
  }

  @Test
  void rootsThatTheJvmRefusesAreNotBlamedOnTheClassPath() {
    ConnectionDetails details = builder().build();
    String name = TrustedRootsFactory.class.getName();
    String message = "The SSLSocketFactory class provided " + name + " could not be instantiated.";
    SQLException refused =
        new SQLException(
            message,
            "08006",
            new InvocationTargetException(new NoSuchAlgorithmException("no PKIX here")));
    assertThatThrownBy(
            () -> {
              throw TlsFailure.explain(refused, details);
            })
        .hasMessageContaining("no PKIX here")
        .hasMessageNotContaining("does not find")
        .hasCause(refused);
    SQLException missing = new SQLException(message, "08006", new ClassNotFoundException(name));
    assertThatThrownBy(
            () -> {
              throw TlsFailure.explain(missing, details);
            })
        .hasMessageContaining("does not find");
  }

  /** As it stands in a URL, from which it may have been copied. */
  @Test
  void anAddressOfTheSixthVersionMayStandInBrackets() {
    assertThat(builder().at("[::1]", 5432).build().host()).isEqualTo("::1");
    for (String half : List.of("[::1", "::1]", "[", "]")) {
      assertThatThrownBy(() -> builder().at(half, 5432).build())
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("the host is no host name");
    }
  }

  @Test
  void refusesADatabaseWithoutAName() {
    assertThatThrownBy(() -> builder().database("").build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("the database has no name");
  }

  /** In a URL it would be another database's, role's or value's. */
  @ParameterizedTest
  @ValueSource(strings = {"a\uD800", "\uDFFF", "a\0b"})
  void refusesHalfACharacter(String text) {
    for (ConnectionDetails.Builder each :
        List.of(
            builder().database(text),
            builder().login(text, () -> "p"),
            builder().parameter("ApplicationName", text))) {
      assertThatThrownBy(each::build)
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("half a character");
    }
  }

  private static ConnectionDetails.Builder builder() {
    return ConnectionDetails.postgresql("db", 5432, "shop", "app", PASSWORD);
  }

  @ParameterizedTest
  @CsvSource({
    "sslmode, tls(",
    "SSLMODE, tls(",
    "ssl, tls(",
    "sslrootcert, rootCertificate",
    "sslfactory, rootCertificate",
    "sslfactoryarg, rootCertificate",
    "sslhostnameverifier, VERIFY_FULL",
    "gssEncMode, TLS",
    "socketFactory, class",
    "authenticationPluginClassName, class",
    "service, host",
    "PGHOST, host",
    "dbname, host",
    "loggerLevel, log",
    "user, refused",
    "password, refused",
    "applicationName, ApplicationName",
    "sslMood, The parameter sslMood is refused: the JDBC driver knows none"
  })
  void noParameterUndoesWhatTheBuilderSays(String name, String says) {
    assertThatThrownBy(() -> builder().parameter(name, "hunter2"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(says)
        .hasMessageNotContaining("hunter2");
  }

  /** What is no name may be a piece of a password that was put in the wrong place. */
  @ParameterizedTest
  @ValueSource(
      strings = {"hunter2", "x=hunter2", "", "a_name_that_is_longer_than_any_name_of_a_driver"})
  void whatCanBeNoNameIsNotRepeated(String name) {
    assertThatThrownBy(() -> builder().parameter(name, "x"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageStartingWith("A parameter is refused");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "db/?sslmode=disable&x=",
        "db?sslmode=disable",
        "db#",
        "app:secret@db",
        "db,other",
        "a b",
        "db\\x"
      })
  void refusesAHostThatWouldBeAPieceOfAUrl(String host) {
    assertThatThrownBy(() -> builder().at(host, 5432).build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("host");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 65_535})
  void takesEachPortThatThereIs(int port) {
    assertThat(builder().at("db", port).build().port()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_536, 99_999})
  void refusesAPortThatIsNone(int port) {
    assertThatThrownBy(() -> builder().at("db", port).build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("port");
  }

  @Test
  void refusesRootsThatNobodyWouldLookAt() {
    assertThatThrownBy(
            () -> builder().tls(TlsVerification.DISABLED).rootCertificate(Path.of("ca")).build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("never looks");
    assertThatThrownBy(() -> builder().tls(TlsVerification.VERIFY_CA).build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("root certificate");
    assertThatThrownBy(() -> builder().parameter("sslcert", "/me.pem").build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("rootCertificate(file)");
    assertThatThrownBy(() -> builder().rootCertificates("no certificate"))
        .isInstanceOf(InvalidArgumentException.class);
    assertThat(
            builder().rootCertificate(Path.of("ca")).build().toBuilder()
                .tls(TlsVerification.DISABLED)
                .build()
                .rootCertificate())
        .isEmpty();
  }

  @Test
  void whatIsDerivedKeepsItsProtection() {
    ConnectionDetails named = builder().rootCertificate(Path.of("/ca.pem")).build();
    for (ConnectionDetails derived :
        List.of(
            named.toBuilder().build(),
            named.toBuilder().database("other").login("a", () -> "b").build(),
            named.toBuilder().at("tunnel", 1).parameter("replication", "database").build())) {
      assertThat(derived.jdbcUrl())
          .contains("sslmode=verify-full&sslrootcert=%2Fca.pem")
          .doesNotContain("sslfactory");
    }
    ConnectionDetails of =
        builder().parameter("ApplicationName", "me").build().toBuilder().database("other").build();
    assertThat(of.parameters()).containsOnly(Map.entry("ApplicationName", "me"));
    assertThat(of.user()).isEqualTo("app");
    assertThat(builder().build().jdbcUrl())
        .contains("sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");
  }

  @Test
  void itsTextIsTheAddressAndNotTheCertificates() {
    ConnectionDetails details = builder().rootCertificate(Path.of("/ca.pem")).build();
    assertThat(details.address()).isEqualTo("db:5432/shop");
    assertThat(details.toString())
        .isEqualTo("jdbc:postgresql://db:5432/shop?sslmode=verify-full as app");
  }
}
