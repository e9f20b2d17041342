/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.schema.PreparedObjects;
import io.clouddb.migration.route.Route;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The target takes the application over: the cutover. */
final class TargetTakeover implements Takeover {
  private final MigrationRun run;
  private final Direction forward;
  private final Decision decision;
  private boolean replicaRole;
  private @Nullable PreparedObjects missing;

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
    UncarriedChanges.requireNone(run, from, to);
    UncarriedChanges.requireNoNewSequence(run, from, to);
    replicaRole = ReplicaRole.available(to);
    if (run.settings.reverses()) {
      ReverseReplication.prepare(run, from, to);
    }
    run.schema.readIn(from, to);
    missing = run.schema.prepareTakeover(!replicaRole);
  }

  @Override
  public void requireAllCarried(Connection from, Duration limit) throws SQLException {
    UncarriedChanges.requireNoneBehindFence(run, from, limit);
  }

  @Override
  public void complete(Connection from, Connection to) {
    Objects.requireNonNull(missing, "prepare comes first").make(to);
  }

  @Override
  public void undo(Duration limit) throws SQLException {
    try (Connection target = run.outsideOfPauses(run.settings.target(), limit)) {
      Objects.requireNonNull(missing, "prepare comes first").unmake(target);
    } finally {
      run.schema.readAgain();
    }
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
