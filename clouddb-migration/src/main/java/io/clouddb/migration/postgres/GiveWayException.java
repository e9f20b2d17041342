/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

/** The locks on the tables were let go for who waited for them. Never leaves this package. */
final class GiveWayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GiveWayException(String waiting) {
    super(waiting);
  }
}
