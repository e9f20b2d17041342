/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

/**
 * How a client protects its connection to a database and checks who answers.
 *
 * <p>There is no mode that takes TLS when the server offers it: whoever answers in the server's
 * place offers none, and gets the password.
 */
public enum TlsVerification {
  /**
   * No TLS: everybody on the way reads the password and the data. For a database on this machine,
   * or behind a tunnel that is protected itself.
   */
  DISABLED("disable"),
  /**
   * TLS, and nobody asks who answers: whoever can stand in the way gets the password and the data.
   * For a server whose certificate cannot be had.
   */
  UNVERIFIED("require"),
  /**
   * TLS; the server's certificate has to come from the named root certificate, for whatever host.
   * For a root that signs for one server only, as each Cloud SQL instance has its own.
   */
  VERIFY_CA("verify-ca"),
  /** TLS; the certificate has to come from a trusted root, and to name the host. The default. */
  VERIFY_FULL("verify-full");

  private final String sslMode;

  TlsVerification(String sslMode) {
    this.sslMode = sslMode;
  }

  /**
   * The value of libpq's {@code sslmode}, which PostgreSQL's JDBC driver takes too.
   *
   * @return for example {@code verify-full}
   */
  public String sslMode() {
    return sslMode;
  }

  /**
   * Whether an impostor is found out before the password is sent.
   *
   * @return true for {@link #VERIFY_CA} and {@link #VERIFY_FULL}
   */
  public boolean verifies() {
    return this == VERIFY_CA || this == VERIFY_FULL;
  }
}
