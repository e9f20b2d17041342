/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import java.util.List;

/**
 * Sessions of the application wait for the migration's locks while the migration waits for their
 * transactions: the locks have to go once. Never leaves this package.
 */
final class GiveWayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GiveWayException(List<String> waiting) {
    super(String.join("; ", waiting));
  }
}
