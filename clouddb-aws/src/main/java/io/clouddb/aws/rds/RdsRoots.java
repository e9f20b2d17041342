/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The root certificates that RDS signs its servers' with: private ones, which no JVM trusts. Those
 * of one region sign for that region only, and only they are trusted there.
 */
final class RdsRoots {
  private static final String RESOURCE = "rds-roots.pem";
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");
  private static final Pattern REGION =
      Pattern.compile("CN=Amazon RDS ([a-z]{2}(?:-[a-z]+)+-[0-9]) Root CA ");

  private RdsRoots() {}

  /** Read when it is needed first. */
  private static final class Shipped {
    private static final Map<String, String> BY_REGION = read();
  }

  /**
   * Those of a region.
   *
   * @return PEM; empty for a region that came after the file was made, and for China and GovCloud
   */
  static Optional<String> of(String region) {
    return Optional.ofNullable(Shipped.BY_REGION.get(region));
  }

  private static Map<String, String> read() {
    try (InputStream in =
        Objects.requireNonNull(RdsRoots.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      CertificateFactory certificates = CertificateFactory.getInstance("X.509");
      Map<String, String> found = new TreeMap<>();
      Matcher pem = CERTIFICATE.matcher(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
      while (pem.find()) {
        X509Certificate certificate =
            (X509Certificate)
                certificates.generateCertificate(
                    new ByteArrayInputStream(pem.group().getBytes(StandardCharsets.US_ASCII)));
        Matcher region = REGION.matcher(certificate.getSubjectX500Principal().getName());
        if (region.find()) {
          found.merge(region.group(1), pem.group() + "\n", String::concat);
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException("The root certificates of RDS cannot be read", e);
    } catch (CertificateException e) {
      throw new IllegalStateException("A root certificate of RDS is none", e);
    }
  }
}
