/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.security.SecretRef;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionDetailsTest {
  private static final SecretRef PASSWORD = SecretRef.literal("hunter2");

  @Test
  void readsAJdbcUrl() {
    ConnectionDetails details =
        ConnectionDetails.ofJdbcUrl(
            "jdbc:postgresql://db.example.com/my%20shop?sslmode=verify-full&sslrootcert=/ca.pem"
                + "&ApplicationName=a%26b",
            "app", PASSWORD);
    assertThat(details.host()).isEqualTo("db.example.com");
    assertThat(details.port()).isEqualTo(5432);
    assertThat(details.database()).isEqualTo("my shop");
    assertThat(details.tls()).isEqualTo(TlsVerification.VERIFY_FULL);
    assertThat(details.rootCertificate()).isPresent();
    assertThat(details.jdbcUrl())
        .isEqualTo(
            "jdbc:postgresql://db.example.com:5432/my%20shop"
                + "?sslmode=verify-full&sslrootcert=%2Fca.pem&ApplicationName=a%26b");
    assertThat(ConnectionDetails.ofJdbcUrl(details.jdbcUrl(), "app", PASSWORD).jdbcUrl())
        .isEqualTo(details.jdbcUrl());
  }

  @Test
  void keepsAnIpv6Address() {
    ConnectionDetails details =
        ConnectionDetails.ofJdbcUrl("jdbc:postgresql://[::1]:5433/shop", "app", PASSWORD);
    assertThat(details.jdbcUrl()).startsWith("jdbc:postgresql://[::1]:5433/shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://app:hunter2@db/shop",
        "jdbc:postgresql://db/shop?password=hunter2",
        "jdbc:postgresql://db/shop?user=app&Password=hunter2",
        "jdbc:postgresql://db/shop?sslpassword=hunter2",
        "jdbc:postgresql://db/shop?user=hunter2"
      })
  void refusesASecretInAUrlWithoutRepeatingIt(String url) {
    assertThatThrownBy(() -> ConnectionDetails.ofJdbcUrl(url, "app", PASSWORD))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("refused")
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://db/shop",
        "postgresql://db/shop",
        "jdbc:postgresql://db",
        "jdbc:postgresql:///shop",
        "jdbc:postgresql://db/shop?sslmode=maybe",
        "jdbc:postgresql://db/sh op"
      })
  void refusesAnythingElse(String url) {
    assertThatThrownBy(() -> ConnectionDetails.ofJdbcUrl(url, "app", PASSWORD))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void showsNoPassword() {
    ConnectionDetails details =
        ConnectionDetails.postgresql("db", 5432, "shop", "app", PASSWORD).build();
    assertThat(details.toString()).contains("app").doesNotContain("hunter2");
    assertThat(details.jdbcUrl()).doesNotContain("hunter2").contains("sslmode=require");
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
}
