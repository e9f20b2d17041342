/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.route.Route;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** The target takes the application over: the cutover. */
final class TargetTakeover implements Takeover {
  private final MigrationRun run;
  private final Direction forward;
  private final Decision decision;
  private boolean replicaRole;

  TargetTakeover(MigrationRun run) {
    this.run = run;
    this.forward = run.forward();
    this.decision = new Decision(run, side());
  }

  @Override
  public Direction direction() {
    return forward;
  }

  @Override
  public Route.Side side() {
    return Route.Side.TARGET;
  }

  /** The way back is made here, since making its slot waits for every open write transaction. */
  @Override
  public void prepare(Connection from, Connection to) throws SQLException {
    UncarriedChanges.requireNone(run, from);
    replicaRole = ReplicaRole.available(to);
    if (run.settings.reverses()) {
      ReverseReplication.prepare(run, from, to);
    }
  }

  @Override
  public void fenced(Connection from) throws SQLException {
    UncarriedChanges.requireNoneBehindFence(run, from);
  }

  @Override
  public void complete(Connection from, Connection to) {
    if (!replicaRole) {
      run.schema.addForeignKeys(false);
    }
    run.schema.addTriggers();
  }

  @Override
  public void decide(Map<String, String> facts) {
    run.passPointOfNoReturn();
    try {
      decision.take(() -> run.history.pointOfNoReturn(facts, run.settings.catchUpLimit()));
    } finally {
      if (!decision.reached()) {
        run.takeBackPointOfNoReturn();
      }
    }
  }

  @Override
  public boolean decided() {
    return decision.reached();
  }

  @Override
  public void open(Connection to) {
    // The target was never closed.
  }
}
