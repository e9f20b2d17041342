/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/** The call may or may not have taken effect; look before it is made again. */
public final class OutcomeUnknownException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  OutcomeUnknownException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
