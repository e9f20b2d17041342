/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import org.jspecify.annotations.Nullable;

/**
 * The provider does not have what was asked for; the message names the field and what the provider
 * can do instead. Thrown before the first remote call.
 */
public final class UnsupportedFeatureException extends CloudDbException {
  private static final long serialVersionUID = 1L;

  UnsupportedFeatureException(ErrorDetails details, @Nullable Throwable cause) {
    super(details, cause);
  }
}
