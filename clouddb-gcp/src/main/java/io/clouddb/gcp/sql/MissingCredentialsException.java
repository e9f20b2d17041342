/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import java.io.IOException;

/** No credentials could be read; no request was sent. */
public final class MissingCredentialsException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param cause what Google's library says
   */
  public MissingCredentialsException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
