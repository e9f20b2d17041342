/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.sql.TlsVerification;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionValuesTest {
  private static final SecretRef PASSWORD = SecretRef.literal("hunter2");

  /** A zero character ends a text in the startup packet, and another parameter begins. */
  @Test
  void aValueIsOneValue() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
      String url = postgres.superuser().jdbcUrl();
      String forged =
          url.replaceAll("&?ApplicationName=[^&]*", "")
              + "&assumeMinServerVersion=14&ApplicationName=shop%00work_mem%0077kB";
      ConnectionDetails details;
      try {
        details =
            ConnectionDetails.ofJdbcUrl(
                forged,
                postgres.superuser().user(),
                SecretRef.literal(postgres.superuser().credentials().getProperty("password")));
      } catch (InvalidArgumentException e) {
        return;
      }
      try (Connection connection = details.connect();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SHOW work_mem")) {
        row.next();
        assertThat(row.getString(1)).isNotEqualTo("77kB");
      }
    }
  }

  /** Half a character becomes a question mark on the way: the name of another database. */
  @Test
  void halfACharacterIsNoOtherDatabase() {
    assertThatThrownBy(
            () -> ConnectionDetails.postgresql("db", 5432, "shop\uD800", "app", PASSWORD).build())
        .isInstanceOf(InvalidArgumentException.class);
  }

  /** The limit of waiting goes with the data source, whoever logs in. */
  @Test
  void theLoginTimeoutHoldsForAnotherUserToo() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      DataSource source =
          ConnectionDetails.postgresql("localhost", silent.getLocalPort(), "shop", "app", PASSWORD)
              .tls(TlsVerification.DISABLED)
              .build()
              .dataSource();
      source.setLoginTimeout(1);
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  source.getConnection("other", "secret").close();
                } catch (Throwable e) {
                  end.complete(e);
                }
              });
      thread.setDaemon(true);
      thread.start();
      try {
        end.get(Duration.ofSeconds(8).toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        throw new AssertionError("It waits on after 8 s, with a login timeout of 1 s", e);
      }
    }
  }

  /** The server is as good as ever: it is our file that is none. */
  @Test
  void aBrokenRootFileIsNotTheServersFault(@TempDir Path folder) throws Exception {
    Path broken = folder.resolve("ca.pem");
    Files.writeString(broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().ssl(true).start()) {
      assertThatThrownBy(
              () -> postgres.superuser().toBuilder().rootCertificate(broken).build().connect())
          .isInstanceOf(java.sql.SQLException.class)
          .hasMessageContaining("ca.pem")
          .hasMessageNotContaining("shows a certificate");
    }
  }

  /** A JVM that keeps to FIPS can make no key store of certificates alone. */
  @Test
  void rootsNeedNoKeyStore() throws Exception {
    String roots = Files.readString(EmbeddedPostgres.certificateAuthority());
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().ssl(true).start()) {
      ConnectionDetails details = postgres.superuser().toBuilder().rootCertificates(roots).build();
      String before = Security.getProperty("keystore.type");
      Security.setProperty("keystore.type", "there-is-none");
      try (Connection connection = details.connect()) {
        assertThat(connection.isValid(1)).isTrue();
      } finally {
        Security.setProperty("keystore.type", before);
      }
    }
  }
}
