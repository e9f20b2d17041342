/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/** A condition that the caller set does not hold; trying again cannot help. */
public final class ConditionFailedException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  ConditionFailedException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
