/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/** The service, or the way to it, failed for a moment. */
public final class UnavailableException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  UnavailableException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
