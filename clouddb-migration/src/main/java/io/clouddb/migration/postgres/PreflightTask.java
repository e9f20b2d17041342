/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.preflight.Preflight;
import io.clouddb.migration.postgres.preflight.PreflightOptions;
import io.clouddb.migration.postgres.preflight.Severity;
import io.clouddb.migration.postgres.spill.Spilling;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.FindingReport;
import io.clouddb.migration.report.PreflightReport;
import io.clouddb.migration.report.StepReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks at both databases; refuses a migration that would not work, before anything happened. */
final class PreflightTask {
  private PreflightTask() {}

  static PreflightReport check(MigrationSettings settings) {
    List<FindingReport> found =
        new ArrayList<>(
            Preflight.check(
                    settings.source(),
                    settings.target(),
                    settings.selection(),
                    PreflightOptions.defaults()
                        .withReverse(settings.reverses())
                        .leavingBehind(settings.leaveBehind().toArray(String[]::new))
                        .trusting(settings.trusted().toArray(String[]::new)))
                .stream()
                .map(
                    finding ->
                        new FindingReport(
                            finding.code(),
                            finding.severity().name(),
                            finding.object(),
                            finding.message(),
                            finding.remedy()))
                .toList());
    spill(settings).ifPresent(found::add);
    wayBack(settings).ifPresent(found::add);
    return new PreflightReport(found);
  }

  /** Tried by doing: a folder that takes no files would be found out when the log has grown. */
  private static Optional<FindingReport> spill(MigrationSettings settings) {
    Spilling spilling = settings.spilling();
    return spilling == null
        ? Optional.empty()
        : spilling
            .unusable()
            .map(
                why ->
                    new FindingReport(
                        "spill.folder",
                        Severity.ERROR.name(),
                        spilling.folder().toString(),
                        "No file can be made in the folder of retainedWal: " + why + ".",
                        "Let this process write there, or give another folder."));
  }

  /** What is made on the target for its sake, and keeps log there, is named beforehand. */
  private static Optional<FindingReport> wayBack(MigrationSettings settings) {
    return settings.reverses()
        ? Optional.of(
            new FindingReport(
                "target.way-back",
                Severity.INFO.name(),
                settings.reverseName(),
                "Before the cutover, and for each rehearsal of it, a publication and a replication"
                    + " slot of this name are made on the target. After the switch the slot keeps the"
                    + " target's write-ahead log that the source does not have yet, and all of it"
                    + " while no run is under way, until finish(), rollback() or the end of the "
                    + settings.reverseWindow()
                    + ".",
                "Give the target's disk room for that, or bound it with retainedWal."))
        : Optional.empty();
  }

  /** Checks, and adds its own report to the steps. */
  static void require(MigrationRun run, List<StepReport> steps) {
    run.meter.begin(MigrationStep.PREFLIGHT);
    run.notifier.stepStarted(MigrationStep.PREFLIGHT);
    Instant start = run.settings.clock().instant();
    PreflightReport found = check(run.settings);
    run.findings.addAll(found.findings());
    Instant end = run.settings.clock().instant();
    if (!found.passed()) {
      List<FindingReport> errors =
          found.findings().stream().filter(f -> f.severity().equals("ERROR")).toList();
      String message =
          "The migration cannot begin, nothing was changed. "
              + count(errors.size())
              + ":\n"
              + errors.stream()
                  .map(
                      f ->
                          "- "
                              + f.code()
                              + " "
                              + f.object()
                              + ": "
                              + f.message()
                              + " "
                              + f.remedy())
                  .collect(Collectors.joining("\n"));
      run.notifier.stepFailed(MigrationStep.PREFLIGHT, message);
      throw ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message)
          .operation("migration.preflight")
          .resource(run.settings.id())
          .nextStep("Do what each finding says, then run the migration again.")
          .toException();
    }
    String summary = count(found.findings().size()) + ", none that stops the migration";
    steps.add(
        new StepReport(MigrationStep.PREFLIGHT, start, end, StepReport.Outcome.DONE, summary));
    run.notifier.stepFinished(MigrationStep.PREFLIGHT, Duration.between(start, end), summary);
  }

  private static String count(int findings) {
    return findings == 1 ? "1 finding" : findings + " findings";
  }
}
