/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.copy.UnloggedTables;
import io.clouddb.migration.postgres.cutover.FenceMarker;
import io.clouddb.migration.postgres.cutover.OpenWrites;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.schema.SequenceValues;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.report.Rehearsal;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteControl;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
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
  private static final Duration LEASE_MARGIN = Duration.ofSeconds(5);

  private final MigrationRun run;
  private final MigrationSettings settings;
  private final Takeover takeover;
  private final Direction direction;
  private final WriteFence fence;
  private long pauseMillis;
  private boolean takerChanged;

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

  /** Whether the side that takes over was changed, so that applying cannot go on. */
  boolean takerChanged() {
    return takerChanged;
  }

  /** Takes the application over. */
  String run() throws SQLException {
    try (Connection from = CatalogSession.open(direction.from());
        Connection to = CatalogSession.open(direction.to());
        RowComparison comparison = RowComparison.open(run, direction)) {
      prepare(from, to, comparison);
      run.pace.urgent(true);
      PhaseTimes times = new PhaseTimes();
      Route paused = pause(times);
      boolean switched = false;
      try {
        Caught caught = catchUp(from, to, comparison, times);
        takerChanged = true;
        takeover.complete(from, to);
        times.done("triggers");
        takeover.decide(
            Map.of(
                "marker",
                caught.marker.toString(),
                "writePauseMillis",
                Long.toString(times.millis())));
        takeover.open(to);
        switchOver(paused);
        switched = true;
        pauseMillis = times.millis();
        times.done("switch");
        return String.format(
            Locale.ROOT,
            "write pause %d ms (%s); %,d changed rows compared, %d sequences set",
            pauseMillis,
            times,
            caught.compared,
            caught.sequences);
      } finally {
        if (!switched && !takeover.decided()) {
          revert(paused);
        }
      }
    } finally {
      run.pace.urgent(false);
    }
  }

  /** Does the same up to the decision, and opens the side that the application came from again. */
  Rehearsal rehearse() throws SQLException {
    try (Connection from = CatalogSession.open(direction.from());
        Connection to = CatalogSession.open(direction.to());
        RowComparison comparison = RowComparison.open(run, direction)) {
      prepare(from, to, comparison);
      run.pace.urgent(true);
      PhaseTimes times = new PhaseTimes();
      Route paused = pause(times);
      Caught caught;
      try {
        caught = catchUp(from, to, comparison, times);
      } finally {
        revert(paused);
      }
      times.done("open");
      return new Rehearsal(Duration.ofMillis(times.millis()), times.parts(), caught.compared);
    } finally {
      run.pace.urgent(false);
    }
  }

  private void prepare(Connection from, Connection to, RowComparison comparison)
      throws SQLException {
    run.awaitResumed();
    requireNoPreparedTransaction(from);
    takeover.prepare(from, to);
    ConnectionDetails taker = direction.to();
    fence.prepare(from, taker.host() + ":" + taker.port() + "/" + taker.database());
    comparison.narrow();
    run.checkAborted();
  }

  private Caught catchUp(Connection from, Connection to, RowComparison comparison, PhaseTimes times)
      throws SQLException {
    run.meter.activity = "fencing the " + other(takeover.side());
    fence.raise(from, settings.fenceLimit());
    OpenWrites.awaitEnd(from, direction.tableNames(), settings.fenceLimit());
    takeover.fenced(from);
    times.done("fence");
    run.meter.activity = "applying the rest";
    UUID marker = UUID.randomUUID();
    FenceMarker.write(from, marker);
    direction
        .applier()
        .awaitMarker(FenceMarker.PREFIX, FenceMarker.content(marker), settings.catchUpLimit());
    times.done("apply");
    run.checkAborted();
    run.meter.activity = "comparing what changed";
    long compared = comparison.last();
    times.done("compare");
    if (!direction.unlogged().isEmpty()) {
      run.meter.activity = "copying unlogged tables";
      long rows =
          UnloggedTables.copy(
              direction.from(), direction.to(), direction.unlogged(), settings.id());
      run.notifier.notice(
          String.format(
              Locale.ROOT,
              "%,d rows of %d unlogged tables copied behind the fence",
              rows,
              direction.unlogged().size()));
      times.done("unlogged tables");
    }
    int sequences = SequenceValues.copy(from, to, settings.selection());
    times.done("sequences");
    return new Caught(marker, compared, sequences);
  }

  private @Nullable Route pause(PhaseTimes times) {
    RouteControl route = run.route;
    if (route == null) {
      return null;
    }
    run.meter.activity = "pausing the application";
    Duration lease =
        settings
            .drainLimit()
            .plus(settings.fenceLimit())
            .plus(settings.catchUpLimit())
            .plus(LEASE_MARGIN);
    Route paused = route.pause(settings.drainLimit(), lease);
    times.done("drain");
    return paused;
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
    // By another name than the migration's sessions, which an abort ends.
    ConnectionDetails opener =
        direction.from().toBuilder()
            .parameter("ApplicationName", "clouddb/" + settings.sessionName())
            .build();
    try (Connection from = PinnedSession.open(opener, "opening")) {
      fence.lower(from, LOWER_LIMIT);
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

  private static String other(Route.Side side) {
    return side == Route.Side.TARGET ? "source" : "target";
  }

  private static void requireNoPreparedTransaction(Connection from) throws SQLException {
    try (Statement statement = from.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()")) {
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
