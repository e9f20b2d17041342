/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/**
 * A limit in time that the caller set has passed. Remote work goes on; {@link
 * ErrorDetails#operationToken()} has the token to resume it.
 */
public final class DeadlineException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  DeadlineException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
