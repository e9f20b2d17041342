/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

/** What the server demands of its clients' connections. */
public enum TlsMode {
  /** Connections with and without TLS are accepted. */
  OPTIONAL,
  /** Connections without TLS are refused. */
  REQUIRED,
  /**
   * Connections without TLS, or without a client certificate that the server trusts, are refused.
   */
  CLIENT_CERTIFICATE
}
