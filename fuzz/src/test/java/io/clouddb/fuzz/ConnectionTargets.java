/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static io.clouddb.fuzz.Outcome.valueOrRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** JDBC URLs, as they are given and as the driver then reads them. */
final class ConnectionTargets {
  private static final SecretRef PASSWORD = SecretRef.environment("PW");
  private static final int HIGHEST_PORT = 65_535;

  private static final List<String> URLS =
      List.of(
          "jdbc:postgresql://db.example.com/shop",
          "jdbc:postgresql://db.example.com:5433/my%20shop?sslmode=verify-full&sslrootcert=/ca.pem",
          "jdbc:postgresql://[::1]:5432/shop?ApplicationName=a%26b&sslmode=require",
          "jdbc:postgresql://10.0.0.1:99999/a%2Fb?connectTimeout=10",
          "jdbc:postgresql://db/shop?sslmode=disable&loginTimeout=3&options=-c%20a%3Db");

  private ConnectionTargets() {}

  static List<Target> all() {
    return List.of(
        new Target("jdbc-url", ConnectionTargets::url),
        new Target("connection-values", ConnectionTargets::values));
  }

  private static void url(Source source) throws Exception {
    String url = source.changed(URLS);
    valueOrRefusal(() -> ConnectionDetails.ofJdbcUrl(url, "app", PASSWORD))
        .ifPresent(
            details -> {
              String lower = url.toLowerCase(Locale.ROOT);
              assertThat(lower).doesNotContain("password=");
              assertThat(lower.split("[/?#]", -1)[2]).doesNotContain("@");
              check(details);
            });
  }

  private static void values(Source source) throws Exception {
    String host = source.changed(List.of("db.example.com", "10.0.0.1", "::1", "[::1]"));
    int port = source.chance(50) ? 5432 : (int) source.number();
    String database = source.chance(50) ? "shop" : source.text();
    String name = source.changed(List.of("ApplicationName", "connectTimeout", "options"));
    String value = source.text();
    valueOrRefusal(
            () ->
                ConnectionDetails.postgresql(host, port, database, "app", PASSWORD)
                    .parameter(name, value)
                    .build())
        .ifPresent(ConnectionTargets::check);
  }

  /** What was read is what our URL says, to us and to the driver. */
  private static void check(ConnectionDetails details) {
    assertThat(details.port()).isBetween(1, HIGHEST_PORT);
    ConnectionDetails back = ConnectionDetails.ofJdbcUrl(details.jdbcUrl(), "app", PASSWORD);
    assertThat(back.host()).isEqualTo(details.host());
    assertThat(back.port()).isEqualTo(details.port());
    assertThat(back.database()).isEqualTo(details.database());
    assertThat(back.parameters()).isEqualTo(details.parameters());
    assertThat(back.tls()).isEqualTo(details.tls());
    assertThat(back.rootCertificate()).isEqualTo(details.rootCertificate());
    Properties read = Driver.parseURL(details.jdbcUrl(), null);
    assertThat(read).as(details.jdbcUrl()).isNotNull();
    // The driver keeps the brackets of an IPv6 address, as InetAddress takes it.
    assertThat(String.valueOf(PGProperty.PG_HOST.getOrDefault(read)).replaceAll("^\\[|]$", ""))
        .isEqualTo(details.host().replaceAll("^\\[|]$", ""));
    assertThat(PGProperty.PG_PORT.getOrDefault(read)).isEqualTo("" + details.port());
    assertThat(PGProperty.PG_DBNAME.getOrDefault(read)).isEqualTo(details.database());
    assertThat(PGProperty.SSL_MODE.getOrDefault(read)).isEqualTo(details.tls().sslMode());
    assertThat(PGProperty.PASSWORD.getOrDefault(read)).isNull();
    details
        .parameters()
        .forEach((name, value) -> assertThat(read.getProperty(name)).isEqualTo(value));
  }
}
