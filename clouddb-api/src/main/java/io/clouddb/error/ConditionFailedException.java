/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/** A condition that the caller set does not hold; trying again cannot help. */
public class ConditionFailedException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param details what is known about the error, of category {@link
   *     ErrorCategory#CONDITION_FAILED}
   * @param cause the vendor's own exception, null when there is none
   */
  protected ConditionFailedException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
