/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteControl;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the old source current after the switch, until the window is over, the migration is
 * finished, or the application is taken back.
 */
final class ReverseTask implements MigrationTask {
  private static final Logger LOG = LoggerFactory.getLogger(ReverseTask.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final String CHANGES = "changesReversed";

  @Override
  public MigrationStep step() {
    return MigrationStep.REVERSE;
  }

  @Override
  public Done run(MigrationRun run) throws SQLException {
    if (run.history.rollbackDecided()) {
      return goBackForGood(run);
    }
    run.stopApplier();
    run.history.removing("slot and publication of the source");
    new Traces(run.settings).removeForward();
    Instant end = end(run);
    if (isOver(run, end)) {
      // A slot that is lost, or a change that cannot be applied, is no reason not to end it.
      return finish(run, 0);
    }
    Direction reverse = ReverseReplication.start(run);
    ImitatedMarks marks = new ImitatedMarks(run, reverse.applier());
    keepCurrent(run, reverse, end, marks);
    if (!askedBack(run)) {
      Done done = finish(run, reverse.applier().counters().rows());
      marks.look();
      return done;
    }
    try {
      Done done = takeBack(run, reverse, run.switchedInThisRun);
      marks.look();
      return done;
    } catch (SQLException | CloudDbException e) {
      try {
        run.history.rollbackFailed(String.valueOf(e.getMessage()));
      } catch (CloudDbException journal) {
        e.addSuppressed(journal);
      }
      throw e;
    }
  }

  /** Brings changes back until the application is to go back, or never will. */
  private static void keepCurrent(
      MigrationRun run, Direction reverse, Instant end, ImitatedMarks marks) {
    TargetWatch watch = new TargetWatch(run);
    try (ForeignKeyCheck keys = ForeignKeyCheck.start(run)) {
      run.meter.activity = "keeping the source current";
      while (!askedBack(run) && !isOver(run, end)) {
        reverse.check();
        keys.look();
        watch.look();
        marks.look();
        run.requests.await(LOOK_AGAIN);
      }
    }
  }

  private static boolean askedBack(MigrationRun run) {
    return run.requests.end().orElse(null) == Requests.End.ROLL_BACK;
  }

  private static boolean isOver(MigrationRun run, Instant end) {
    return run.requests.end().isEmpty()
        ? !run.settings.clock().instant().isBefore(end)
        : run.requests.end().get() == Requests.End.FINISH;
  }

  private static Instant end(MigrationRun run) {
    try {
      return run.history.switchedAt().plus(run.settings.reverseWindow());
    } catch (ArithmeticException | DateTimeException e) {
      LOG.debug("The way back has no end of its own", e);
      return Instant.MAX;
    }
  }

  /** Everything that was written before now is on the source, but nothing more follows. */
  private static Done finish(MigrationRun run, long changes) throws SQLException {
    run.stopReverse();
    try (Connection source = CatalogSession.open(run.source)) {
      SourceReopening.restore(run, source);
    }
    return new Done(
        String.format(
            Locale.ROOT, "%,d changes brought back to the source; the way back is closed", changes),
        Map.of(CHANGES, Long.toString(changes)));
  }

  private static Done takeBack(MigrationRun run, Direction reverse, boolean unbroken)
      throws SQLException {
    TargetChanges.read(run).requireNone();
    run.meter.activity = "waiting for the source to be close behind";
    CatchUp.await(run, reverse, run.settings.lagLimit());
    if (!unbroken) {
      // What an earlier run brought back has not been compared, nor is it known what that was.
      run.meter.activity = "comparing all rows";
      RowComparison.everything(
          run, ReverseReplication.withChanges(run, reverse, TargetChanges.read(run)));
    }
    CutoverTask.removeDead(run);
    // Right before the pause: comparing can take hours.
    TargetChanges changes = TargetChanges.read(run);
    Direction back = ReverseReplication.withChanges(run, reverse, changes);
    CutoverAttempt attempt = new CutoverAttempt(run, new SourceTakeover(run, back, changes));
    String details = attempt.run();
    long rows = reverse.applier().counters().rows();
    run.takenBack = true;
    return new Done(
        String.format(
            Locale.ROOT,
            "%,d changes brought back; the application is on the source: %s",
            rows,
            details),
        Map.of(CHANGES, Long.toString(rows)));
  }

  /**
   * An earlier run decided for the source and ended before it could say so to the applications. The
   * source has everything as long as the target's fence has stood since then.
   */
  private static Done goBackForGood(MigrationRun run) throws SQLException {
    RouteControl route = run.route;
    boolean told = route != null && route.read().side() == Route.Side.SOURCE;
    try (Connection source = CatalogSession.open(run.source);
        Connection target = CatalogSession.open(run.target)) {
      if (!told && PositionTable.read(source, run.settings.id()).isPresent()) {
        FenceSinceDecision.whenItStood(
            run,
            target,
            run.history.rollbackFacts(),
            Route.Side.SOURCE,
            () -> openForGood(run, source));
      } else {
        openForGood(run, source);
      }
    }
    run.takenBack = true;
    return Done.of("The way back that an earlier run decided was completed");
  }

  /** Before the other side's session is given back, which may not answer any more. */
  private static void openForGood(MigrationRun run, Connection source) throws SQLException {
    SourceReopening.open(run, source);
    run.forceRoute(Route.Side.SOURCE);
  }
}
