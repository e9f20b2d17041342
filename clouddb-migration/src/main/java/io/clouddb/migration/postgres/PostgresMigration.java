/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.schema.FailedForeignKey;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.PreflightReport;
import io.clouddb.migration.report.Rehearsal;
import io.clouddb.migration.report.RepairReport;
import io.clouddb.migration.report.StepReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.state.Journal;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs the steps of a migration in order, with a journal; and undoes them up to the switch. */
public final class PostgresMigration {
  private static final Duration FENCE_LIMIT = Duration.ofSeconds(30);

  private final MigrationSettings settings;

  private @Nullable ActiveRun active;

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
    ActiveRun mine = null;
    try (Journal journal = settings.state().open(settings.id())) {
      History history = new History(journal);
      Optional<MigrationReport> over = history.finalReport();
      if (over.isPresent()) {
        return over.get();
      }
      mine = new ActiveRun(new MigrationRun(settings, history));
      synchronized (this) {
        active = mine;
      }
      MigrationReport report = new StepSequence(mine).run();
      mine.report(report);
      return report;
    } finally {
      if (mine != null) {
        synchronized (this) {
          active = null;
        }
        mine.ended();
      }
    }
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
    return active().map(current -> current.abort("")).orElseGet(this::abortEarlier);
  }

  private MigrationReport abortEarlier() {
    try (Journal journal = settings.state().open(settings.id())) {
      History history = new History(journal);
      Optional<MigrationReport> undone = history.undoneReport();
      if (undone.isPresent()) {
        return undone.get();
      }
      if (!history.underWay()) {
        throw history.nothingTo("abort", settings.id());
      }
      if (history.pastPointOfNoReturn()) {
        throw ErrorDetails.of(
                ErrorCategory.CONDITION_FAILED,
                history.rollbackDecided()
                    ? "The application's return to the source was decided already; nothing was aborted"
                    : "The application works on the target already; nothing was aborted")
            .nextStep("Run the migration again to finish it.")
            .toException();
      }
      // What is on the source is what an abort is for; a target that was lost is no obstacle.
      JournalledEnds ends = new JournalledEnds(settings, history);
      history.requireSame(settings.identity());
      ends.require(Route.Side.SOURCE);
      Optional<String> otherTarget = ends.other(Route.Side.TARGET);
      MigrationRun run = new MigrationRun(settings, history);
      OwnSessions.endAll(settings);
      List<StepReport> steps = new ArrayList<>(history.stepReports());
      try (ProgressSampler sampler =
          new ProgressSampler(
              run.meter,
              run.notifier,
              settings.clock(),
              settings.source(),
              settings.sessionName(),
              (read, waiting) -> {})) {
        return SourceRestore.run(
            run,
            new Outcome(run, ends, history.startedAt(), steps, sampler),
            new Traces(settings, otherTarget.orElse("")));
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
      return new RepairRun(settings, new History(journal)).run();
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
    Optional<ActiveRun> current = active();
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
      JournalledEnds ends = new JournalledEnds(settings, history);
      ends.requireBoth();
      ends.requireNoFailover(Route.Side.SOURCE);
      MigrationRun run = new MigrationRun(settings, history);
      CompletableFuture<Rehearsal> asked = run.requests.rehearse();
      try {
        Recovery.recover(run);
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
    Optional<ActiveRun> current = active();
    boolean switched;
    if (current.isPresent()) {
      switched = current.get().run.pastPointOfNoReturn();
    } else {
      try (Journal journal = settings.state().open(settings.id())) {
        History history = new History(journal);
        switched = history.pastPointOfNoReturn() && history.undoneReport().isEmpty();
      }
    }
    return switched ? end(Requests.End.ROLL_BACK) : abort();
  }

  private MigrationReport end(Requests.End how) {
    Optional<ActiveRun> current = active();
    if (current.isPresent()) {
      ActiveRun running = current.get();
      requireWayBack(running.run.history, how);
      // In this order: should it fail at once, that is written down behind it.
      running.run.history.endAsked(how);
      running.run.requests.end(how);
      return running.awaitReport();
    }
    try (Journal journal = settings.state().open(settings.id())) {
      History history = new History(journal);
      requireWayBack(history, how);
      if (history.underWay()) {
        new JournalledEnds(settings, history).requireBoth();
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

  private void requireWayBack(History history, Requests.End how) {
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
    if (how == Requests.End.ROLL_BACK
        && history.underWay()
        && history.finished(MigrationStep.REVERSE)
        && !history.rollbackDecided()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The migration " + settings.id() + " was finished; there is no way back any more")
          .nextStep("Run the migration again to clean up; its application stays on the target.")
          .toException();
    }
  }

  private static CloudDbException notUnderWay() {
    return ErrorDetails.of(ErrorCategory.NOT_FOUND, "The migration is not under way")
        .nextStep("Run it first.")
        .toException();
  }

  private synchronized Optional<ActiveRun> active() {
    return Optional.ofNullable(active);
  }

  /** Removes the fence from the source. */
  public void releaseSource() {
    release(Route.Side.SOURCE, settings.source());
  }

  /** Removes the fence from the target, after the application was taken back. */
  public void releaseTarget() {
    release(Route.Side.TARGET, settings.target());
  }

  private void release(Route.Side side, ConnectionDetails database) {
    if (active().isPresent()) {
      throw ErrorDetails.of(
              ErrorCategory.BUSY,
              "The migration " + settings.id() + " is under way, and its fence is needed")
          .nextStep("Let the run end, or stop it by abort(), rollback() or finish().")
          .toException();
    }
    // Held meanwhile: a run elsewhere, or one that begins now, may be about to rely on the fence.
    try (Journal journal = settings.state().open(settings.id())) {
      new JournalledEnds(settings, new History(journal)).require(side);
      if (side == Route.Side.SOURCE) {
        requireAsItWas(SourceReopening.release(settings));
        return;
      }
      try (Connection connection = PinnedSession.open(database, "release")) {
        new WriteFence(settings.id(), List.of()).remove(connection, FENCE_LIMIT);
      }
    } catch (SQLException e) {
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE, "The fence could not be removed: " + e.getMessage())
          .providerCode(e.getSQLState())
          .toException(e);
    }
  }

  private static void requireAsItWas(List<FailedForeignKey> failed) {
    if (!failed.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.DATA,
              "The source takes writes again, but these foreign keys are not as they were: "
                  + failed.stream()
                      .map(key -> key.name() + " ON " + key.table() + ": " + key.reason())
                      .collect(Collectors.joining("; ")))
          .nextStep(
              "Put right what violates them, then: "
                  + failed.stream().map(FailedForeignKey::sql).collect(Collectors.joining("; "))
                  + ";")
          .toException();
    }
  }
}
