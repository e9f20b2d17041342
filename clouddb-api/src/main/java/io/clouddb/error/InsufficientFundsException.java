/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/** A transfer exceeds the balance of the account it comes from. */
public final class InsufficientFundsException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  InsufficientFundsException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
