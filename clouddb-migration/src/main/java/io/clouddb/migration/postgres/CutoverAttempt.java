/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.UnavailableException;
import io.clouddb.migration.postgres.apply.ExpectedMarker;
import io.clouddb.migration.postgres.cutover.FenceMarker;
import io.clouddb.migration.postgres.cutover.OpenWrites;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.schema.SequenceValues;
import io.clouddb.migration.report.Rehearsal;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteControl;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try to take the application from one side to the other: pause, fence, drain, marker, the last
 * comparison, what the stream does not carry, the decision, the switch. What fails before the
 * decision is reverted: the fence goes, then the route opens to the side that it came from.
 */
final class CutoverAttempt {
  private static final Logger LOG = LoggerFactory.getLogger(CutoverAttempt.class);
  private static final Duration LOWER_LIMIT = Duration.ofSeconds(30);
  private static final Duration ASK_LIMIT = Duration.ofSeconds(1);
  private static final Duration LEASE_MARGIN = Duration.ofSeconds(5);

  private final MigrationRun run;
  private final MigrationSettings settings;
  private final Takeover takeover;
  private final Direction direction;
  private final WriteFence fence;
  private long pauseMillis;
  private final Map<String, Long> pauseParts = new LinkedHashMap<>();
  private boolean takerChanged;
  private boolean completing;

  /** What was measured before the decision. */
  private record Caught(UUID marker, long compared, int sequences) {}

  CutoverAttempt(MigrationRun run, Takeover takeover) {
    this.run = run;
    this.settings = run.settings;
    this.takeover = takeover;
    this.direction = takeover.direction();
    this.fence = direction.fence(settings.id());
  }

  /** From the request to pause to the switch of the route. */
  long pauseMillis() {
    return pauseMillis;
  }

  /** What it was made of, in milliseconds. */
  Map<String, Long> pauseParts() {
    return pauseParts;
  }

  /** Whether the side that takes over was changed and is so still: applying cannot go on. */
  boolean takerChanged() {
    return takerChanged;
  }

  /** Takes the application over. */
  String run() throws SQLException {
    try (PauseSessions sessions = PauseSessions.open(run, direction)) {
      prepare(sessions);
      try (PauseLimit limit =
          PauseLimit.begin(settings.pauseLimit(), sessions.all(), takeover::cancel)) {
        run.pace.urgent(true);
        return inPause(limit, paused -> takeOver(sessions, limit, paused));
      }
    } finally {
      run.pace.urgent(false);
    }
  }

  private String takeOver(PauseSessions sessions, PauseLimit limit, @Nullable Route paused)
      throws SQLException {
    Caught caught = catchUp(sessions, limit);
    PhaseTimes times = limit.times();
    times.begin("triggers");
    run.meter.activity = "making foreign keys and triggers";
    completing = true;
    takeover.complete(sessions.from, sessions.to);
    times.begin("switch");
    fence.requireStanding(sessions.from);
    boolean decided = false;
    try {
      limit.decide();
      takeover.decide(
          Map.of(
              "marker",
              caught.marker.toString(),
              "writePauseMillis",
              Long.toString(times.millis()),
              FenceSinceDecision.FACT,
              fence.kept()));
      decided = true;
    } finally {
      if (!decided) {
        // Its locks would be in the way of whoever lowers the fence. Once it is decided they go
        // with the session: nothing is asked of this side any more, which may not answer.
        fence.release(sessions.from);
      }
    }
    takeover.open(sessions.to);
    switchOver(paused);
    pauseMillis = times.millis();
    times.end();
    times.parts().forEach((part, took) -> pauseParts.put(part, took.toMillis()));
    return String.format(
        Locale.ROOT,
        "write pause %d ms (%s); %,d changed rows compared, %d sequences set",
        pauseMillis,
        times,
        caught.compared,
        caught.sequences);
  }

  /** Does the same up to the decision, and opens the side that the application came from again. */
  Rehearsal rehearse() throws SQLException {
    try (PauseSessions sessions = PauseSessions.open(run, direction)) {
      prepare(sessions);
      try (PauseLimit limit =
          PauseLimit.begin(settings.pauseLimit(), sessions.all(), takeover::cancel)) {
        run.pace.urgent(true);
        Caught caught = inPause(limit, paused -> catchUp(sessions, limit));
        PhaseTimes times = limit.times();
        return new Rehearsal(Duration.ofMillis(times.millis()), times.parts(), caught.compared);
      }
    } finally {
      run.pace.urgent(false);
    }
  }

  /** What is done while the application is paused. */
  private interface Work<T> {
    T in(@Nullable Route paused) throws SQLException;
  }

  /** Pauses, works, and unless that came to the decision, opens again and undoes. */
  private <T> T inPause(PauseLimit limit, Work<T> work) throws SQLException {
    Route paused = pause(limit);
    Exception failed = null;
    try {
      return work.in(paused);
    } catch (CloudDbException e) {
      failed = limit.explain(e);
      throw (CloudDbException) failed;
    } catch (SQLException e) {
      failed = e;
      throw limit.explain(e);
    } finally {
      if (!takeover.decided()) {
        limit.times().begin("open");
        limit.close();
        revert(paused);
        limit.times().end();
        undo(failed);
      }
    }
  }

  /** All that can be done before the pause is. */
  private void prepare(PauseSessions sessions) throws SQLException {
    run.awaitResumed();
    requireNoPreparedTransaction(sessions.from);
    takeover.prepare(sessions.from, sessions.to);
    ConnectionDetails taker = direction.to();
    fence.prepare(sessions.from, taker.host() + ":" + taker.port() + "/" + taker.database());
    sessions.prepare();
    askFirst(sessions);
    sessions.comparison.narrow();
    PauseLimit.prepare(settings.pauseLimit(), sessions.all());
    run.checkAborted();
  }

  /**
   * Asks what the pause asks behind the fence, since the first time takes a multiple, in the
   * server's session and here. The answers are for the pause to find: in front of the fence the
   * application is at work, with temporary tables in its transactions, say.
   */
  private void askFirst(PauseSessions sessions) throws SQLException {
    PauseLimit.prepare(ASK_LIMIT, List.of(sessions.from, sessions.to));
    ask(() -> OpenWrites.on(sessions.from, direction.tableNames()));
    ask(() -> SequenceValues.differing(sessions.from, sessions.to, settings.selection()));
    ask(() -> takeover.requireAllCarried(sessions.from, Duration.ZERO));
  }

  /** A question whose answer does not matter. */
  private interface Question {
    void ask() throws SQLException;
  }

  private void ask(Question question) {
    try {
      question.ask();
    } catch (SQLException | CloudDbException e) {
      LOG.debug("Migration {}: left to the pause: {}", settings.id(), e.getMessage());
    }
  }

  private Caught catchUp(PauseSessions sessions, PauseLimit limit) throws SQLException {
    PhaseTimes times = limit.times();
    times.begin("fence");
    run.meter.activity = "fencing the " + other(takeover.side());
    fence.raise(sessions.from, limit.atMost(settings.fenceLimit()));
    OpenWrites.awaitEnd(sessions.from, direction.tableNames(), limit.atMost(settings.fenceLimit()));
    takeover.requireAllCarried(sessions.from, limit.atMost(settings.fenceLimit()));
    times.begin("apply");
    run.meter.activity = "applying the rest";
    UUID marker = UUID.randomUUID();
    try (ExpectedMarker expected = direction.applier().expectMarker(FenceMarker.content(marker))) {
      FenceMarker.write(sessions.from, marker);
      expected.await(limit.atMost(settings.catchUpLimit()));
    }
    run.checkAborted();
    times.begin("compare");
    run.meter.activity = "comparing what changed";
    // Held until the pause is over: what is made from here on, nothing may be applied past.
    direction.applier().hold(limit.left());
    long compared = sessions.comparison.last();
    if (!sessions.unlogged.isEmpty()) {
      times.begin("unlogged tables");
      run.meter.activity = "copying tables that the stream lacks";
      long rows = sessions.unlogged.copy();
      run.notifier.notice(
          String.format(
              Locale.ROOT,
              "%,d rows of %d tables that the stream lacks were copied behind the fence",
              rows,
              direction.unlogged().size()));
    }
    times.begin("sequences");
    int sequences = SequenceValues.copy(sessions.from, sessions.to, settings.selection());
    times.end();
    return new Caught(marker, compared, sequences);
  }

  private @Nullable Route pause(PauseLimit limit) {
    RouteControl route = run.route;
    if (route == null) {
      return null;
    }
    limit.times().begin("drain");
    run.meter.activity = "pausing the application";
    Duration drain = limit.atMost(settings.drainLimit());
    try {
      Route paused = route.pause(drain, settings.pauseLimit().plus(LEASE_MARGIN));
      limit.times().end();
      return paused;
    } catch (UnavailableException e) {
      // Perhaps it is paused all the same: the answer may have been lost.
      reopen(route, e);
      throw e;
    }
  }

  private void reopen(RouteControl route, Exception because) {
    try {
      run.history.requireHeld();
      route.reopen();
    } catch (CloudDbException e) {
      because.addSuppressed(e);
    }
  }

  /** After the decision there is one way only, also when the pause outlived its lease. */
  private void switchOver(@Nullable Route paused) {
    RouteControl route = run.route;
    if (route == null || paused == null) {
      return;
    }
    try {
      route.open(paused, takeover.side());
    } catch (CloudDbException e) {
      LOG.warn("Migration {}: the switch is forced: {}", settings.id(), e.getMessage());
      run.forceRoute(takeover.side());
    }
  }

  private void revert(@Nullable Route paused) {
    // A run that lost its lease leaves the fence to the one that has it now.
    run.history.reopening();
    // Not in the sessions of the pause: those may be cancelled still, or lost.
    try (Connection from = run.outsideOfPauses(direction.from(), LOWER_LIMIT)) {
      fence.lower(from);
    } catch (SQLException | CloudDbException e) {
      LOG.error("Migration {}: the fence could not be lowered", settings.id(), e);
      run.leftBehind.add(
          "On the %s: the fence on its tables (triggers clouddb_%s_fence), which refuses writes; run the migration again, or abort it, to lower it"
              .formatted(other(takeover.side()), settings.id()));
    }
    RouteControl route = run.route;
    if (route != null && paused != null) {
      // Not by the paused record: its lease may have run out, and the members opened it then.
      route.reopen();
    }
  }

  /**
   * Lets the applier go on where it was held, once the side that did not take over is as it was. It
   * stays held, and no other try follows, when that cannot be.
   */
  private void undo(@Nullable Exception failed) {
    if (completing) {
      try {
        takeover.undo(LOWER_LIMIT);
      } catch (SQLException | CloudDbException e) {
        LOG.error("Migration {}: what was made in the pause could not be undone", settings.id(), e);
        takerChanged = true;
        if (failed != null) {
          failed.addSuppressed(e);
        }
        run.leftBehind.add(
            "On the %s: foreign keys and triggers that the pause made, past which no changes are applied; run the migration again to take them back"
                .formatted(takeover.side() == Route.Side.TARGET ? "target" : "source"));
        return;
      }
    }
    direction.applier().release();
  }

  private static String other(Route.Side side) {
    return side == Route.Side.TARGET ? "source" : "target";
  }

  private static void requireNoPreparedTransaction(Connection from) throws SQLException {
    try (Statement statement = from.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_catalog.count(*) FROM pg_catalog.pg_prepared_xacts"
                    + " WHERE database = pg_catalog.current_database()")) {
      row.next();
      if (row.getLong(1) > 0) {
        throw ErrorDetails.of(
                ErrorCategory.DEADLINE, row.getLong(1) + " prepared transactions are open")
            .nextStep("Commit or roll back what pg_prepared_xacts lists; then run it again.")
            .toException();
      }
    }
  }
}
