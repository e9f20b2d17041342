/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.regex.Pattern;

/** What a migration may be called. */
final class MigrationId {
  private static final Pattern FORM = Pattern.compile("[a-z0-9_]{1,40}");

  private MigrationId() {}

  /** The id itself, when it is one. */
  static String require(String id) {
    if (!FORM.matcher(id).matches()) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "A migration's id is 1 to 40 of a-z, 0-9 and _")
          .toException();
    }
    return id;
  }
}
