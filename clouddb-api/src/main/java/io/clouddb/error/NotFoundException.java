/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/** The resource does not exist. */
public final class NotFoundException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  NotFoundException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
