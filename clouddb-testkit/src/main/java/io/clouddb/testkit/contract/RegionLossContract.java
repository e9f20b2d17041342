/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.Instance;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.testkit.contract.internal.Eventually;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.sql.SQLException;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The loss of a region: the replica in another one takes over, and says what may be missing. */
abstract class RegionLossContract extends ReplicaCases {
  private static final int ROWS = 200;

  /** So many, at least, are acknowledged after the replica has received its last one. */
  private static final int LOST = 20;

  private final SimulatedCloudContract drills;

  RegionLossContract(SimulatedCloudContract drills) {
    super(drills);
    this.drills = drills;
  }

  @Test
  void aRegionDiesAndItsReplicaTakesOver() throws Exception {
    Instance orders = createSource();
    CloudDb away = cloud().in(kit().otherRegion());
    String name = newName(away);
    Instance far = away.replicas().create(orders.id(), kit().farReplica(name)).await(kit().limit());
    assertThat(far.id().location()).isEqualTo(kit().otherRegion());
    assertThat(cloud().replicas().list(orders.id()))
        .extracting(ResourceId::location)
        .containsExactly(kit().otherRegion());

    RunningWriter writer = RunningWriter.start(kit().reachable(connection(orders)));
    NavigableMap<Long, Instant> acknowledged = writer.acknowledged();
    writer.awaitMore(ROWS, kit().limit());
    drills.server(far.id()).catchUp(kit().limit());
    stopReceiving(drills.server(far.id()));
    writer.awaitMore(LOST, kit().limit());
    drills.server(orders.id()).kill();
    writer.join();
    // From now on no call about the source is answered.
    CountDownLatch never = new CountDownLatch(1);
    for (Verb verb : Verb.values()) {
      drills
          .simulator()
          .faults()
          .on(verb, Call.INSTANCE)
          .named(orders.name())
          .times(100)
          .heldUntil(never);
    }
    try {
      Promoted promoted =
          away.replicas().promote(far.id(), Promotion.forced().login(login())).await(kit().limit());
      assertThat(promoted.formerSource().orElseThrow().name()).isEqualTo(orders.name());
      assertThat(promoted.changes()).isNotEmpty();
      execute(
          toShop(promoted.connection()), "INSERT INTO public.written VALUES (0, pg_catalog.now())");
      long there = count(promoted.instance()) - 1;
      assertThat(there).isGreaterThanOrEqualTo(ROWS);
      // What was not replicated is what came after the time that the promotion tells.
      Instant replayed = promoted.lastReplayed().orElseThrow();
      assertThat(acknowledged.get(there)).isBeforeOrEqualTo(replayed);
      assertThat(acknowledged.tailMap(there, false).values())
          .hasSizeGreaterThanOrEqualTo(LOST)
          .allSatisfy(at -> assertThat(at).isAfterOrEqualTo(replayed));
      assertThat(away.replicas().find(name)).isEmpty();
      assertThatThrownBy(
              () -> away.replicas().promote(far.id(), Promotion.forced()).await(kit().limit()))
          .isInstanceOf(ConditionFailedException.class);
    } finally {
      never.countDown();
      drills.simulator().faults().clear();
    }
  }

  /** As when the way between the regions is cut some time before the one dies. */
  private void stopReceiving(EmbeddedPostgres replica) throws SQLException {
    execute(replica.superuser(), "ALTER SYSTEM SET primary_conninfo = ''");
    execute(replica.superuser(), "SELECT pg_catalog.pg_reload_conf()");
    Eventually.holds("it receives nothing", kit().limit(), () -> !replica.lag().isFollowing());
  }
}
