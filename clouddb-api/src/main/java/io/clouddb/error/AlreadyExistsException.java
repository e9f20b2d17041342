/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/** A resource of that name exists already. */
public final class AlreadyExistsException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  AlreadyExistsException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
