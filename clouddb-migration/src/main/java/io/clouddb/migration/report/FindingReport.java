/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.util.Objects;

/**
 * Something that preflight found.
 *
 * @param code its code, which stays the same between versions
 * @param severity {@code ERROR}, {@code WARNING} or {@code INFO}
 * @param object what it is about
 * @param message what was found
 * @param remedy what to do about it
 */
public record FindingReport(
    String code, String severity, String object, String message, String remedy) {
  /** Checks that nothing is missing. */
  public FindingReport {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(object, "object");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(remedy, "remedy");
  }
}
