/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/** The caller is known and may not do this. */
public final class PermissionException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  PermissionException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
