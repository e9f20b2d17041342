/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.security.SecretRef;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a failure over TLS tells to do, and that other failures are left as they are. */
class TlsFailureTest {
  private static ConnectionDetails.Builder builder() {
    return ConnectionDetails.postgresql("db", 5432, "shop", "app", SecretRef.literal("hunter2"));
  }

  /** As the driver throws it: the handshake's exception within its own. */
  private static SQLException handshake(Throwable cause) {
    SSLHandshakeException inside = new SSLHandshakeException("PKIX path building failed");
    inside.initCause(cause);
    return new SQLException("SSL error: PKIX path building failed", "08006", inside);
  }

  /** As what it is to an assertion: a SQLException is a list of exceptions too. */
  private static Throwable explain(SQLException failure, ConnectionDetails details) {
    return TlsFailure.explain(failure, details);
  }

  private static void assertSaid(Throwable said, SQLException cause, String... parts) {
    assertThat(said)
        .isNotSameAs(cause)
        .hasCause(cause)
        .hasMessageContainingAll(parts)
        .hasMessageContaining(cause.getMessage())
        .hasMessageNotContaining("hunter2");
    assertThat(((SQLException) said).getSQLState()).isEqualTo(cause.getSQLState());
  }

  @Test
  void aCertificateFromElsewhereIsSaidToBeOneWithWhatItHadToComeFrom() {
    SQLException failure = handshake(new CertificateException("unknown"));
    assertSaid(
        explain(failure, builder().build()),
        failure,
        "db:5432/shop shows a certificate that is not from a certificate authority that this JVM"
            + " trusts",
        "rootCertificate(file)");
    assertSaid(
        explain(failure, builder().rootCertificate(Path.of("/ca.pem")).build()),
        failure,
        "not from the certificates in /ca.pem");
    assertSaid(
        explain(failure, builder().roots(new TrustedRoots.Inside("x")).build()),
        failure,
        "not from the certificates that were named for it");
  }

  @Test
  void aCertificateOfAnotherHostIsSaidToBeOne() {
    SQLException failure =
        new SQLException("The hostname db could not be verified by hostnameverifier Pg", "08006");
    assertSaid(
        explain(failure, builder().build()),
        failure,
        "The certificate of db:5432/shop is for another host",
        "VERIFY_CA");
  }

  @Test
  void aServerWithoutTlsIsSaidToBeOne() {
    SQLException failure = new SQLException("The server does not support SSL.", "08004");
    assertSaid(
        explain(failure, builder().build()),
        failure,
        "db:5432/shop has no TLS",
        "TlsVerification.DISABLED");
  }

  static Stream<SQLException> ofOtherThings() {
    return Stream.of(
        new SQLException("too many connections", "08004"),
        new SQLException("something about SSL", "08006"),
        new SQLException(null, "08004"),
        // The file of the roots is broken, which is not the server's fault.
        new SQLException("Could not read it", "08006", new CertificateException("no PEM")),
        // The handshake fails over something else.
        handshake(new IOException("cut off")),
        // A certificate further up is none of the handshake's.
        new SQLException(
            "x", "08006", new CertificateException(new SSLHandshakeException("no matter"))));
  }

  @ParameterizedTest
  @MethodSource("ofOtherThings")
  void anyOtherFailureIsLeftAsItIs(SQLException failure) {
    assertThat(explain(failure, builder().build())).isSameAs(failure);
  }

  @Test
  void whoAskedForNoTlsOrNoCheckIsNotToldAboutIt() {
    SQLException untrusted = handshake(new CertificateException("unknown"));
    assertThat(explain(untrusted, builder().tls(TlsVerification.UNVERIFIED).build()))
        .isSameAs(untrusted);
    SQLException none = new SQLException("The server does not support SSL.", "08004");
    assertThat(explain(none, builder().tls(TlsVerification.DISABLED).build())).isSameAs(none);
  }
}
