/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.sql.TlsVerification;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.Endpoint;

class RdsRootsTest {
  private static final AdminLogin LOGIN = AdminLogin.of("app", SecretRef.literal("secret"));

  private static List<X509Certificate> roots(String region) throws GeneralSecurityException {
    List<X509Certificate> roots = new ArrayList<>();
    for (Certificate root :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(
                    RdsRoots.of(region).orElseThrow().getBytes(StandardCharsets.US_ASCII)))) {
      roots.add((X509Certificate) root);
    }
    return roots;
  }

  private static Instance instance(String region) {
    return new RdsInstances("aws", region, () -> "123456789012")
        .toInstance(
            DBInstance.builder()
                .dbInstanceIdentifier("orders")
                .engine("postgres")
                .engineVersion("16.4")
                .dbInstanceStatus("available")
                .endpoint(Endpoint.builder().address("orders.example.com").port(5432).build())
                .build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"us-east-1", "eu-west-1", "ap-northeast-2", "ap-southeast-3", "me-south-1"})
  void aRegionHasThreeRootsOfItsOwn(String region) throws GeneralSecurityException {
    assertThat(roots(region)).hasSize(3);
    for (X509Certificate root : roots(region)) {
      assertThat(root.getSubjectX500Principal().getName()).contains("Amazon RDS " + region + " ");
      // It signs itself, and signs others.
      root.verify(root.getPublicKey());
      assertThat(root.getBasicConstraints()).isNotNegative();
      root.checkValidity(Date.from(Instant.now().plus(Duration.ofDays(3650))));
    }
  }

  /** Those that AWS documents as an answer of DescribeCertificates in us-west-2. */
  @Test
  void theyHaveTheThumbprintsThatAwsDocuments() throws GeneralSecurityException {
    List<String> thumbprints = new ArrayList<>();
    for (X509Certificate root : roots("us-west-2")) {
      thumbprints.add(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(root.getEncoded())));
    }
    assertThat(thumbprints)
        .containsExactlyInAnyOrder(
            "2ee3dcc06e50192559b13929e73484354f23387d",
            "19da4f2af579a8ae1f6a0fa77aa5befd874b4cab",
            "7c40cb42714b6fdb2b296f9bbd0e8bb364436a76");
  }

  @Test
  void anInstanceIsCheckedAgainstThem() {
    ConnectionDetails details = instance("us-east-1").connection(LOGIN);
    assertThat(details.tls()).isEqualTo(TlsVerification.VERIFY_FULL);
    assertThat(details.jdbcUrl()).contains("sslfactory=io.clouddb.sql.TrustedRootsFactory");
  }

  @Test
  void whereTheyAreNotKnownNothingLessIsTrustedThanByAnyJvm() {
    ConnectionDetails details = instance("cn-north-1").connection(LOGIN);
    assertThat(details.tls()).isEqualTo(TlsVerification.VERIFY_FULL);
    assertThat(details.jdbcUrl()).contains("DefaultJavaSSLFactory");
  }
}
