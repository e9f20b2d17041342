/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

import java.security.cert.CertificateException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;

/** Says what to set when a connection fails over its protection. */
final class TlsFailure {
  /** The driver's state for a server without TLS, and for other refusals of its own. */
  private static final String REJECTED = "08004";

  private TlsFailure() {}

  /** The same error, with what to do about it where it is one about TLS. */
  static SQLException explain(SQLException failure, ConnectionDetails details) {
    if (details.tls() == TlsVerification.DISABLED) {
      return failure;
    }
    String message = String.valueOf(failure.getMessage());
    if (isAboutACertificate(failure) && details.tls().verifies()) {
      return said(
          details.address()
              + " shows a certificate that is not from "
              + details.trusted()
              + ", or is no longer valid ("
              + message
              + "). Nothing secret was sent. If the instance's authority was changed since"
              + " (a rotation), take these details anew: instances().get(name).connection()."
              + " Otherwise name the certificate authority: rootCertificate(file), sslrootcert=file in a JDBC URL, or"
              + " databaseRootCertificate(file) of a cloud's configuration (Amazon RDS:"
              + " https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem). Without any"
              + " check of who answers: tls(TlsVerification.UNVERIFIED), sslmode=require.",
          failure);
    }
    if (message.contains("hostnameverifier")) {
      return said(
          "The certificate of "
              + details.address()
              + " is for another host ("
              + message
              + "). Nothing secret was sent. Connect by a name that is in it; through a"
              + " tunnel, by the server's own name, which the machine's file of hosts leads to the"
              + " tunnel. For a root certificate that signs for this server only: tls(TlsVerification.VERIFY_CA) with"
              + " rootCertificate(file), sslmode=verify-ca in a JDBC URL.",
          failure);
    }
    if (message.contains(TrustedRootsFactory.class.getName())) {
      Throwable last = last(failure);
      if (!(last instanceof ClassNotFoundException)) {
        return said(
            "This JVM cannot check a server by "
                + details.trusted()
                + " ("
                + message
                + " "
                + last
                + "). Nothing was sent. Look at the JVM's security providers, and whether they"
                + " take these certificates.",
            failure);
      }
      return said(
          "The JDBC driver does not find clouddb's class that brings the root certificates ("
              + message
              + "). Nothing was sent. Add the driver, 42.7.12 or later, to the application itself, or"
              + " name the certificates by a file: rootCertificate(file),"
              + " databaseRootCertificate(file) of a cloud's configuration.",
          failure);
    }
    if (REJECTED.equals(failure.getSQLState()) && message.contains("SSL")) {
      return said(
          details.address()
              + " has no TLS, or somebody in its place says so ("
              + message
              + "). Nothing secret was sent. Turn it on at the server; or, for a database on this"
              + " machine, go without by name: tls(TlsVerification.DISABLED), sslmode=disable in a"
              + " JDBC URL.",
          failure);
    }
    return failure;
  }

  /** Of the handshake's: a file of roots that is broken is not the server's fault. */
  private static boolean isAboutACertificate(Throwable failure) {
    boolean inHandshake = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      inHandshake |= cause instanceof SSLException;
      if (inHandshake && cause instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  private static Throwable last(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return last;
  }

  private static SQLException said(String message, SQLException cause) {
    return new SQLException(message, cause.getSQLState(), cause);
  }
}
