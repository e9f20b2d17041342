/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.route.Route;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The old source takes the application back, with all that was written since the switch. */
final class SourceTakeover implements Takeover {
  private static final Logger LOG = LoggerFactory.getLogger(SourceTakeover.class);

  private final MigrationRun run;
  private final Direction reverse;
  private final TargetChanges changes;
  private final Decision decision;

  SourceTakeover(MigrationRun run, Direction reverse, TargetChanges changes) {
    this.run = run;
    this.reverse = reverse;
    this.changes = changes;
    this.decision = new Decision(run, side());
  }

  @Override
  public Direction direction() {
    return reverse;
  }

  @Override
  public Route.Side side() {
    return Route.Side.SOURCE;
  }

  @Override
  public void prepare(Connection from, Connection to) {
    // All that it needs was made before the switch.
  }

  @Override
  public void requireAllCarried(Connection from, Duration limit) throws SQLException {
    changes.requireNoneSince(from, limit);
  }

  @Override
  public void complete(Connection from, Connection to) throws SQLException {
    SourceReopening.restore(run, to);
  }

  @Override
  public void cancel() {
    try {
      OwnSessions.end(run.settings.source(), SourceReopening.inPause(run.settings));
    } catch (SQLException | CloudDbException e) {
      LOG.debug("Migration {}: the source does not answer", run.settings.id(), e);
    }
  }

  @Override
  public void undo(Duration limit) throws SQLException {
    try (Connection source = run.outsideOfPauses(run.settings.source(), limit)) {
      ReverseReplication.suspend(run, source);
    }
  }

  @Override
  public void decide(Map<String, String> facts) {
    decision.take(() -> run.history.rollbackDecided(facts, run.settings.catchUpLimit()));
  }

  @Override
  public boolean decided() {
    return decision.reached();
  }

  @Override
  public void open(Connection to) throws SQLException {
    PauseLimit.lift(to);
    SourceReopening.open(run, to);
  }
}
