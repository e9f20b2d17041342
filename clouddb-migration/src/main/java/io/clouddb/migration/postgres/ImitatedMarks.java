/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.report.FindingReport;

/** Tells of transactions that somebody made look as if the migration had made them. */
final class ImitatedMarks {
  private static final String CODE = "target.imitated-mark";

  private final MigrationRun run;
  private final Applier applier;
  private long told;

  ImitatedMarks(MigrationRun run, Applier applier) {
    this.run = run;
    this.applier = applier;
  }

  /** Puts down how many there are; says so when the first is seen. */
  void look() {
    long seen = applier.imitatedMarks();
    if (seen == told) {
      return;
    }
    FindingReport finding =
        new FindingReport(
            CODE,
            "WARNING",
            "target",
            seen
                + " transactions on the target began with a message that looks like the migration's"
                + " own and is not. They were brought back to the source like any other.",
            "Find out which role writes messages of the prefix clouddb.apply; the log names the"
                + " transactions.");
    run.findings.removeIf(known -> known.code().equals(CODE));
    run.findings.add(finding);
    if (told == 0) {
      run.notifier.notice(finding.message() + " " + finding.remedy());
    }
    told = seen;
  }
}
