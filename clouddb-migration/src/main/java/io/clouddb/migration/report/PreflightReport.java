/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.util.List;

/**
 * What preflight found, all of it.
 *
 * @param findings the findings, errors first
 */
public record PreflightReport(List<FindingReport> findings) {
  /** Keeps the list unmodifiable. */
  public PreflightReport {
    findings = List.copyOf(findings);
  }

  /**
   * Tells whether the migration can begin.
   *
   * @return false when there is an error among the findings
   */
  public boolean passed() {
    return findings.stream().noneMatch(finding -> finding.severity().equals("ERROR"));
  }
}
