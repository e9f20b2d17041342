/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/** The request is wrong; the message lists all that is wrong with it. */
public final class InvalidArgumentException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  InvalidArgumentException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
