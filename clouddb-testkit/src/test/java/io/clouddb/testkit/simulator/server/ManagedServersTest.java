/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import static io.clouddb.testkit.simulator.server.Databases.PASSWORD;
import static io.clouddb.testkit.simulator.server.Databases.admin;
import static io.clouddb.testkit.simulator.server.Databases.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.OperationFailure;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.ScaledClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.SimulatorException.Reason;
import io.clouddb.testkit.simulator.engine.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManagedServersTest {
  private static final ResourceKey ORDERS = new ResourceKey("account/region", "orders");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final ManualClock clock = SimulatedClock.manual(START);
  private final ManagedServers cloud =
      ManagedServers.builder(CloudProfile.RDS, new CloudEngine(clock)).instancesPerScope(2).build();

  @AfterEach
  void close() {
    cloud.close();
  }

  private static InstanceRequest.Builder request(ResourceKey key) {
    return InstanceRequest.of(key, 16, "app_admin", PASSWORD).database("shop");
  }

  private SimulatedInstance available(ResourceKey key) {
    SimulatedOperation operation = cloud.lifeCycle().create(request(key).build());
    clock.advanceUntilIdle();
    assertThat(operation.failure()).isEmpty();
    return cloud.get(key);
  }

  private static void refused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SimulatorException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void givesARealDatabaseAfterASimulatedTime() throws Exception {
    SimulatedOperation operation =
        cloud.lifeCycle().create(request(ORDERS).attribute("class", "db.m7g.large").build());
    SimulatedInstance instance = cloud.get(ORDERS);
    assertThat(instance.state()).isEqualTo(InstanceState.CREATING);
    assertThat(instance.attribute("class", String.class)).contains("db.m7g.large");
    assertThat(instance.created()).isEqualTo(START);
    assertThat(instance.port()).isEmpty();
    clock.advance(Timings.USUAL.create().minusSeconds(1));
    assertThat(instance.state()).isEqualTo(InstanceState.CREATING);
    assertThat(operation.isRunning()).isTrue();
    refused(Reason.WRONG_STATE, () -> cloud.lifeCycle().delete(ORDERS));
    clock.advance(Duration.ofSeconds(1));
    assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(operation.isRunning()).isFalse();
    assertThat(operation.ended()).contains(START.plus(Timings.USUAL.create()));
    assertThat(cloud.engine().operations().get(operation.id())).isSameAs(operation);
    assertThat(ask(admin(instance, "shop"), "SELECT current_database()")).isEqualTo("shop");
    assertThat(instance.databases()).containsExactly("postgres", "shop");
  }

  @Test
  void takesABackupAfterTheCreationWhereTheCloudDoes() {
    try (ManagedServers backing =
        ManagedServers.builder(CloudProfile.RDS, new CloudEngine(clock))
            .timings(Timings.USUAL.withFirstBackup(Duration.ofMinutes(10)))
            .build()) {
      SimulatedOperation operation = backing.lifeCycle().create(request(ORDERS).build());
      clock.advance(Timings.USUAL.create());
      assertThat(backing.get(ORDERS).state()).isEqualTo(InstanceState.BACKING_UP);
      assertThat(backing.get(ORDERS).port()).isPresent();
      refused(Reason.WRONG_STATE, () -> backing.lifeCycle().reboot(ORDERS));
      clock.advance(Duration.ofMinutes(10));
      assertThat(backing.get(ORDERS).state()).isEqualTo(InstanceState.AVAILABLE);
      assertThat(operation.ended()).contains(clock.instant());
    }
  }

  @Test
  void stopsAndStartsTheDatabaseWithItsData() throws Exception {
    SimulatedInstance instance = available(ORDERS);
    Databases.run(admin(instance, "shop"), "CREATE TABLE t AS SELECT 42 AS answer");
    int port = instance.port().orElseThrow();
    cloud.lifeCycle().stop(ORDERS);
    assertThat(instance.state()).isEqualTo(InstanceState.STOPPING);
    assertThat(ask(admin(instance, "shop"), "SELECT answer FROM t")).isEqualTo("42");
    clock.advanceUntilIdle();
    assertThat(instance.state()).isEqualTo(InstanceState.STOPPED);
    assertThat(instance.server().orElseThrow().isRunning()).isFalse();
    refused(Reason.WRONG_STATE, () -> cloud.lifeCycle().reboot(ORDERS));
    refused(Reason.WRONG_STATE, () -> instance.createDatabase("other"));
    cloud.lifeCycle().start(ORDERS);
    assertThat(instance.state()).isEqualTo(InstanceState.STARTING);
    clock.advanceUntilIdle();
    assertThat(instance.port()).hasValue(port);
    assertThat(ask(admin(instance, "shop"), "SELECT answer FROM t")).isEqualTo("42");
  }

  @Test
  void freesTheNameAndTheProcessWhenItDeletes() {
    SimulatedInstance instance = available(ORDERS);
    EmbeddedPostgres server = instance.server().orElseThrow();
    SimulatedOperation deletion = cloud.lifeCycle().delete(ORDERS);
    assertThat(instance.state()).isEqualTo(InstanceState.DELETING);
    assertThat(server.isRunning()).isTrue();
    clock.advanceUntilIdle();
    assertThat(deletion.failure()).isEmpty();
    assertThat(server.isRunning()).isFalse();
    assertThat(server.directory()).doesNotExist();
    assertThat(cloud.find(ORDERS)).isEmpty();
    refused(Reason.NOT_FOUND, () -> cloud.get(ORDERS));
    assertThat(available(ORDERS).uid()).isNotEqualTo(instance.uid());
    assertThat(cloud.engine().operations().list("account/region"))
        .extracting(SimulatedOperation::verb)
        .containsExactly(Verb.CREATE, Verb.DELETE, Verb.CREATE);
  }

  @Test
  void refusesWhatIsTakenOrTooMuch() {
    cloud.lifeCycle().create(request(ORDERS).build());
    refused(Reason.ALREADY_EXISTS, () -> cloud.lifeCycle().create(request(ORDERS).build()));
    ResourceKey second = new ResourceKey("account/region", "second");
    cloud.lifeCycle().create(request(second).build());
    ResourceKey third = new ResourceKey("account/region", "third");
    refused(Reason.QUOTA, () -> cloud.lifeCycle().create(request(third).build()));
    cloud.lifeCycle().create(request(new ResourceKey("account/elsewhere", "third")).build());
    assertThat(cloud.list("account/region"))
        .extracting(instance -> instance.key().name())
        .containsExactly("orders", "second");
  }

  @Test
  void turnsLogicalReplicationOnByTheCloudsParameterAndAReboot() throws Exception {
    SimulatedInstance instance = available(ORDERS);
    String slot = "SELECT pg_create_logical_replication_slot('s', 'pgoutput')";
    assertThatThrownBy(() -> ask(admin(instance, "shop"), slot)).hasMessageContaining("wal_level");
    SimulatedOperation change =
        cloud
            .lifeCycle()
            .modify(
                ORDERS,
                Modification.builder()
                    .parameters(Map.of("rds.logical_replication", "1", "work_mem", "7168"))
                    .build());
    assertThat(instance.state()).isEqualTo(InstanceState.MODIFYING);
    assertThat(ask(admin(instance, "shop"), "SHOW work_mem")).isEqualTo("4MB");
    clock.advanceUntilIdle();
    assertThat(change.failure()).isEmpty();
    assertThat(instance.parameters()).containsEntry("rds.logical_replication", "1");
    assertThat(ask(admin(instance, "shop"), "SHOW work_mem")).isEqualTo("7MB");
    assertThat(ask(admin(instance, "shop"), "SHOW wal_level")).isEqualTo("replica");
    assertThat(instance.pendingReboot()).containsExactly("wal_level");
    cloud.lifeCycle().reboot(ORDERS);
    clock.advanceUntilIdle();
    assertThat(instance.pendingReboot()).isEmpty();
    assertThat(ask(admin(instance, "shop"), "SHOW wal_level")).isEqualTo("logical");
    assertThat(ask(admin(instance, "shop"), "SHOW rds.logical_replication")).isEqualTo("1");
    assertThat(ask(admin(instance, "shop"), slot)).contains("s,");
  }

  @Test
  void refusesParametersByAskingARealServer() {
    assertThatThrownBy(
            () ->
                cloud
                    .lifeCycle()
                    .create(
                        request(ORDERS)
                            .parameters(
                                Map.of(
                                    "no_such_thing", "1",
                                    "work_mem", "a lot",
                                    "wal_level", "logical",
                                    "fsync", "off",
                                    "rds.logical_replication", "yes"))
                            .build()))
        .isInstanceOfSatisfying(
            SimulatorException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_PARAMETER))
        .hasMessageContaining("no_such_thing does not exist")
        .hasMessageContaining("invalid value for parameter \"work_mem\"")
        .hasMessageContaining("set rds.logical_replication")
        .hasMessageContaining("fsync does not exist or cannot be modified")
        .hasMessageContaining("rds.logical_replication is 0 or 1");
    assertThat(cloud.find(ORDERS)).isEmpty();
    Map<String, ParameterDescription> known =
        cloud.checkParameters(
            16, Map.of("max_connections", "50", "work_mem", "8MB", "rds.force_ssl", "0"));
    assertThat(known)
        .hasEntrySatisfying(
            "max_connections",
            d -> {
              assertThat(d.restartNeeded()).isTrue();
              assertThat(d.minimum()).contains("1");
            })
        .hasEntrySatisfying("work_mem", d -> assertThat(d.restartNeeded()).isFalse())
        .hasEntrySatisfying("rds.force_ssl", d -> assertThat(d.restartNeeded()).isFalse());
  }

  @Test
  void givesAParameterItsDefaultBack() throws Exception {
    cloud.lifeCycle().create(request(ORDERS).parameters(Map.of("work_mem", "8MB")).build());
    clock.advanceUntilIdle();
    SimulatedInstance instance = cloud.get(ORDERS);
    assertThat(ask(admin(instance, "shop"), "SHOW work_mem")).isEqualTo("8MB");
    cloud
        .lifeCycle()
        .modify(ORDERS, Modification.builder().resetParameters(Set.of("work_mem")).build());
    clock.advanceUntilIdle();
    assertThat(ask(admin(instance, "shop"), "SHOW work_mem")).isEqualTo("4MB");
    assertThat(instance.parameters()).isEmpty();
  }

  @Test
  void changesTheAdminsPasswordWithoutLoggingIt() throws Exception {
    SimulatedInstance instance = available(ORDERS);
    SecretRef changed = SecretRef.literal("another_secret");
    cloud
        .lifeCycle()
        .modify(
            ORDERS,
            Modification.builder().adminPassword(changed).attribute("class", "big").build());
    assertThat(instance.attribute("class", String.class)).isEmpty();
    clock.advanceUntilIdle();
    assertThat(instance.attribute("class", String.class)).contains("big");
    assertThatThrownBy(() -> ask(admin(instance, "shop"), "SELECT 1"))
        .hasMessageContaining("password authentication failed");
    EmbeddedPostgres server = instance.server().orElseThrow();
    assertThat(ask(server.connection("shop", "app_admin", changed), "SELECT 1")).isEqualTo("1");
    refused(Reason.BACKEND, () -> instance.setPassword("nobody_here", changed));
    assertThat(server.log()).content().doesNotContain("another_secret").doesNotContain("it's");
  }

  /** As a test asks of one request, and not of those after it. */
  @Test
  void anOperationThatIsToFailChangesNothing() {
    SimulatedInstance instance = available(ORDERS);
    Call doomed =
        Call.of("ModifyDBInstance", Verb.MODIFY, Call.INSTANCE, "orders")
            .failing(new OperationFailure(null, "no room"));
    SimulatedOperation change =
        cloud
            .lifeCycle(doomed)
            .modify(ORDERS, Modification.builder().attribute("class", "big").build());
    assertThat(instance.state()).isEqualTo(InstanceState.MODIFYING);
    clock.advanceUntilIdle();
    assertThat(change.failure()).hasValueSatisfying(e -> assertThat(e).hasMessage("no room"));
    assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(instance.attribute("class", String.class)).isEmpty();
    ResourceKey second = new ResourceKey("account/region", "second");
    SimulatedOperation creation = cloud.lifeCycle(doomed).create(request(second).build());
    clock.advanceUntilIdle();
    assertThat(creation.failure()).isPresent();
    assertThat(cloud.get(second).state()).isEqualTo(InstanceState.FAILED);
  }

  @Test
  void failsWhenTheDatabaseDoesNotStartAndRecovers() throws Exception {
    cloud.engine().faults().failStarts(1);
    SimulatedOperation creation = cloud.lifeCycle().create(request(ORDERS).build());
    clock.advanceUntilIdle();
    assertThat(creation.failure())
        .hasValueSatisfying(e -> assertThat(e.reason()).isEqualTo(Reason.START_FAILED));
    assertThat(cloud.get(ORDERS).state()).isEqualTo(InstanceState.FAILED);
    assertThat(cloud.get(ORDERS).failure()).isPresent();
    cloud.lifeCycle().delete(ORDERS);
    clock.advanceUntilIdle();

    SimulatedInstance instance = available(ORDERS);
    cloud
        .lifeCycle()
        .modify(
            ORDERS,
            Modification.builder()
                .parameters(
                    Map.of(
                        "ssl_min_protocol_version",
                        "TLSv1.3",
                        "ssl_max_protocol_version",
                        "TLSv1.2"))
                .build());
    clock.advanceUntilIdle();
    SimulatedOperation reboot = cloud.lifeCycle().reboot(ORDERS);
    clock.advanceUntilIdle();
    assertThat(reboot.failure().orElseThrow().sentence()).contains("SSL protocol version");
    assertThat(instance.state()).isEqualTo(InstanceState.FAILED);
    cloud
        .lifeCycle()
        .modify(
            ORDERS,
            Modification.builder()
                .parameters(
                    Map.of(
                        "shared_preload_libraries",
                        "pg_stat_statements",
                        "ssl_max_protocol_version",
                        "TLSv1.3"))
                .build());
    clock.advanceUntilIdle();
    cloud.lifeCycle().reboot(ORDERS);
    clock.advanceUntilIdle();
    assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(instance.failure()).isEmpty();
    assertThat(ask(admin(instance, "shop"), "SHOW shared_preload_libraries"))
        .isEqualTo("pg_stat_statements");
    refused(
        Reason.INVALID_PARAMETER,
        () -> cloud.checkParameters(16, Map.of("shared_preload_libraries", "auto_explain,dblink")));
  }

  @Test
  void runsByItselfOnAScaledClock() throws Exception {
    try (ScaledClock fast = SimulatedClock.scaled(3000);
        ManagedServers running =
            ManagedServers.builder(CloudProfile.CLOUD_SQL, new CloudEngine(fast)).build()) {
      Instant before = fast.instant();
      SimulatedOperation operation = running.lifeCycle().create(request(ORDERS).build());
      operation.completion().get(60, TimeUnit.SECONDS);
      assertThat(operation.failure()).isEmpty();
      assertThat(operation.ended().orElseThrow())
          .isAfterOrEqualTo(before.plus(Timings.USUAL.create()));
      SimulatedInstance instance = running.get(ORDERS);
      assertThat(ask(admin(instance, "shop"), "SELECT 1")).isEqualTo("1");
      SimulatedOperation change =
          running
              .lifeCycle()
              .modify(
                  ORDERS,
                  Modification.builder()
                      .parameters(Map.of("cloudsql.logical_decoding", "on"))
                      .restartIfNeeded()
                      .build());
      change.completion().get(60, TimeUnit.SECONDS);
      assertThat(change.failure()).isEmpty();
      assertThat(ask(admin(instance, "shop"), "SHOW wal_level")).isEqualTo("logical");
    }
  }

  @Test
  void leavesNothingBehindWhenItIsClosed() {
    SimulatedInstance instance = available(ORDERS);
    ResourceKey second = new ResourceKey("account/region", "second");
    SimulatedOperation neverDone = cloud.lifeCycle().create(request(second).build());
    EmbeddedPostgres server = instance.server().orElseThrow();
    Thread.currentThread().interrupt();
    cloud.close();
    assertThat(Thread.interrupted()).isTrue();
    cloud.close();
    assertThat(server.isRunning()).isFalse();
    assertThat(server.directory()).doesNotExist();
    clock.advanceUntilIdle();
    assertThat(neverDone.isRunning()).isTrue();
    assertThatThrownBy(() -> cloud.lifeCycle().create(request(second).build()))
        .isInstanceOf(IllegalStateException.class);
  }
}
