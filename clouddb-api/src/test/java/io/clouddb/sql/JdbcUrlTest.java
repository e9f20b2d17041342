/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.security.SecretRef;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcUrlTest {
  private static final SecretRef PASSWORD = SecretRef.literal("hunter2");

  private static ConnectionDetails read(String url) {
    return ConnectionDetails.ofJdbcUrl(url, "app", PASSWORD);
  }

  @Test
  void readsAJdbcUrl() {
    ConnectionDetails details =
        read(
            "jdbc:postgresql://db_1.example.com/my%20shop?sslmode=verify-full&sslrootcert=/ca.pem"
                + "&ApplicationName=a%26b+c");
    assertThat(details.host()).isEqualTo("db_1.example.com");
    assertThat(details.port()).isEqualTo(5432);
    assertThat(details.database()).isEqualTo("my shop");
    assertThat(details.tls()).isEqualTo(TlsVerification.VERIFY_FULL);
    assertThat(details.rootCertificate()).isPresent();
    assertThat(details.jdbcUrl())
        .isEqualTo(
            "jdbc:postgresql://db_1.example.com:5432/my%20shop"
                + "?sslmode=verify-full&sslrootcert=%2Fca.pem&ApplicationName=a%26b%20c");
  }

  @ParameterizedTest
  @CsvSource({
    "'', VERIFY_FULL",
    "?, VERIFY_FULL",
    "?ssl, VERIFY_FULL",
    "?ssl=, VERIFY_FULL",
    "?ssl=true, VERIFY_FULL",
    "?ssl=True&sslmode=verify-full, VERIFY_FULL",
    "?sslmode=VERIFY-FULL, VERIFY_FULL",
    "?sslmode=verify-ca&sslrootcert=ca.pem, VERIFY_CA",
    "?sslmode=require, UNVERIFIED",
    "?sslmode=disable, DISABLED",
    "?sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory, VERIFY_FULL"
  })
  void takesTlsAsTheDriverDoesAndNeverLess(String parameters, TlsVerification tls) {
    ConnectionDetails details = read("jdbc:postgresql://db/shop" + parameters);
    assertThat(details.tls()).isEqualTo(tls);
    assertThat(read(details.jdbcUrl()).jdbcUrl()).isEqualTo(details.jdbcUrl());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssl=false",
        "ssl=1",
        "sslmode=prefer",
        "sslmode=allow",
        "sslmode=maybe",
        "sslmode=",
        "sslmode=verify-ca",
        "sslmode=verify-full#",
        "ssl=true&sslmode=disable",
        "ssl=true&sslmode=require",
        "sslmode=verify-full&sslmode=disable",
        "%73slmode=disable",
        "sslMode=disable",
        "sslmode=require&sslrootcert=ca.pem",
        "sslmode=require&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory",
        "sslfactory=org.postgresql.ssl.NonValidatingFactory",
        "sslfactory=io.clouddb.sql.TrustedRootsFactory",
        "sslfactory=io.clouddb.sql.TrustedRootsFactory&sslfactoryarg=AAAA",
        "sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory&sslrootcert=ca.pem",
        "sslfactoryarg=x",
        "sslrootcert=%00",
        "sslhostnameverifier=com.example.All",
        "gssEncMode=prefer",
        "socketFactory=com.example.Sockets",
        "loggerLevel=TRACE",
        "service=x",
        "host=evil",
        "dbname=evil",
        "PGPORT=1",
        "colour=blue",
        "ApplicationName=%zz",
        "ApplicationName=%ff",
        "ApplicationName=a&ApplicationName=b"
      })
  void refusesWhatIsUnclearOrUndoesIt(String parameters) {
    assertThatThrownBy(() -> read("jdbc:postgresql://db/shop?" + parameters))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"db, db:5432", "db:1, db:1", "[::1]:5433, [::1]:5433", "[fe80::2], [fe80::2]:5432"})
  void keepsTheAddress(String address, String written) {
    ConnectionDetails details = read("jdbc:postgresql://" + address + "/shop");
    assertThat(details.jdbcUrl()).startsWith("jdbc:postgresql://" + written + "/shop?");
    assertThat(details.host()).doesNotContain("[");
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
    assertThatThrownBy(() -> read(url))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("in a JDBC URL is refused: URLs end up in logs")
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "jdbc:mysql://db/shop",
        "postgresql://db/shop",
        "jdbc:postgresql:shop",
        "jdbc:postgresql://db",
        "jdbc:postgresql://db/",
        "jdbc:postgresql:///shop",
        "jdbc:postgresql://db/a/b",
        "jdbc:postgresql://one,two/shop",
        "jdbc:postgresql://one:1,two:2/shop",
        "jdbc:postgresql://::1/shop",
        "jdbc:postgresql://[::1/shop",
        "jdbc:postgresql://db:/shop",
        "jdbc:postgresql://db:x/shop",
        "jdbc:postgresql://db:99999/shop",
        "jdbc:postgresql://db:0/shop",
        "jdbc:postgresql://db/sh op",
        "jdbc:postgresql://db/sh%op",
        "jdbc:postgresql://db/shop#x",
        "jdbc:postgresql://db#/shop",
        "jdbc:postgresql://d%62/shop"
      })
  void refusesAnythingElse(String url) {
    assertThatThrownBy(() -> read(url)).isInstanceOf(InvalidArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "sslmode=allow, protects from nobody",
    "sslmode=PREFER, sslmode=prefer is refused: it protects from nobody",
    "sslmode=maybe, 'sslmode is one of disable, require, verify-ca and verify-full'",
    "ApplicationName=a&ApplicationName=b, says ApplicationName twice",
    "2hunter=a&2hunter=b, says a parameter twice",
    "colour=blue, The parameter colour is refused",
    "sslfactory=org.example.All, it decides who is trusted",
    "sslfactoryarg=x, it decides who is trusted"
  })
  void saysWhatIsWrongWithAParameter(String parameters, String says) {
    assertThatThrownBy(() -> read("jdbc:postgresql://db/shop?" + parameters))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(says);
  }

  @Test
  void aUrlWithoutAHostIsSaidToBeOne() {
    assertThatThrownBy(() -> read("jdbc:postgresql:///shop"))
        .hasMessageContaining("names no host or no database");
  }

  @Test
  void nothingBetweenTwoSignsIsNothing() {
    assertThat(read("jdbc:postgresql://db/shop?&ApplicationName=me&").parameters())
        .containsOnly(Map.entry("ApplicationName", "me"));
  }
}
