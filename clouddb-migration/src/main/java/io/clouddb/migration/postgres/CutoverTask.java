/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.Rehearsal;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteControl;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Takes the application over: tries a few times, each time from a target that is close behind, and
 * leaves the source open and everything as it was when a try misses a limit.
 */
final class CutoverTask implements MigrationTask {
  private static final String PAUSE = "writePauseMillis";
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** Nobody is told of a lease of the usual length. */
  private static final Duration TOLD_AFTER = Duration.ofSeconds(10);

  private boolean refreshed;

  @Override
  public MigrationStep step() {
    return MigrationStep.CUTOVER;
  }

  @Override
  public void restore(MigrationRun run, Map<String, String> facts) throws SQLException {
    run.readTables();
    run.passPointOfNoReturn();
    run.writePauseMillis = Long.parseLong(facts.getOrDefault(PAUSE, "0"));
  }

  @Override
  public Done run(MigrationRun run) throws SQLException {
    if (run.history.pastPointOfNoReturn()) {
      return goForward(run);
    }
    removeDead(run);
    for (int attempt = 1; ; attempt++) {
      run.meter.activity = "waiting for the target to be close behind";
      CatchUp.await(run, run.forward(), run.settings.lagLimit());
      awaitRequest(run);
      run.checkAborted();
      refreshOnce(run);
      CutoverAttempt cutover = new CutoverAttempt(run, new TargetTakeover(run));
      try {
        String details = cutover.run();
        run.writePauseMillis = cutover.pauseMillis();
        run.pauseParts = cutover.pauseParts();
        run.switchedInThisRun = true;
        return new Done(details, Map.of(PAUSE, Long.toString(run.writePauseMillis)));
      } catch (CloudDbException e) {
        if (e.category() != ErrorCategory.DEADLINE
            || cutover.takerChanged()
            || attempt >= run.settings.cutoverAttempts()) {
          throw e;
        }
        run.checkAborted();
        run.checkApplier();
        run.notifier.notice(
            "The cutover was put off, the application goes on with the source (try %d of %d): %s"
                .formatted(attempt, run.settings.cutoverAttempts(), e.details().message()));
      }
    }
  }

  /**
   * A pause waits for a dead process until its limit, and anew in each try. Tells whom this waits
   * for, when that is not over in a moment.
   */
  static void removeDead(MigrationRun run) {
    RouteControl route = run.route;
    if (route == null) {
      return;
    }
    run.meter.activity = "waiting for a sign of each application";
    Set<String> told = new HashSet<>();
    long from = System.nanoTime() + TOLD_AFTER.toNanos();
    List<String> removed =
        route.removeDead(
            RouteControl.LONGEST_SILENCE,
            silent -> {
              run.checkAborted();
              if (System.nanoTime() - from >= 0) {
                silent.stream()
                    .filter(told::add)
                    .forEach(member -> run.notifier.notice("Waiting for a sign of " + member));
              }
            });
    removed.forEach(member -> run.notifier.notice("No sign of " + member));
  }

  /**
   * A REFRESH on the source does not come with the stream. The views were filled from the first
   * copy; here, before the pause and as late as that, they become as fresh as any on the source.
   */
  private void refreshOnce(MigrationRun run) throws SQLException {
    if (refreshed) {
      return;
    }
    run.meter.activity = "refreshing materialized views";
    if (run.schema.refreshMaterializedViews() > 0) {
      CatchUp.await(run, run.forward(), run.settings.lagLimit());
    }
    refreshed = true;
  }

  /** Makes the rehearsals that were asked for. */
  static void rehearseAsked(MigrationRun run) throws SQLException {
    Optional<CompletableFuture<Rehearsal>> asked = run.requests.nextRehearsal();
    while (asked.isPresent()) {
      rehearse(run, asked.get());
      asked = run.requests.nextRehearsal();
    }
  }

  /** Makes the rehearsals that were asked for, and waits for the word when it is to come. */
  private static void awaitRequest(MigrationRun run) throws SQLException {
    boolean told = false;
    while (true) {
      run.checkAborted();
      run.checkApplier();
      rehearseAsked(run);
      if (!run.settings.cutoverOnRequest() || run.requests.cutoverAsked()) {
        return;
      }
      if (!told) {
        run.notifier.notice("Ready for the cutover, which waits until it is asked for");
        told = true;
      }
      run.meter.activity = "waiting for the cutover to be asked for";
      run.requests.await(LOOK_AGAIN);
    }
  }

  /** Until the cutover, which can be days later, its slot would only keep the target's log. */
  private static void discardWayBack(MigrationRun run) {
    ReverseReplication.discard(run)
        .forEach(left -> run.notifier.notice("After the rehearsal there is still: " + left));
  }

  /** What goes wrong is for whoever asked; the migration goes on. */
  private static void rehearse(MigrationRun run, CompletableFuture<Rehearsal> asked)
      throws SQLException {
    try {
      CatchUp.await(run, run.forward(), run.settings.lagLimit());
      Rehearsal rehearsal = new CutoverAttempt(run, new TargetTakeover(run)).rehearse();
      discardWayBack(run);
      asked.complete(rehearsal);
    } catch (CloudDbException | SQLException | AbortedException e) {
      asked.completeExceptionally(e);
      run.checkAborted();
      // Held still when the route could not be opened; nothing was made past which it cannot apply.
      run.forward().applier().release();
      discardWayBack(run);
    } catch (RuntimeException | Error e) {
      // Whoever asked would wait for ever.
      asked.completeExceptionally(e);
      throw e;
    }
  }

  /**
   * An earlier run decided for the target and ended before it could say so to the applications. The
   * target has everything as long as the fence has stood since then.
   */
  private static Done goForward(MigrationRun run) throws SQLException {
    run.passPointOfNoReturn();
    run.readTables();
    RouteControl route = run.route;
    if (route == null || route.read().side() != Route.Side.TARGET) {
      try (Connection source = PinnedSession.open(run.source, "fence")) {
        FenceSinceDecision.whenItStood(
            run,
            source,
            run.history.pointOfNoReturnFacts(),
            Route.Side.TARGET,
            () -> {
              if (route != null) {
                run.forceRoute(Route.Side.TARGET);
              }
            });
      }
    }
    run.writePauseMillis =
        Long.parseLong(run.history.pointOfNoReturnFacts().getOrDefault(PAUSE, "0"));
    return new Done(
        "The switch that an earlier run decided was completed",
        Map.of(PAUSE, Long.toString(run.writePauseMillis)));
  }
}
