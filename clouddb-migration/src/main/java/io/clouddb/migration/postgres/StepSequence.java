/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.StepReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteControl;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the steps of a migration in order, each with its entry in the journal. */
final class StepSequence {
  private static final Logger LOG = LoggerFactory.getLogger(StepSequence.class);

  private final ActiveRun active;
  private final MigrationRun run;
  private final List<MigrationTask> tasks = new ArrayList<>();

  StepSequence(ActiveRun active) {
    this.active = active;
    this.run = active.run;
    tasks.addAll(
        List.of(
            new ReplicateTask(),
            new SyncTask(),
            new CdcTask(),
            new ValidateTask(),
            new CutoverTask()));
    if (run.settings.reverses()) {
      tasks.add(new ReverseTask());
    }
    tasks.add(new CleanupTask());
  }

  /** Runs what is left of it. */
  MigrationReport run() {
    Instant start = run.settings.clock().instant();
    List<StepReport> steps = new ArrayList<>();
    boolean goesOn = run.history.underWay();
    JournalledEnds ends = new JournalledEnds(run.settings, run.history);
    if (goesOn) {
      ends.requireBoth();
      ends.failover(Route.Side.SOURCE).ifPresent(run.notifier::notice);
      ends.failover(Route.Side.TARGET).ifPresent(run.notifier::notice);
      steps.addAll(run.history.stepReports());
    } else {
      PreflightTask.require(run, steps);
      requireApplicationOnSource();
      Map<String, String> began = new LinkedHashMap<>(run.settings.identity());
      began.putAll(ends.entries());
      run.history.attemptStarted(began);
      run.history.stepStarted(MigrationStep.PREFLIGHT);
      run.history.stepFinished(steps.get(0), Map.of());
    }
    try (RetainedWal wal = new RetainedWal(active);
        ProgressSampler sampler =
            new ProgressSampler(
                run.meter,
                run.notifier,
                run.settings.clock(),
                run.settings.source(),
                run.settings.sessionName(),
                wal::seen)) {
      Outcome outcome =
          new Outcome(run, ends, goesOn ? run.history.startedAt() : start, steps, sampler);
      sampler.start();
      try {
        if (goesOn) {
          Recovery.recover(run);
        }
        for (MigrationTask task : tasks) {
          perform(task, steps);
          if (run.takenBack) {
            perform(new TakenBackTask(), steps);
            return outcome.takenBack();
          }
        }
        return outcome.completed();
      } catch (AbortedException e) {
        active.unwinding();
        return SourceRestore.run(run, outcome);
      } catch (SQLException | CloudDbException e) {
        active.unwinding();
        if (run.aborted()) {
          LOG.debug("Migration {}: stopped by an abort", run.settings.id(), e);
          return SourceRestore.run(run, outcome);
        }
        return outcome.failed(e);
      } finally {
        active.unwinding();
        run.close();
      }
    }
  }

  /** The route may be one that an earlier migration, or a trial, left. */
  private void requireApplicationOnSource() {
    RouteControl route = run.route;
    if (route != null && route.read().side() != Route.Side.SOURCE) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The route says that the application works on the target already; nothing was begun")
          .nextStep("Give a route of this migration's own, which nobody has written yet.")
          .toException();
    }
  }

  private void perform(MigrationTask task, List<StepReport> steps) throws SQLException {
    MigrationStep step = task.step();
    if (done(run.history, step)) {
      task.restore(run, run.history.facts(step));
      run.notifier.stepFinished(step, Duration.ZERO, "Done by an earlier run");
      return;
    }
    run.awaitResumed();
    run.meter.begin(step);
    run.history.stepStarted(step);
    run.notifier.stepStarted(step);
    Instant start = run.settings.clock().instant();
    steps.removeIf(report -> report.step() == step);
    try {
      MigrationTask.Done done = task.run(run);
      StepReport report =
          new StepReport(
              step, start, run.settings.clock().instant(), StepReport.Outcome.DONE, done.details());
      steps.add(report);
      run.history.stepFinished(report, done.facts());
      run.notifier.stepFinished(
          step, Duration.between(report.start(), report.end()), done.details());
    } catch (SQLException | CloudDbException | AbortedException e) {
      boolean aborted = run.aborted();
      String reason = aborted ? "Stopped from outside" : String.valueOf(e.getMessage());
      steps.add(
          new StepReport(
              step,
              start,
              run.settings.clock().instant(),
              aborted ? StepReport.Outcome.ABORTED : StepReport.Outcome.FAILED,
              reason));
      try {
        run.history.stepFailed(step, reason);
      } catch (CloudDbException journal) {
        e.addSuppressed(journal);
      }
      run.notifier.stepFailed(step, reason);
      throw e;
    }
  }

  /** The steps that live in the memory of a run are done again: applying and validating. */
  private static boolean done(History history, MigrationStep step) {
    return switch (step) {
      case PREFLIGHT -> history.finished(MigrationStep.PREFLIGHT);
      case REPLICATE, SYNC -> history.finished(MigrationStep.SYNC);
      case CDC, VALIDATE -> history.pastPointOfNoReturn();
      case CUTOVER -> history.finished(MigrationStep.CUTOVER);
      // Going back has a cleanup of its own, which may not have come to its end.
      case REVERSE -> history.finished(MigrationStep.REVERSE) && !history.rollbackDecided();
      case CLEANUP -> false;
    };
  }
}
