/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.UnavailableException;
import io.clouddb.migration.postgres.spill.Spilling;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.CopyReport;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.MigrationReportBuilder;
import io.clouddb.migration.report.StepReport;
import io.clouddb.migration.report.TableReport;
import io.clouddb.migration.route.Route;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the end of a run into its report, and journals it. */
final class Outcome {
  private static final Logger LOG = LoggerFactory.getLogger(Outcome.class);

  private final MigrationRun run;
  private final Instant startedAt;
  private final List<StepReport> steps;
  private final ProgressSampler sampler;
  private final String source;
  private final String target;

  Outcome(
      MigrationRun run,
      JournalledEnds ends,
      Instant startedAt,
      List<StepReport> steps,
      ProgressSampler sampler) {
    this.run = run;
    this.startedAt = startedAt;
    this.steps = steps;
    this.sampler = sampler;
    this.source = ends.describe(Route.Side.SOURCE);
    this.target = ends.describe(Route.Side.TARGET);
  }

  MigrationReport completed() {
    MigrationReport report = report(MigrationReport.Status.COMPLETED).build();
    run.history.ended(report, false);
    return report;
  }

  /**
   * Before the switch.
   *
   * @param complete whether all is removed; otherwise the same can be asked for once more
   * @param otherTarget how the database at the target's address tells that it is another one; empty
   *     when it is not
   */
  MigrationReport rolledBack(boolean complete, String otherTarget) {
    if (!otherTarget.isEmpty()) {
      run.leftBehind.add("On the target that was: the tables with what was copied so far");
    } else if (run.history.started(MigrationStep.REPLICATE)) {
      run.leftBehind.add(
          "On the target (%s): the tables %s with what was copied so far; drop them before another"
              .formatted(target, run.settings.selection()));
    }
    MigrationReport report =
        report(MigrationReport.Status.ROLLED_BACK)
            .failure(
                run.requests.abortReason()
                    + "The migration was stopped; the application works on the source as before")
            .nextStep(
                complete
                    ? "Empty the target and run it again when you want to."
                    : !otherTarget.isEmpty()
                        ? "The source is as it was. If the target that was is lost for good, nothing"
                            + " is left to do: migrate again under another id."
                        : "Not all could be removed: abort it again when both servers answer.")
            .build();
    run.history.ended(report, !complete);
    return report;
  }

  /** The application was taken back after the switch. */
  MigrationReport takenBack() {
    MigrationReport report =
        report(MigrationReport.Status.ROLLED_BACK)
            .failure(
                "The application was taken back to the source, with all that it wrote on the"
                    + " target")
            .nextStep("Empty the target and migrate again, under another id, when you want to.")
            .build();
    run.history.ended(report, false);
    return report;
  }

  /**
   * What was done stays for the next run to go on with, but for a slot before anything was copied:
   * it would only hold the source's log back.
   */
  MigrationReport failed(Exception error) {
    LOG.debug("Migration {} failed", run.settings.id(), error);
    String next;
    Route.Side undecided = run.undecided;
    if (undecided != null) {
      next = undecided(undecided);
    } else if (run.history.rollbackDecided()) {
      next = "The application belongs on the source again. Run the migration again to finish that.";
    } else if (run.pastPointOfNoReturn() && run.settings.reverses()) {
      run.leftBehind.add(
          "On the target: the publication and the replication slot %s, which keeps the log until the migration goes on or is finished"
              .formatted(run.settings.reverseName()));
      next =
          "The application works on the target. Run the migration again to keep the source current, roll it back, or finish it.";
    } else if (run.pastPointOfNoReturn()) {
      next = "The application belongs on the target. Run the migration again to finish it.";
    } else if (run.history.finished(MigrationStep.SYNC)
        || CopyHistory.of(run.history).begun().isPresent()) {
      run.leftBehind.addAll(ReverseReplication.discard(run));
      run.leftBehind.add(
          "On the source: the publication and the replication slot %s, which keeps the log until the migration goes on or is aborted"
              .formatted(run.settings.replicationName()));
      next = "Run the migration again to go on, or abort it to remove what it made.";
    } else {
      removeBeginnings();
      next = "Run the migration again, or abort it.";
    }
    nameSpill();
    String advice = next;
    if (error instanceof CloudDbException known && known.nextStep().isPresent()) {
      advice = known.nextStep().get() + " " + next;
    }
    String message =
        error instanceof CloudDbException known
            ? known.details().message()
            : String.valueOf(error.getMessage());
    MigrationReport report =
        report(MigrationReport.Status.FAILED).failure(message).nextStep(advice).build();
    try {
      run.history.ended(report, true);
    } catch (UnavailableException e) {
      // Without that entry too the next run goes on; the report is needed all the more.
      LOG.warn("Migration {}: its journal does not have this report", run.settings.id(), e);
    }
    return report;
  }

  /** The one side stays closed and the other is not opened: either could be wrong. */
  private String undecided(Route.Side side) {
    String to = side == Route.Side.TARGET ? "target" : "source";
    String from = side == Route.Side.TARGET ? "source" : "target";
    run.leftBehind.add(
        "On the %s: the fence on its tables (triggers clouddb_%s_fence), which refuses writes"
            .formatted(from, run.settings.id()));
    return "Whether the application belongs on the %s is not known, since the journal did not say whether that is written down. Until it does the %s refuses writes; nothing is lost. Let the journal's store answer, then run the migration again: it goes on as the journal says."
        .formatted(to, from);
  }

  private void removeBeginnings() {
    try {
      run.history.removing("slot and publication");
    } catch (UnavailableException e) {
      LOG.warn("Migration {}: nothing is removed without a journal", run.settings.id(), e);
      run.leftBehind.add(
          "On the source: the publication and the replication slot %s, where they were made, which keeps the log until the migration goes on or is aborted"
              .formatted(run.settings.replicationName()));
      return;
    }
    run.close();
    Traces traces = new Traces(run.settings);
    traces.removeReplication();
    traces.removePosition();
    run.leftBehind.addAll(traces.left());
  }

  /** Rows are in the files, and the next run needs them. */
  private void nameSpill() {
    Spilling spilling = run.spilling;
    if (spilling == null) {
      return;
    }
    for (String slot : List.of(run.settings.replicationName(), run.settings.reverseName())) {
      try {
        if (spilling.holds(slot)) {
          run.leftBehind.add(
              "On this machine: the changes spilled to %s, which the next run needs"
                  .formatted(spilling.folder().resolve(slot)));
        }
      } catch (IOException e) {
        LOG.warn("Migration {}: its spill could not be looked at", run.settings.id(), e);
      }
    }
  }

  private MigrationReportBuilder report(MigrationReport.Status status) {
    List<TableReport> tables = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(run.copied.keySet());
    names.addAll(run.validated.keySet());
    for (String name : names) {
      Optional<CopyReport> copy = Optional.ofNullable(run.copied.get(name));
      TableReport compared = run.validated.get(name);
      tables.add(
          compared == null
              ? new TableReport(name, copy, 0, "", "", 0)
              : new TableReport(
                  name,
                  copy,
                  compared.rowsValidated(),
                  compared.sourceDigest(),
                  compared.targetDigest(),
                  compared.mismatches()));
    }
    List<String> leftBehind = new ArrayList<>(run.leftBehind);
    leftBehind.addAll(TargetRewind.removed(run.history));
    return MigrationReport.builder(run.settings.id(), status)
        .source(source)
        .target(target)
        .startedAt(startedAt)
        .endedAt(run.settings.clock().instant())
        .rowsCopied(tables.stream().mapToLong(TableReport::rowsCopied).sum())
        .changesApplied(run.meter.changesApplied())
        .rowsValidated(tables.stream().mapToLong(TableReport::rowsValidated).sum())
        .mismatches(tables.stream().mapToLong(TableReport::mismatches).sum())
        .writePauseMillis(run.writePauseMillis)
        .pauseParts(run.pauseParts)
        .steps(steps)
        .tables(tables)
        .samples(sampler.samples())
        .findings(run.findings)
        .leftBehind(leftBehind);
  }
}
