/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.List;
import java.util.Optional;

/**
 * Whom an instance follows and who follows it, in the words of {@code DBInstance}: by name within a
 * region, by ARN across.
 */
final class Replication {
  /** Also while its source restarts: the service does not look that often. */
  static final String REPLICATING = "replicating";

  /** Its source does not run, without anybody having asked for it. */
  private static final String ERROR = "error";

  /**
   * The User Guide, <em>Cross-Region replication considerations</em>: "For PostgreSQL DB instances,
   * when the source for a cross-Region read replica is deleted, the replication status of the read
   * replica is set to terminated. The read replica isn't promoted."
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.XRgn.Cnsdr.html">
   *     the page</a>
   */
  private static final String TERMINATED = "terminated";

  private final RdsState state;
  private final SimulatedInstance instance;

  Replication(RdsState state, SimulatedInstance instance) {
    this.state = state;
    this.instance = instance;
  }

  /** {@code ReadReplicaSourceDBInstanceIdentifier}; also of one that is gone. */
  Optional<String> source() {
    return instance.source().map(this::nameOf);
  }

  /** {@code ReadReplicaDBInstanceIdentifiers}. */
  List<String> replicas() {
    return state.servers().replicasOf(instance).stream().map(this::nameOf).toList();
  }

  /** {@code Status} of {@code StatusInfos}; empty until it has begun to replicate. */
  Optional<String> status() {
    if (instance.port().isEmpty()) {
      return Optional.empty();
    }
    return instance
        .source()
        .map(
            source -> {
              if (!isThere(source)) {
                return TERMINATED;
              }
              return isDown(source) ? ERROR : REPLICATING;
            });
  }

  /** One that restarts may be down for the moment. */
  private static boolean isDown(SimulatedInstance source) {
    return (source.state() == InstanceState.AVAILABLE || source.state() == InstanceState.FAILED)
        && source.server().filter(EmbeddedPostgres::isRunning).isEmpty();
  }

  /** {@code Message} of {@code StatusInfos}: "Details of the error if there is an error". */
  static Optional<String> message(String status) {
    return status.equals(ERROR)
        ? Optional.of("Streaming replication has stopped: the source does not answer.")
        : Optional.empty();
  }

  private boolean isThere(SimulatedInstance source) {
    return state.servers().find(source.key()).filter(found -> found == source).isPresent();
  }

  private String nameOf(SimulatedInstance other) {
    return RdsState.region(other.key()).equals(RdsState.region(instance.key()))
        ? other.key().name()
        : RdsState.arn(other.key(), "db");
  }
}
