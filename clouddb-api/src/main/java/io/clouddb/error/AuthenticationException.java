/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/** The caller could not be identified. */
public final class AuthenticationException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  AuthenticationException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
