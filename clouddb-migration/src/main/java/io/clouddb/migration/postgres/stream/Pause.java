/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;

/** Waits between two looks at a server that offers nothing to wait on. */
public final class Pause {
  private Pause() {}

  /**
   * Waits.
   *
   * @param millis for how long, in milliseconds
   * @throws io.clouddb.error.CloudDbException when the thread is interrupted; it stays interrupted
   */
  public static void millis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorDetails.of(ErrorCategory.OTHER, "Interrupted while waiting").toException(e);
    }
  }
}
