/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.ArrayList;
import java.util.List;

/** Collects all that is wrong with a value, so that it is reported at once. */
public final class Problems {
  private final String subject;
  private final List<String> found = new ArrayList<>();

  /**
   * Starts an empty collection.
   *
   * @param subject what is looked at, for example {@code InstanceSpec 'orders'}
   */
  public Problems(String subject) {
    this.subject = subject;
  }

  /**
   * Adds a problem unless a condition holds.
   *
   * @param holds what has to be true
   * @param problem what to say when it is not
   */
  public void require(boolean holds, String problem) {
    if (!holds) {
      found.add(problem);
    }
  }

  /**
   * Throws when there are problems.
   *
   * @throws io.clouddb.error.InvalidArgumentException naming all of them
   */
  public void orThrow() {
    if (!found.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, subject + " is invalid: " + String.join("; ", found))
          .toException();
    }
  }
}
