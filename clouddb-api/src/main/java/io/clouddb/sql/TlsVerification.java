/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.sql;

/** How a client protects its connection to a database and checks who answers. */
public enum TlsVerification {
  /** No TLS. For a database on this machine only. */
  DISABLED("disable"),
  /** TLS when the server has it, else none. For databases that cannot be changed. */
  PREFERRED("prefer"),
  /** TLS always; the server's certificate is not checked. */
  REQUIRED("require"),
  /** TLS always; certificate and host name are checked against the root certificate. */
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
}
