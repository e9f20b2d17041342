/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.PreflightReport;
import io.clouddb.migration.report.Rehearsal;
import io.clouddb.migration.report.RepairReport;
import io.clouddb.migration.report.StepReport;
import io.clouddb.migration.route.RouteControl;
import io.clouddb.migration.state.Journal;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the steps of a migration in order, with a journal; and undoes them up to the switch. */
public final class PostgresMigration {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresMigration.class);
  private static final Duration FENCE_LIMIT = Duration.ofSeconds(30);

  private final MigrationSettings settings;
  private final List<MigrationTask> tasks = new ArrayList<>();

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
    tasks.addAll(
        List.of(
            new ReplicateTask(),
            new SyncTask(),
            new CdcTask(),
            new ValidateTask(),
            new CutoverTask()));
    if (settings.reverses()) {
      tasks.add(new ReverseTask());
    }
    tasks.add(new CleanupTask());
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
    Map<String, String> identity = settings.identity();
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
            run.meter,
            run.notifier,
            settings.clock(),
            settings.source(),
            settings.sessionName(),
            retained -> boundLog(run, retained))) {
      Outcome outcome = new Outcome(run, goesOn ? run.history.startedAt() : began, steps, sampler);
      sampler.start();
      try {
        if (goesOn) {
          recover(run);
        }
        for (MigrationTask task : tasks) {
          perform(run, task, steps);
          if (run.takenBack) {
            perform(run, new TakenBackTask(), steps);
            return outcome.takenBack();
          }
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
    run.awaitResumed();
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
      // Going back has a cleanup of its own, which may not have come to its end.
      case REVERSE -> history.finished(MigrationStep.REVERSE) && !history.rollbackDecided();
      case CLEANUP -> false;
    };
  }

  /** Puts right what a run that was killed left half done. */
  private void recover(MigrationRun run) throws SQLException {
    OwnSessions.end(settings.source(), settings.sessionName());
    OwnSessions.end(settings.target(), settings.sessionName());
    run.history.lastReport().ifPresent(last -> run.meter.appliedBefore(last.changesApplied()));
    if (run.history.pastPointOfNoReturn()) {
      recoverFromGoingBack(run);
      return;
    }
    try (Connection source = PinnedSession.open(run.source, "recovery");
        Connection target = PinnedSession.open(run.target, "recovery")) {
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

  /** An earlier run was taking the application back, and had not decided to. */
  private void recoverFromGoingBack(MigrationRun run) throws SQLException {
    run.history.endAsked().ifPresent(run.requests::end);
    if (run.history.rollbackDecided() || !run.history.finished(MigrationStep.CUTOVER)) {
      return;
    }
    try (Connection target = PinnedSession.open(run.target, "recovery")) {
      run.fence().lower(target, FENCE_LIMIT);
    }
    RouteControl route = run.route;
    if (route != null) {
      route.reopen();
    }
  }

  /**
   * A slot keeps the server from recycling its log, and a full disk stops the application. Before
   * the switch the migration gives way; after it the way back does.
   */
  private void boundLog(MigrationRun run, long retained) {
    long limit = settings.retainedWalLimit();
    if (limit == 0 || retained <= limit || !run.logBounded.compareAndSet(false, true)) {
      return;
    }
    String reason =
        String.format(
            Locale.ROOT,
            "%,d bytes of write-ahead log were kept for the migration, more than the limit of %,d. ",
            retained,
            limit);
    run.notifier.notice(reason);
    if (run.pastPointOfNoReturn()) {
      if (settings.reverses()) {
        run.requests.end(Requests.End.FINISH);
      }
      return;
    }
    // Not in this thread: it is the one that the end of the run waits for.
    Thread stopper =
        new Thread(
            () -> {
              try {
                active().ifPresent(current -> abort(current, reason));
              } catch (CloudDbException e) {
                LOG.warn("Migration {} went on: {}", settings.id(), e.getMessage());
              }
            },
            "clouddb-stop-" + settings.id());
    stopper.setDaemon(true);
    stopper.start();
  }

  /** Lets the run that is under way stand still. */
  public void pause() {
    active().orElseThrow(PostgresMigration::notUnderWay).run.pace.pause();
  }

  /** Lets it go on. */
  public void resume() {
    active().orElseThrow(PostgresMigration::notUnderWay).run.pace.resume();
  }

  /**
   * Limits the rate of the run that is under way.
   *
   * @param bytesPerSecond 0 for no limit
   */
  public void throttle(long bytesPerSecond) {
    active().orElseThrow(PostgresMigration::notUnderWay).run.pace.throttle(bytesPerSecond);
  }

  /**
   * Stops the run that is under way in another thread, or undoes what an earlier one left.
   *
   * @return how it ended: rolled back
   */
  public MigrationReport abort() {
    return active().map(current -> abort(current, "")).orElseGet(this::abortEarlier);
  }

  private MigrationReport abort(Active current, String reason) {
    current.run.requests.abort(reason);
    current.run.pace.resume();
    try {
      // What the steps wait for is in their sessions; a step may open another before it looks.
      while (!current.unwinding.await(500, TimeUnit.MILLISECONDS)) {
        endSessions();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return ended(current);
  }

  private static CloudDbException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return ErrorDetails.of(ErrorCategory.DEADLINE, "Interrupted while the migration stopped")
        .nextStep("It goes on stopping; see its state.")
        .toException(e);
  }

  private static MigrationReport ended(Active current) {
    try {
      current.ended.await();
    } catch (InterruptedException e) {
      throw interrupted(e);
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
              settings.sessionName(),
              retained -> {})) {
        return rollBack(run, new Outcome(run, history.startedAt(), steps, sampler));
      }
    }
  }

  /**
   * Writes the rows of the target anew that differ.
   *
   * @return what was done
   */
  public RepairReport repair() {
    try (Journal journal = settings.state().open(settings.id())) {
      return new RepairRun(settings, new History(journal)).run(this::recover);
    }
  }

  /** Lets a run that waits for it begin its cutover. */
  public void cutOver() {
    active().orElseThrow(PostgresMigration::notUnderWay).run.requests.cutOver();
  }

  /**
   * Rehearses the cutover: in the run that is under way, as soon as it follows the source, or else
   * from what an earlier run left.
   *
   * @return what was measured
   */
  public Rehearsal rehearse() {
    Optional<Active> current = active();
    if (current.isPresent()) {
      return result(current.get().run.requests.rehearse());
    }
    try (Journal journal = settings.state().open(settings.id())) {
      History history = new History(journal);
      if (!history.underWay() || !history.finished(MigrationStep.SYNC)) {
        throw ErrorDetails.of(
                ErrorCategory.CONDITION_FAILED,
                "There is no copy yet with which the cutover could be rehearsed")
            .nextStep("Run the migration, and ask again while it runs or after it was stopped.")
            .toException();
      }
      MigrationRun run = new MigrationRun(settings, history);
      CompletableFuture<Rehearsal> asked = run.requests.rehearse();
      try {
        recover(run);
        if (run.history.pastPointOfNoReturn()) {
          throw ErrorDetails.of(
                  ErrorCategory.CONDITION_FAILED, "The cutover is over; there is none to rehearse")
              .toException();
        }
        run.readTables();
        CutoverTask.rehearseAsked(run);
      } catch (SQLException e) {
        throw SqlFailure.of("rehearsing the cutover", e);
      } finally {
        run.close();
      }
      return result(asked);
    }
  }

  private static Rehearsal result(CompletableFuture<Rehearsal> asked) {
    try {
      return asked.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorDetails.of(ErrorCategory.DEADLINE, "Interrupted while the cutover was rehearsed")
          .nextStep("The rehearsal goes on, and opens the source again.")
          .toException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CloudDbException known) {
        throw known;
      }
      throw ErrorDetails.of(
              ErrorCategory.OTHER, "The cutover could not be rehearsed: " + e.getCause())
          .toException(e.getCause());
    }
  }

  /**
   * Ends the time in which the application can go back, and cleans up.
   *
   * @return how the migration ended
   */
  public MigrationReport finish() {
    return end(Requests.End.FINISH);
  }

  /**
   * Undoes the migration: before the switch as {@link #abort} does, after it by taking the
   * application back.
   *
   * @return how it ended
   */
  public MigrationReport rollback() {
    Optional<Active> current = active();
    boolean switched;
    if (current.isPresent()) {
      switched = current.get().run.pastPointOfNoReturn();
    } else {
      try (Journal journal = settings.state().open(settings.id())) {
        switched = new History(journal).pastPointOfNoReturn();
      }
    }
    return switched ? end(Requests.End.ROLL_BACK) : abort();
  }

  private MigrationReport end(Requests.End how) {
    Optional<Active> current = active();
    if (current.isPresent()) {
      Active running = current.get();
      requireWayBack(running.run.history);
      running.run.requests.end(how);
      running.run.history.endAsked(how);
      return ended(running);
    }
    try (Journal journal = settings.state().open(settings.id())) {
      History history = new History(journal);
      requireWayBack(history);
      if (history.underWay()) {
        history.endAsked(how);
      } else if (how == Requests.End.ROLL_BACK) {
        throw ErrorDetails.of(
                ErrorCategory.CONDITION_FAILED,
                "The migration " + settings.id() + " is over; there is no way back any more")
            .toException();
      }
    }
    return run();
  }

  private void requireWayBack(History history) {
    if (!settings.reverses() || !history.pastPointOfNoReturn()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              settings.reverses()
                  ? "The application has not been switched to the target yet"
                  : "The migration " + settings.id() + " has no reverse replication")
          .nextStep(
              settings.reverses()
                  ? "Let the migration come to its cutover, or abort it."
                  : "Run the migration again to finish it; its application stays on the target.")
          .toException();
    }
  }

  private static CloudDbException notUnderWay() {
    return ErrorDetails.of(ErrorCategory.NOT_FOUND, "The migration is not under way")
        .nextStep("Run it first.")
        .toException();
  }

  private synchronized Optional<Active> active() {
    return Optional.ofNullable(active);
  }

  /** Removes the fence from the source. */
  public void releaseSource() {
    release(settings.source());
  }

  /** Removes the fence from the target, after the application was taken back. */
  public void releaseTarget() {
    release(settings.target());
  }

  private void release(ConnectionDetails side) {
    try (Connection connection = PinnedSession.open(side, "release")) {
      new WriteFence(settings.id(), List.of()).remove(connection, FENCE_LIMIT);
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
