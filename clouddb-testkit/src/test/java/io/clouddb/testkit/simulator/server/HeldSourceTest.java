/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import static io.clouddb.testkit.simulator.server.Databases.PASSWORD;
import static io.clouddb.testkit.simulator.server.Databases.admin;
import static io.clouddb.testkit.simulator.server.Databases.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.OperationFailure;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.Verb;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a source takes no changes while its replica is made, promoted or deleted, if asked for. */
class HeldSourceTest {
  private static final ResourceKey ORDERS = new ResourceKey("subscription/group", "orders");
  private static final ResourceKey READER = new ResourceKey("subscription/group", "reader");
  private static final ResourceKey OTHER = new ResourceKey("subscription/group", "other");
  private static final Promotion HOLDING = Promotion.builder().holdSource().build();

  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  private final ManagedServers cloud =
      ManagedServers.builder(CloudProfile.AZURE, new CloudEngine(clock)).build();
  private final Call doomed =
      Call.of("Servers_Create", Verb.CREATE, Call.INSTANCE, "reader")
          .failing(new OperationFailure(null, "no room"));

  @BeforeEach
  void makeSource() {
    ended(cloud.lifeCycle().create(InstanceRequest.of(ORDERS, 16, "app_admin", PASSWORD).build()));
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  private static ReplicaRequest replica(ResourceKey key) {
    return ReplicaRequest.of(key, ORDERS).holdSourceToTheEnd().build();
  }

  private void ended(SimulatedOperation operation) {
    clock.advanceUntilIdle();
    assertThat(operation.failure()).isEmpty();
    assertThat(operation.isRunning()).isFalse();
    assertThat(cloud.get(ORDERS).state()).isEqualTo(InstanceState.AVAILABLE);
  }

  private void held() throws Exception {
    assertThat(cloud.get(ORDERS).state()).isEqualTo(InstanceState.MODIFYING);
    assertThat(ask(admin(cloud.get(ORDERS), "postgres"), "SELECT 1")).isEqualTo("1");
    refused(() -> cloud.lifeCycle().reboot(ORDERS));
    refused(() -> cloud.replicas().create(replica(OTHER)));
    assertThat(cloud.find(OTHER)).isEmpty();
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SimulatorException.class,
            e -> assertThat(e.reason()).isEqualTo(SimulatorException.Reason.WRONG_STATE));
  }

  @Test
  void takesNoChangesUntilTheReplicaIsThereOrGone() throws Exception {
    SimulatedOperation creation = cloud.replicas().create(replica(READER));
    held();
    ended(creation);
    SimulatedOperation deletion = cloud.lifeCycle().deleteReplica(READER);
    held();
    ended(deletion);
    ended(cloud.replicas().create(replica(READER)));
    SimulatedOperation promotion = cloud.replicas().promote(READER, HOLDING);
    held();
    ended(promotion);
    assertThat(cloud.get(READER).source()).isEmpty();
  }

  @Test
  void isLetGoWhenItFailsOrIsRefused() {
    SimulatedOperation creation = cloud.replicas(doomed).create(replica(READER));
    clock.advanceUntilIdle();
    assertThat(creation.failure()).isPresent();
    assertThat(cloud.get(ORDERS).state()).isEqualTo(InstanceState.AVAILABLE);
    refused(() -> cloud.replicas().promote(READER, HOLDING));
    assertThatThrownBy(() -> cloud.replicas().create(replica(READER)))
        .isInstanceOf(SimulatorException.class);
    assertThat(cloud.get(ORDERS).state()).isEqualTo(InstanceState.AVAILABLE);
    ended(cloud.lifeCycle().deleteReplica(READER));
    ended(cloud.replicas().create(replica(READER)));
    SimulatedOperation promotion = cloud.replicas(doomed).promote(READER, HOLDING);
    clock.advanceUntilIdle();
    assertThat(promotion.failure()).isPresent();
    assertThat(cloud.get(ORDERS).state()).isEqualTo(InstanceState.AVAILABLE);
  }

  @Test
  void mayBeStoppedWhileItsReplicaIsDeleted() {
    ended(cloud.replicas().create(replica(READER)));
    SimulatedOperation stop = cloud.lifeCycle().stop(ORDERS);
    refused(() -> cloud.lifeCycle().deleteReplica(READER));
    clock.advanceUntilIdle();
    assertThat(stop.failure()).isEmpty();
    SimulatedOperation deletion = cloud.lifeCycle().deleteReplica(READER);
    clock.advanceUntilIdle();
    assertThat(deletion.failure()).isEmpty();
    assertThat(cloud.get(ORDERS).state()).isEqualTo(InstanceState.STOPPED);
  }
}
