/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import com.google.api.services.sqladmin.model.SslCert;
import io.clouddb.instance.Instance;
import io.clouddb.sql.TlsVerification;
import org.jspecify.annotations.Nullable;

/**
 * What an instance's certificate has to come from. By default Google makes a certificate authority
 * for each instance, which signs for this instance only and names no host, as Cloud SQL is reached
 * by addresses: whoever shows a certificate of it is the instance, and VERIFY_CA against it is as
 * strong as a host name is elsewhere. The API tells the authority's certificate over a connection
 * that is verified itself. The other modes share an authority between instances: there the host has
 * to be in the certificate.
 */
final class ServerRoots {
  private static final String ONE_EACH = "GOOGLE_MANAGED_INTERNAL_CA";
  private static final String UNSPECIFIED = "CA_MODE_UNSPECIFIED";

  private ServerRoots() {}

  static void read(DatabaseInstance found, Instance.Builder instance) {
    SslCert authority = found.getServerCaCert();
    if (authority == null || authority.getCert() == null) {
      return;
    }
    instance.rootCertificates(authority.getCert());
    if (isOneEach(mode(found.getSettings()))) {
      instance.verification(TlsVerification.VERIFY_CA);
    }
  }

  private static @Nullable String mode(@Nullable Settings settings) {
    IpConfiguration addresses = settings == null ? null : settings.getIpConfiguration();
    return addresses == null ? null : addresses.getServerCaMode();
  }

  private static boolean isOneEach(@Nullable String mode) {
    return mode == null || mode.equals(ONE_EACH) || mode.equals(UNSPECIFIED);
  }
}
