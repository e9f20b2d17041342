/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import static io.clouddb.testkit.simulator.server.Databases.PASSWORD;
import static io.clouddb.testkit.simulator.server.Databases.admin;
import static io.clouddb.testkit.simulator.server.Databases.ask;
import static io.clouddb.testkit.simulator.server.Databases.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.OperationFailure;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.SimulatorException.Reason;
import io.clouddb.testkit.simulator.engine.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That replicas of managed servers follow, take over and change places, with real data. */
class ReplicasTest {
  private static final ResourceKey ORDERS = new ResourceKey("account/region", "orders");
  private static final ResourceKey READER = new ResourceKey("account/region", "reader");
  private static final ResourceKey FAR = new ResourceKey("account/elsewhere", "orders");
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Promotion PLAIN = Promotion.builder().build();

  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  private final ManagedServers cloud =
      ManagedServers.builder(CloudProfile.RDS, new CloudEngine(clock)).build();

  @AfterEach
  void close() {
    cloud.close();
  }

  private SimulatedInstance primary(Map<String, String> parameters) throws Exception {
    ended(
        cloud
            .lifeCycle()
            .create(
                InstanceRequest.of(ORDERS, 16, "app_admin", PASSWORD)
                    .database("shop")
                    .parameters(parameters)
                    .build()));
    SimulatedInstance orders = cloud.get(ORDERS);
    run(admin(orders, "shop"), "CREATE TABLE t AS SELECT 1 AS a");
    return orders;
  }

  private SimulatedInstance replica(ResourceKey key, ResourceKey source) {
    ended(cloud.replicas().create(ReplicaRequest.of(key, source).build()));
    SimulatedInstance replica = cloud.get(key);
    assertThat(replica.state()).isEqualTo(InstanceState.AVAILABLE);
    return replica;
  }

  private void ended(SimulatedOperation operation) {
    clock.advanceUntilIdle();
    assertThat(operation.failure()).isEmpty();
    assertThat(operation.isRunning()).isFalse();
  }

  private static String sum(SimulatedInstance instance) throws Exception {
    return ask(admin(instance, "shop"), "SELECT sum(a) FROM t");
  }

  private static EmbeddedPostgres server(SimulatedInstance instance) {
    return instance.server().orElseThrow();
  }

  private static void refused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SimulatorException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void followsItsSourceWithItsLoginsAndDatabases() throws Exception {
    SimulatedInstance orders = primary(Map.of("work_mem", "7168"));
    SimulatedOperation creation =
        cloud
            .replicas()
            .create(ReplicaRequest.of(FAR, ORDERS).attribute("class", "db.m7g.large").build());
    SimulatedInstance far = cloud.get(FAR);
    assertThat(far.state()).isEqualTo(InstanceState.CREATING);
    assertThat(far.source()).containsSame(orders);
    assertThat(far.lag()).isEmpty();
    assertThat(far.port()).isEmpty();
    assertThat(cloud.replicasOf(orders)).containsExactly(far);
    ended(creation);
    assertThat(creation.verb()).isEqualTo(Verb.CREATE);
    assertThat(far.version()).isEqualTo(16);
    assertThat(far.adminName()).isEqualTo("app_admin");
    assertThat(far.attribute("class", String.class)).contains("db.m7g.large");
    assertThat(far.parameters()).containsEntry("work_mem", "7168");
    assertThat(ask(admin(far, "shop"), "SHOW work_mem")).isEqualTo("7MB");
    assertThat(far.databases()).containsExactly("postgres", "shop");
    assertThat(far.users()).containsExactly("app_admin");
    assertThat(orders.users()).containsExactly("app_admin");

    run(admin(orders, "shop"), "INSERT INTO t VALUES (2)");
    server(far).catchUp(LIMIT);
    assertThat(sum(far)).isEqualTo("3");
    assertThat(far.lag()).get().matches(lag -> lag.isFollowing() && lag.bytesToReplay() == 0);
    assertThatThrownBy(() -> run(admin(far, "shop"), "INSERT INTO t VALUES (4)"))
        .hasMessageContaining("read-only");
    refused(Reason.BACKEND, () -> far.createDatabase("other"));
    SecretRef other = SecretRef.literal("another_secret");
    Modification password = Modification.builder().adminPassword(other).build();
    refused(Reason.WRONG_STATE, () -> cloud.lifeCycle().modify(FAR, password));
    ended(cloud.lifeCycle().modify(ORDERS, password));
    server(far).catchUp(LIMIT);
    assertThat(ask(server(far).connection("shop", "app_admin", other), "SELECT 1")).isEqualTo("1");
  }

  @Test
  void hasParametersOfItsOwn() throws Exception {
    SimulatedInstance orders = primary(Map.of("work_mem", "7168", "rds.force_ssl", "0"));
    ended(
        cloud
            .replicas()
            .create(
                ReplicaRequest.of(READER, ORDERS)
                    .parameters(Map.of("maintenance_work_mem", "65536"))
                    .build()));
    SimulatedInstance reader = cloud.get(READER);
    assertThat(ask(admin(reader, "shop"), "SHOW work_mem")).isEqualTo("4MB");
    assertThat(ask(admin(reader, "shop"), "SHOW maintenance_work_mem")).isEqualTo("64MB");
    assertThat(reader.parameters()).containsOnlyKeys("maintenance_work_mem");
    ended(
        cloud
            .lifeCycle()
            .modify(READER, Modification.builder().parameters(Map.of("work_mem", "9216")).build()));
    assertThat(ask(admin(reader, "shop"), "SHOW work_mem")).isEqualTo("9MB");
    assertThat(ask(admin(orders, "shop"), "SHOW work_mem")).isEqualTo("7MB");
    refused(
        Reason.INVALID_PARAMETER,
        () ->
            cloud
                .replicas()
                .create(ReplicaRequest.of(FAR, ORDERS).parameters(Map.of("fsync", "off")).build()));
    assertThat(cloud.find(FAR)).isEmpty();
  }

  @Test
  void isStoppedStartedAndRestartedAsAnyInstance() throws Exception {
    SimulatedInstance orders = primary(Map.of());
    SimulatedInstance reader = replica(READER, ORDERS);
    ended(cloud.lifeCycle().stop(READER));
    assertThat(reader.lag()).isEmpty();
    run(admin(orders, "shop"), "INSERT INTO t VALUES (2)");
    ended(cloud.lifeCycle().start(READER));
    ended(cloud.lifeCycle().reboot(ORDERS));
    ended(cloud.lifeCycle().reboot(READER));
    run(admin(orders, "shop"), "INSERT INTO t VALUES (4)");
    server(reader).catchUp(LIMIT);
    assertThat(sum(reader)).isEqualTo("7");
  }

  @Test
  void takesOverAndItsOwnReplicasFollowIt() throws Exception {
    SimulatedInstance orders = primary(Map.of());
    SimulatedInstance reader = replica(READER, ORDERS);
    SimulatedInstance far = replica(FAR, READER);
    assertThat(cloud.replicasOf(orders)).containsExactly(reader);
    assertThat(cloud.replicasOf(reader)).containsExactly(far);
    SimulatedOperation promotion =
        cloud
            .replicas()
            .promote(READER, Promotion.builder().attribute("role", "alone").restart().build());
    assertThat(reader.state()).isEqualTo(InstanceState.MODIFYING);
    clock.advance(Timings.USUAL.promote().minusSeconds(1));
    assertThat(server(reader).isReplica()).isTrue();
    assertThat(reader.source()).isPresent();
    clock.advance(Duration.ofSeconds(1));
    assertThat(reader.state()).isEqualTo(InstanceState.REBOOTING);
    assertThat(promotion.isRunning()).isTrue();
    ended(promotion);
    assertThat(promotion.verb()).isEqualTo(Verb.PROMOTE);
    assertThat(reader.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(reader.source()).isEmpty();
    assertThat(reader.lag()).isEmpty();
    assertThat(reader.attribute("role", String.class)).contains("alone");
    assertThat(cloud.replicasOf(orders)).isEmpty();
    assertThat(cloud.replicasOf(reader)).containsExactly(far);
    run(admin(orders, "shop"), "INSERT INTO t VALUES (100)");
    run(admin(reader, "shop"), "INSERT INTO t VALUES (2)");
    server(far).catchUp(LIMIT);
    assertThat(sum(far)).isEqualTo("3");
    refused(Reason.WRONG_STATE, () -> cloud.replicas().promote(READER, PLAIN));
    refused(Reason.WRONG_STATE, () -> cloud.replicas().promote(ORDERS, PLAIN));
  }

  @Test
  void waitsForAllWhenItIsAskedTo() throws Exception {
    SimulatedInstance orders = primary(Map.of());
    SimulatedInstance reader = replica(READER, ORDERS);
    server(reader).pauseReplay();
    run(admin(orders, "shop"), "INSERT INTO t VALUES (2)");
    Promotion planned = Promotion.builder().afterCatchingUp(Duration.ofMillis(50)).build();
    SimulatedOperation late = cloud.replicas().promote(READER, planned);
    clock.advanceUntilIdle();
    assertThat(late.failure()).isPresent();
    assertThat(reader.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(server(reader).isReplica()).isTrue();
    server(reader).resumeReplay();
    ended(cloud.replicas().promote(READER, Promotion.builder().afterCatchingUp(LIMIT).build()));
    assertThat(sum(reader)).isEqualTo("3");
  }

  @Test
  void changesPlacesWithItsSourceAndTheOthersFollow() throws Exception {
    SimulatedInstance orders = primary(Map.of());
    SimulatedInstance reader = replica(READER, ORDERS);
    SimulatedInstance far = replica(FAR, ORDERS);
    int port = orders.port().orElseThrow();
    run(admin(orders, "shop"), "INSERT INTO t VALUES (2)");
    SimulatedOperation switchover =
        cloud
            .replicas()
            .switchOver(
                READER,
                Promotion.builder()
                    .attribute("role", "new")
                    .formerAttribute("role", "old")
                    .build());
    assertThat(orders.state()).isEqualTo(InstanceState.MODIFYING);
    assertThat(reader.state()).isEqualTo(InstanceState.MODIFYING);
    ended(switchover);
    assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(reader.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(orders.port()).hasValue(port);
    assertThat(reader.source()).isEmpty();
    assertThat(cloud.replicasOf(reader)).containsExactly(orders, far);
    assertThat(orders.attribute("role", String.class)).contains("old");
    assertThat(reader.attribute("role", String.class)).contains("new");
    run(admin(reader, "shop"), "INSERT INTO t VALUES (4)");
    for (SimulatedInstance each : new SimulatedInstance[] {orders, far}) {
      server(each).catchUp(LIMIT);
      assertThat(sum(each)).isEqualTo("7");
      assertThat(each.lag()).get().matches(lag -> lag.isFollowing());
    }
    // And back.
    ended(cloud.replicas().switchOver(ORDERS, PLAIN));
    assertThat(cloud.replicasOf(orders)).containsExactly(reader, far);
    run(admin(orders, "shop"), "INSERT INTO t VALUES (8)");
    server(reader).catchUp(LIMIT);
    assertThat(sum(reader)).isEqualTo("15");
    refused(Reason.WRONG_STATE, () -> cloud.replicas().switchOver(ORDERS, PLAIN));
  }

  @Test
  void changesNothingWhenItDoesNotCatchUpBeforeTheSwitchover() throws Exception {
    SimulatedInstance orders = primary(Map.of());
    SimulatedInstance reader = replica(READER, ORDERS);
    server(reader).pauseReplay();
    run(admin(orders, "shop"), "INSERT INTO t VALUES (2)");
    SimulatedOperation late =
        cloud
            .replicas()
            .switchOver(READER, Promotion.builder().afterCatchingUp(Duration.ofMillis(50)).build());
    clock.advanceUntilIdle();
    assertThat(late.failure()).isPresent();
    assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(reader.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(reader.source()).containsSame(orders);
    run(admin(orders, "shop"), "INSERT INTO t VALUES (4)");
    server(reader).resumeReplay().catchUp(LIMIT);
    assertThat(sum(reader)).isEqualTo("7");
  }

  @Test
  void servesOnOrTakesOverWhenItsSourceIsDeleted() throws Exception {
    SimulatedInstance orders = primary(Map.of());
    SimulatedInstance reader = replica(READER, ORDERS);
    SimulatedInstance far = replica(FAR, ORDERS);
    run(admin(orders, "shop"), "INSERT INTO t VALUES (2)");
    ended(cloud.lifeCycle().delete(ORDERS, heir -> heir == reader));
    assertThat(cloud.find(ORDERS)).isEmpty();
    assertThat(reader.source()).isEmpty();
    run(admin(reader, "shop"), "INSERT INTO t VALUES (4)");
    assertThat(sum(reader)).isEqualTo("7");
    assertThat(far.source()).containsSame(orders);
    assertThat(sum(far)).isEqualTo("3");
    assertThat(far.lag()).get().matches(lag -> lag.written().isEmpty());
    refused(Reason.WRONG_STATE, () -> cloud.replicas().switchOver(FAR, PLAIN));
    ended(cloud.replicas().promote(FAR, PLAIN));
    run(admin(far, "shop"), "INSERT INTO t VALUES (8)");
    ended(cloud.lifeCycle().delete(FAR));
    assertThat(cloud.find(FAR)).isEmpty();
  }

  @Test
  void isRefusedOrFailsWhereThereIsNothingToFollow() throws Exception {
    ReplicaRequest request = ReplicaRequest.of(READER, ORDERS).build();
    refused(Reason.NOT_FOUND, () -> cloud.replicas().create(request));
    SimulatedInstance orders = primary(Map.of());
    refused(
        Reason.ALREADY_EXISTS,
        () -> cloud.replicas().create(ReplicaRequest.of(ORDERS, ORDERS).build()));
    Call doomed =
        Call.of("CreateDBInstanceReadReplica", Verb.CREATE, Call.INSTANCE, "reader")
            .failing(new OperationFailure(null, "no room"));
    SimulatedOperation creation = cloud.replicas(doomed).create(request);
    clock.advanceUntilIdle();
    assertThat(creation.failure()).get().matches(e -> e.sentence().equals("no room"));
    assertThat(cloud.get(READER).state()).isEqualTo(InstanceState.FAILED);
    ended(cloud.lifeCycle().delete(READER));
    assertThat(cloud.replicasOf(orders)).isEmpty();

    SimulatedInstance reader = replica(READER, ORDERS);
    SimulatedOperation promotion = cloud.replicas(doomed).promote(READER, PLAIN);
    clock.advanceUntilIdle();
    assertThat(promotion.failure()).isPresent();
    assertThat(reader.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(reader.lag()).isPresent();
    ended(cloud.lifeCycle().delete(READER));

    cloud.replicas().create(request);
    ended(cloud.lifeCycle().stop(ORDERS));
    assertThat(Optional.of(cloud.get(READER).state())).contains(InstanceState.FAILED);
    refused(
        Reason.WRONG_STATE, () -> cloud.replicas().create(ReplicaRequest.of(FAR, ORDERS).build()));
  }

  @Test
  void holdsItsSourceAndTakesABackupWhereTheCloudDoes() throws Exception {
    try (ManagedServers backing =
        ManagedServers.builder(CloudProfile.RDS, new CloudEngine(clock))
            .timings(Timings.USUAL.withFirstBackup(Duration.ofMinutes(10)))
            .build()) {
      ended(
          backing
              .lifeCycle()
              .create(InstanceRequest.of(ORDERS, 16, "app_admin", PASSWORD).build()));
      SimulatedInstance orders = backing.get(ORDERS);
      SimulatedOperation creation =
          backing.replicas().create(ReplicaRequest.of(READER, ORDERS).holdSource().build());
      assertThat(orders.state()).isEqualTo(InstanceState.MODIFYING);
      refused(
          Reason.WRONG_STATE,
          () -> backing.replicas().create(ReplicaRequest.of(FAR, ORDERS).build()));
      assertThat(backing.find(FAR)).isEmpty();
      clock.advance(Timings.USUAL.modify());
      assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
      refused(
          Reason.ALREADY_EXISTS,
          () -> backing.replicas().create(ReplicaRequest.of(READER, ORDERS).holdSource().build()));
      assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
      ended(creation);
      SimulatedOperation promotion =
          backing.replicas().promote(READER, Promotion.builder().backup().build());
      clock.advance(Timings.USUAL.promote());
      assertThat(backing.get(READER).state()).isEqualTo(InstanceState.BACKING_UP);
      ended(promotion);
      assertThat(backing.get(READER).state()).isEqualTo(InstanceState.AVAILABLE);
    }
  }

  private SimulatedOperation failOver() {
    return cloud
        .replicas()
        .failOver(READER, PLAIN, () -> ReplicaRequest.of(ORDERS, READER).build());
  }

  /** There are never two primaries: not meanwhile, and not when it cannot rejoin at once. */
  @Test
  void isTheOnlyPrimaryAfterAFailover() throws Exception {
    SimulatedInstance orders = primary(Map.of());
    SimulatedInstance reader = replica(READER, ORDERS);
    ended(cloud.lifeCycle().stop(ORDERS));
    SimulatedOperation failover = failOver();
    refused(Reason.WRONG_STATE, () -> cloud.lifeCycle().start(ORDERS));
    ended(failover);
    assertThat(orders.state()).isEqualTo(InstanceState.STOPPED);
    assertThat(reader.source()).isEmpty();
    // The primary that it is to follow does not run.
    server(reader).stop();
    SimulatedOperation start = cloud.lifeCycle().start(ORDERS);
    clock.advanceUntilIdle();
    assertThat(start.failure()).isPresent();
    assertThat(orders.state()).isEqualTo(InstanceState.FAILED);
    server(reader).start();
    ended(cloud.lifeCycle().reboot(ORDERS));
    assertThat(orders.source()).containsSame(reader);
    run(admin(reader, "shop"), "INSERT INTO t VALUES (2)");
    server(orders).catchUp(LIMIT);
    assertThat(sum(orders)).isEqualTo("3");
  }

  @Test
  void takesNoPlaceOfASourceThatRunsAgainMeanwhile() throws Exception {
    SimulatedInstance orders = primary(Map.of());
    SimulatedInstance reader = replica(READER, ORDERS);
    server(orders).kill();
    SimulatedOperation takeover = cloud.replicas().takeOver(READER, PLAIN);
    server(orders).start();
    clock.advanceUntilIdle();
    assertThat(takeover.failure()).get().matches(e -> e.reason() == Reason.WRONG_STATE);
    assertThat(reader.source()).containsSame(orders);
    assertThat(reader.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(server(reader).isReplica()).isTrue();
  }

  @Test
  void takesOverOnceWhenItsSourceIsDeletedWhileItIsPromoted() throws Exception {
    SimulatedInstance orders = primary(Map.of());
    SimulatedInstance reader = replica(READER, ORDERS);
    SimulatedOperation deletion = cloud.lifeCycle().delete(ORDERS, heir -> true);
    SimulatedOperation promotion = cloud.replicas().promote(READER, PLAIN);
    ended(promotion);
    assertThat(deletion.failure()).isEmpty();
    assertThat(cloud.find(ORDERS)).isEmpty();
    assertThat(orders.state()).isEqualTo(InstanceState.DELETING);
    assertThat(reader.source()).isEmpty();
    run(admin(reader, "shop"), "INSERT INTO t VALUES (2)");
  }

  /** As RDS does; with the other clouds' replicas a source that needs more does not start. */
  @Test
  void isRestartedWhenItsSourceNeedsMore() throws Exception {
    SimulatedInstance orders = primary(Map.of());
    Map<String, String> less = Map.of("max_connections", "50");
    ended(cloud.replicas().create(ReplicaRequest.of(READER, ORDERS).parameters(less).build()));
    SimulatedInstance reader = cloud.get(READER);
    SimulatedInstance far = replica(FAR, READER);
    assertThat(ask(admin(reader, "shop"), "SHOW max_connections")).isEqualTo("100");
    ended(
        cloud
            .lifeCycle()
            .modify(
                ORDERS,
                Modification.builder().parameters(Map.of("max_connections", "120")).build()));
    ended(cloud.lifeCycle().reboot(ORDERS));
    assertThat(ask(admin(reader, "shop"), "SHOW max_connections")).isEqualTo("120");
    assertThat(ask(admin(far, "shop"), "SHOW max_connections")).isEqualTo("120");
    run(admin(orders, "shop"), "INSERT INTO t VALUES (2)");
    server(reader).catchUp(LIMIT);
    server(far).catchUp(LIMIT);
    assertThat(sum(far)).isEqualTo("3");
    // Its own hold again when it is an instance of its own.
    ended(cloud.replicas().promote(READER, Promotion.builder().restart().build()));
    assertThat(ask(admin(reader, "shop"), "SHOW max_connections")).isEqualTo("50");
  }
}
