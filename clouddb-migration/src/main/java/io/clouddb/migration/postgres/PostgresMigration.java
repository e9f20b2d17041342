/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.PreflightReport;
import io.clouddb.migration.report.StepReport;
import io.clouddb.migration.route.RouteControl;
import io.clouddb.migration.state.Journal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the steps of a migration in order, with a journal; and undoes them up to the switch. */
public final class PostgresMigration {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresMigration.class);
  private static final Duration FENCE_LIMIT = Duration.ofSeconds(30);

  private final MigrationSettings settings;
  private final List<MigrationTask> tasks =
      List.of(
          new ReplicateTask(),
          new SyncTask(),
          new CdcTask(),
          new ValidateTask(),
          new CutoverTask(),
          new CleanupTask());

  private @Nullable Active active;

  /** A run under way in this object, from the opening of its journal to after its closing. */
  private static final class Active {
    private final MigrationRun run;
    private final CountDownLatch unwinding = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable MigrationReport report;

    Active(MigrationRun run) {
      this.run = run;
    }
  }

  /**
   * Makes a migration; nothing is connected yet.
   *
   * @param settings what it is told
   */
  public PostgresMigration(MigrationSettings settings) {
    this.settings = settings;
  }

  /**
   * Looks at both databases and changes nothing.
   *
   * @return all that was found
   */
  public PreflightReport preflight() {
    return PreflightTask.check(settings);
  }

  /**
   * Runs the migration, or goes on with it.
   *
   * @return how it went
   */
  public MigrationReport run() {
    Active mine = null;
    try (Journal journal = settings.state().open(settings.id())) {
      History history = new History(journal);
      Optional<MigrationReport> over = history.finalReport();
      if (over.isPresent()) {
        return over.get();
      }
      mine = new Active(new MigrationRun(settings, history));
      synchronized (this) {
        active = mine;
      }
      MigrationReport report = run(mine.run, mine.unwinding);
      mine.report = report;
      return report;
    } finally {
      if (mine != null) {
        synchronized (this) {
          active = null;
        }
        mine.unwinding.countDown();
        mine.ended.countDown();
      }
    }
  }

  private MigrationReport run(MigrationRun run, CountDownLatch unwinding) {
    Instant began = settings.clock().instant();
    List<StepReport> steps = new ArrayList<>();
    Map<String, String> identity =
        Map.of(
            "source", settings.source().jdbcUrl(),
            "target", settings.target().jdbcUrl(),
            "tables", settings.selection().toString());
    boolean goesOn = run.history.underWay();
    if (goesOn) {
      run.history.requireSame(identity);
      steps.addAll(run.history.stepReports());
    } else {
      PreflightTask.require(run, steps);
      run.history.attemptStarted(identity);
      run.history.stepStarted(MigrationStep.PREFLIGHT);
      run.history.stepFinished(steps.get(0), Map.of());
    }
    try (ProgressSampler sampler =
        new ProgressSampler(
            run.meter, run.notifier, settings.clock(), settings.source(), settings.sessionName())) {
      Outcome outcome = new Outcome(run, goesOn ? run.history.startedAt() : began, steps, sampler);
      sampler.start();
      try {
        if (goesOn) {
          recover(run);
        }
        for (MigrationTask task : tasks) {
          perform(run, task, steps);
        }
        return outcome.completed();
      } catch (AbortedException e) {
        unwinding.countDown();
        return rollBack(run, outcome);
      } catch (SQLException | CloudDbException e) {
        unwinding.countDown();
        if (run.aborted()) {
          LOG.debug("Migration {}: stopped by an abort", settings.id(), e);
          return rollBack(run, outcome);
        }
        return outcome.failed(e);
      } finally {
        unwinding.countDown();
        run.close();
      }
    }
  }

  private void perform(MigrationRun run, MigrationTask task, List<StepReport> steps)
      throws SQLException {
    MigrationStep step = task.step();
    if (done(run.history, step)) {
      task.restore(run, run.history.facts(step));
      run.notifier.stepFinished(step, Duration.ZERO, "Done by an earlier run");
      return;
    }
    run.checkAborted();
    run.meter.begin(step);
    run.history.stepStarted(step);
    run.notifier.stepStarted(step);
    Instant start = settings.clock().instant();
    steps.removeIf(report -> report.step() == step);
    try {
      MigrationTask.Done done = task.run(run);
      StepReport report =
          new StepReport(
              step, start, settings.clock().instant(), StepReport.Outcome.DONE, done.details());
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
              settings.clock().instant(),
              aborted ? StepReport.Outcome.ABORTED : StepReport.Outcome.FAILED,
              reason));
      run.history.stepFailed(step, reason);
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
      case CLEANUP -> false;
    };
  }

  /** Puts right what a run that was killed left half done. */
  private void recover(MigrationRun run) throws SQLException {
    OwnSessions.end(settings.source(), settings.sessionName());
    OwnSessions.end(settings.target(), settings.sessionName());
    run.history.lastReport().ifPresent(last -> run.meter.appliedBefore(last.changesApplied()));
    if (run.history.pastPointOfNoReturn()) {
      return;
    }
    try (Connection source = run.source.connect();
        Connection target = run.target.connect()) {
      run.fence().lower(source, FENCE_LIMIT);
      RouteControl route = run.route;
      if (route != null) {
        route.reopen();
      }
      TargetRewind.dropTriggers(target, settings.selection());
      if (!run.history.finished(MigrationStep.SYNC) || !ReplicaRole.available(target)) {
        TargetRewind.dropForeignKeys(target, settings.selection());
      }
    }
  }

  /**
   * Stops the run that is under way in another thread, or undoes what an earlier one left.
   *
   * @return how it ended: rolled back
   */
  public MigrationReport abort() {
    Active current;
    synchronized (this) {
      current = active;
    }
    return current == null ? abortEarlier() : abort(current);
  }

  private MigrationReport abort(Active current) {
    current.run.requestAbort();
    try {
      // What the steps wait for is in their sessions; a step may open another before it looks.
      while (!current.unwinding.await(500, TimeUnit.MILLISECONDS)) {
        endSessions();
      }
      current.ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorDetails.of(ErrorCategory.DEADLINE, "Interrupted while the migration stopped")
          .nextStep("It goes on stopping; see its state.")
          .toException(e);
    }
    MigrationReport report = current.report;
    if (report == null) {
      throw ErrorDetails.of(ErrorCategory.OTHER, "The run ended without a report")
          .nextStep("See what it threw; then abort again.")
          .toException();
    }
    return report;
  }

  private void endSessions() {
    try {
      OwnSessions.end(settings.source(), settings.sessionName());
      OwnSessions.end(settings.target(), settings.sessionName());
    } catch (SQLException e) {
      LOG.warn("Migration {}: its sessions could not be ended", settings.id(), e);
    }
  }

  private MigrationReport abortEarlier() {
    try (Journal journal = settings.state().open(settings.id())) {
      History history = new History(journal);
      if (!history.underWay()) {
        throw ErrorDetails.of(
                ErrorCategory.NOT_FOUND, "There is no migration " + settings.id() + " to abort")
            .toException();
      }
      if (history.pastPointOfNoReturn()) {
        throw ErrorDetails.of(
                ErrorCategory.CONDITION_FAILED,
                "The application works on the target already; nothing was aborted")
            .nextStep("Run the migration again to finish it.")
            .toException();
      }
      MigrationRun run = new MigrationRun(settings, history);
      endSessions();
      List<StepReport> steps = new ArrayList<>(history.stepReports());
      try (ProgressSampler sampler =
          new ProgressSampler(
              run.meter,
              run.notifier,
              settings.clock(),
              settings.source(),
              settings.sessionName())) {
        return rollBack(run, new Outcome(run, history.startedAt(), steps, sampler));
      }
    }
  }

  /** Removes the fence from the source. */
  public void releaseSource() {
    try (Connection source = settings.source().connect()) {
      new WriteFence(settings.id(), List.of()).remove(source, FENCE_LIMIT);
    } catch (SQLException e) {
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE, "The fence could not be removed: " + e.getMessage())
          .providerCode(e.getSQLState())
          .toException(e);
    }
  }

  /** The source becomes as it was before the migration. */
  private MigrationReport rollBack(MigrationRun run, Outcome outcome) {
    run.history.removing("everything");
    run.notifier.notice("Stopping: the source becomes as it was");
    run.close();
    Traces traces = new Traces(settings);
    traces.removeFence(run.fence());
    RouteControl route = run.route;
    if (route != null) {
      try {
        route.reopen();
      } catch (CloudDbException e) {
        run.leftBehind.add("The route of the applications: " + e.getMessage());
      }
    }
    traces.removeReplication();
    traces.removePosition();
    run.leftBehind.addAll(traces.left());
    return outcome.rolledBack();
  }
}
