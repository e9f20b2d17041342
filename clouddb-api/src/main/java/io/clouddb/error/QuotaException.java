/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/** A limit of the account or subscription is reached. */
public final class QuotaException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  QuotaException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
