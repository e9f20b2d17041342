/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.cutover.FenceMarker;
import io.clouddb.migration.postgres.cutover.OpenWrites;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.schema.SequenceValues;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteControl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try to take the application over: pause, fence, drain, marker, the last comparison, what the
 * stream does not carry, the point of no return, the switch. What fails before that point is
 * reverted: the fence goes, then the route opens to the source.
 *
 * <p>The place for reverse replication is before the pause: creating its slot waits for every open
 * write transaction of the server.
 */
final class CutoverAttempt {
  private static final Logger LOG = LoggerFactory.getLogger(CutoverAttempt.class);
  private static final Duration LOWER_LIMIT = Duration.ofSeconds(30);
  private static final Duration LEASE_MARGIN = Duration.ofSeconds(5);

  private final MigrationRun run;
  private final MigrationSettings settings;
  private final WriteFence fence;
  private long pauseMillis;
  private boolean targetChanged;

  CutoverAttempt(MigrationRun run) {
    this.run = run;
    this.settings = run.settings;
    this.fence = run.fence();
  }

  /** From the request to pause to the switch of the route. */
  long pauseMillis() {
    return pauseMillis;
  }

  /** Whether triggers or foreign keys were made on the target, so that applying cannot go on. */
  boolean targetChanged() {
    return targetChanged;
  }

  String run() throws SQLException {
    try (Connection source = CatalogSession.open(run.source);
        Connection target = CatalogSession.open(run.target);
        RowComparison comparison = RowComparison.open(run)) {
      requireNoPreparedTransaction(source);
      boolean replicaRole = ReplicaRole.available(target);
      fence.prepare(
          source,
          settings.target().host()
              + ":"
              + settings.target().port()
              + "/"
              + settings.target().database());
      comparison.narrow();
      run.checkAborted();

      run.meter.activity = "pausing the application";
      PhaseTimes times = new PhaseTimes();
      Route paused = pause();
      times.done("drain");
      boolean switched = false;
      try {
        run.meter.activity = "fencing the source";
        fence.raise(source, settings.fenceLimit());
        requireNoOpenWrite(source);
        times.done("fence");
        run.meter.activity = "applying the rest";
        UUID marker = UUID.randomUUID();
        FenceMarker.write(source, marker);
        run.applier()
            .awaitMarker(FenceMarker.PREFIX, FenceMarker.content(marker), settings.catchUpLimit());
        times.done("apply");
        run.checkAborted();
        run.meter.activity = "comparing what changed";
        long compared = comparison.last();
        times.done("compare");
        int sequences = SequenceValues.copy(source, target, settings.selection());
        times.done("sequences");
        targetChanged = true;
        if (!replicaRole) {
          run.schema.addForeignKeys(false);
        }
        run.schema.addTriggers();
        times.done("triggers");
        run.passPointOfNoReturn();
        run.history.pointOfNoReturn(
            Map.of("marker", marker.toString(), "writePauseMillis", Long.toString(times.millis())));
        switchOver(paused);
        switched = true;
        pauseMillis = times.millis();
        times.done("switch");
        return String.format(
            Locale.ROOT,
            "write pause %d ms (%s); %,d changed rows compared, %d sequences set",
            pauseMillis,
            times,
            compared,
            sequences);
      } finally {
        if (!switched && !run.pastPointOfNoReturn()) {
          revert(paused);
        }
      }
    }
  }

  private @Nullable Route pause() {
    RouteControl route = run.route;
    if (route == null) {
      return null;
    }
    Duration lease =
        settings
            .drainLimit()
            .plus(settings.fenceLimit())
            .plus(settings.catchUpLimit())
            .plus(LEASE_MARGIN);
    return route.pause(settings.drainLimit(), lease);
  }

  /** Past the point of no return there is one way only, also when the pause outlived its lease. */
  private void switchOver(@Nullable Route paused) {
    RouteControl route = run.route;
    if (route == null || paused == null) {
      return;
    }
    try {
      route.open(paused, Route.Side.TARGET);
    } catch (CloudDbException e) {
      LOG.warn("Migration {}: the switch is forced: {}", settings.id(), e.getMessage());
      route.force(Route.Side.TARGET);
    }
  }

  private void revert(@Nullable Route paused) {
    try (Connection source =
        settings.source().toBuilder()
            .parameter("ApplicationName", "clouddb/" + settings.sessionName())
            .build()
            .connect()) {
      fence.lower(source, LOWER_LIMIT);
    } catch (SQLException | CloudDbException e) {
      LOG.error("Migration {}: the fence could not be lowered", settings.id(), e);
      run.leftBehind.add(
          "On the source: the fence on %s, which refuses writes; abort the migration to lower it"
              .formatted(fenceName()));
    }
    RouteControl route = run.route;
    if (route != null && paused != null) {
      // Not by the paused record: its lease may have run out, and the members opened it then.
      route.reopen();
    }
  }

  private String fenceName() {
    return "its tables (triggers clouddb_" + settings.id() + "_fence)";
  }

  private static void requireNoPreparedTransaction(Connection source) throws SQLException {
    try (Statement statement = source.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()")) {
      row.next();
      if (row.getLong(1) > 0) {
        throw ErrorDetails.of(
                ErrorCategory.DEADLINE,
                row.getLong(1) + " prepared transactions are open in the source")
            .nextStep("Commit or roll back what pg_prepared_xacts lists; then run it again.")
            .toException();
      }
    }
  }

  private void requireNoOpenWrite(Connection source) throws SQLException {
    List<TableName> tables = run.tables().stream().map(Table::name).toList();
    List<String> open = OpenWrites.on(source, tables);
    if (!open.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.DEADLINE,
              "Behind the fence these still wrote: " + String.join(", ", open))
          .nextStep("End these transactions; then run it again.")
          .toException();
    }
  }
}
