/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;

/** What is refused before anything is sent. Messages name attributes, and none of their values. */
final class Refused {
  private Refused() {}

  static CloudDbException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }

  static CloudDbException unsupported(String message, String nextStep) {
    return ErrorDetails.of(ErrorCategory.UNSUPPORTED_FEATURE, message)
        .nextStep(nextStep)
        .toException();
  }
}
