/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.QueryCall;
import io.clouddb.testkit.simulator.aws.QueryForm;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.server.InstanceState;
import io.clouddb.testkit.simulator.server.Promotion;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.Optional;

/**
 * {@code PromoteReadReplica}. The User Guide, <em>Promoting a read replica to be a standalone DB
 * instance</em>: "When you promote a read replica, replication is stopped and the read replica is
 * rebooted"; the API Reference: backups should be enabled before, else the first is taken now.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html">the
 *     page</a>
 */
final class PromoteAction {
  private final RdsState state;
  private final Call call;
  private final QueryForm form;
  private final SimulatedInstance instance;

  PromoteAction(RdsState state, QueryCall call) {
    this.state = state;
    this.call = call.call();
    this.form = call.form();
    this.instance = state.instance(state.key(call.region(), form.required("DBInstanceIdentifier")));
  }

  SimulatedInstance run() {
    int days = form.integer(Members.RETENTION).orElse(1);
    Optional<String> window = form.text(Members.BACKUP_WINDOW);
    form.complete();
    InstanceRules.retention(days);
    InstanceRules.windows(window, instance.attribute(Members.MAINTENANCE_WINDOW, String.class));
    requireReplica();
    if (instance.state() != InstanceState.AVAILABLE || !InstanceXml.imposed(instance).isEmpty()) {
      throw ReplicaRules.invalidState("DB Instance is not in available state.");
    }
    ReplicaRules.retention(state, instance, days);
    Promotion.Builder promotion =
        Promotion.builder()
            .restart()
            .attribute(Members.RETENTION, days)
            .attribute(Members.GROUP_PENDING, false);
    window.ifPresent(daily -> promotion.attribute(Members.BACKUP_WINDOW, daily));
    if (days > 0 && instance.attribute(Members.RETENTION, Integer.class).orElse(0) == 0) {
      promotion.backup();
    }
    SimulatedOperation operation =
        state.servers().replicas(call).promote(instance.key(), promotion.build());
    var unused =
        operation.completion().thenAccept(ended -> AutomatedBackups.schedule(state, instance));
    return instance;
  }

  /** {@code SwitchoverReadReplica}, which is Oracle's: the API Reference. */
  SimulatedInstance refuseSwitchover() {
    form.complete();
    requireReplica();
    throw ReplicaRules.invalidState(
        "SwitchoverReadReplica isn't supported for read replicas of the engine postgres");
  }

  private void requireReplica() {
    if (instance.source().isEmpty()) {
      throw ReplicaRules.invalidState("DB Instance is not a read replica");
    }
  }
}
