/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A request was answered, and not by what the Cloud SQL Admin API answers to it. */
final class UnreadableAnswerException extends IOException {
  private static final long serialVersionUID = 1L;

  UnreadableAnswerException(String what, @Nullable Throwable cause) {
    super("The answer is none of the Cloud SQL Admin API's: " + what, cause);
  }
}
