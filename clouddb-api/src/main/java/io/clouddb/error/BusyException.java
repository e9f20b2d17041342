/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/** The resource is in the middle of another change; try again later. */
public final class BusyException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  BusyException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
