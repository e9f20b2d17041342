/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.security.SecretRef;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
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

  /** As a pool asks that was given a user's name alone. */
  @Test
  void aLoginWithoutAPasswordHasNone() throws SQLException {
    ConnectionDetails details =
        ConnectionDetails.postgresql("recorded", 5432, "shop", "app", PASSWORD).build();
    List<Properties> seen = new ArrayList<>();
    Driver recorder =
        (Driver)
            Proxy.newProxyInstance(
                ConnectionDetailsTest.class.getClassLoader(),
                new Class<?>[] {Driver.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "acceptsURL" -> ((String) arguments[0]).contains("//recorded:");
                      case "connect" -> {
                        if (((String) arguments[0]).contains("//recorded:")) {
                          seen.add((Properties) arguments[1]);
                        }
                        yield null;
                      }
                      case "equals" -> proxy == arguments[0];
                      case "hashCode" -> 1;
                      case "toString" -> "recorder";
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    DriverManager.registerDriver(recorder);
    try {
      assertThatThrownBy(() -> details.dataSource().getConnection("other", null))
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> details.dataSource().getConnection("other", "p"))
          .isInstanceOf(SQLException.class);
    } finally {
      DriverManager.deregisterDriver(recorder);
    }
    assertThat(seen).hasSize(2);
    assertThat(seen.get(0)).containsEntry("user", "other").doesNotContainKey("password");
    assertThat(seen.get(1)).containsEntry("password", "p");
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
    "sslMood, knows none"
  })
  void noParameterUndoesWhatTheBuilderSays(String name, String says) {
    assertThatThrownBy(() -> builder().parameter(name, "hunter2"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(says)
        .hasMessageNotContaining("hunter2");
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
