/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/** Too many requests; try again after a pause. */
public final class ThrottledException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  ThrottledException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
