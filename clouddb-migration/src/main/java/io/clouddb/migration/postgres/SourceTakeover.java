/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.route.Route;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** The old source takes the application back, with all that was written since the switch. */
final class SourceTakeover implements Takeover {
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
  public void fenced(Connection from) throws SQLException {
    changes.requireNoneSince(from);
  }

  @Override
  public void complete(Connection from, Connection to) throws SQLException {
    SourceReopening.restore(run, to);
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
    SourceReopening.open(run, to);
  }
}
