/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.IpMapping;
import com.google.api.services.sqladmin.model.Settings;
import com.google.api.services.sqladmin.model.SslCert;
import io.clouddb.instance.AdminLogin;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.sql.TlsVerification;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerRootsTest {
  private static DatabaseInstance instance(@Nullable String mode) {
    try {
      return new DatabaseInstance()
          .setName("orders")
          .setDatabaseVersion("POSTGRES_16")
          .setState("RUNNABLE")
          .setIpAddresses(List.of(new IpMapping().setType("PRIMARY").setIpAddress("192.0.2.1")))
          .setServerCaCert(
              new SslCert().setCert(Files.readString(EmbeddedPostgres.certificateAuthority())))
          .setSettings(
              new Settings().setIpConfiguration(new IpConfiguration().setServerCaMode(mode)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ConnectionDetails connection(DatabaseInstance found) {
    return new InstanceReader("shop-project", "asia-northeast3")
        .read(found)
        .connection(AdminLogin.of("app", SecretRef.literal("secret")));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"GOOGLE_MANAGED_INTERNAL_CA", "CA_MODE_UNSPECIFIED"})
  void theAuthorityOfOneInstanceNeedsNoName(@Nullable String mode) {
    ConnectionDetails details = connection(instance(mode));
    assertThat(details.tls()).isEqualTo(TlsVerification.VERIFY_CA);
    assertThat(details.jdbcUrl()).contains("sslfactory=io.clouddb.sql.TrustedRootsFactory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GOOGLE_MANAGED_CAS_CA", "CUSTOMER_MANAGED_CAS_CA", "WHATEVER_COMES_NEXT"})
  void anAuthorityOfSeveralInstancesNeedsTheName(String mode) {
    ConnectionDetails details = connection(instance(mode));
    assertThat(details.tls()).isEqualTo(TlsVerification.VERIFY_FULL);
    assertThat(details.jdbcUrl()).contains("sslfactory=io.clouddb.sql.TrustedRootsFactory");
  }

  @Test
  void withoutAnAuthorityNothingLessIsTrustedThanByAnyJvm() {
    ConnectionDetails details = connection(instance(null).setServerCaCert(null));
    assertThat(details.tls()).isEqualTo(TlsVerification.VERIFY_FULL);
    assertThat(details.jdbcUrl()).contains("DefaultJavaSSLFactory");
  }

  /**
   * A file of the user's may be one that signs for many: Google's shared authorities, a company's.
   * Without a look at the host, whoever has any certificate of it is the instance.
   */
  @Test
  void aFileOfTheUsersIsNotTakenForTheAuthorityOfOneInstance() {
    ConnectionDetails details =
        new InstanceReader("shop-project", "asia-northeast3")
            .read(instance("GOOGLE_MANAGED_INTERNAL_CA")).toBuilder()
                .rootCertificate(EmbeddedPostgres.certificateAuthority())
                .build()
                .connection(AdminLogin.of("app", SecretRef.literal("secret")));
    assertThat(details.tls()).isEqualTo(TlsVerification.VERIFY_FULL);
  }
}
